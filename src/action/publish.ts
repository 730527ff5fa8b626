/** What others see of the step: annotations, summary, outputs and the comment. */
import { error, setOutput, summary } from '@actions/core';
import { exists } from '../host/disk.js';
import { readable } from '../reporters/characters.js';
import { annotate } from './annotations.js';
import { comment } from './comment.js';
import type { GithubEvent } from './event.js';
import { githubApi } from './github.js';
import type { Inputs } from './inputs.js';
import { say } from './log.js';
import type { Outcome } from './outcome.js';
import { type QualityEnd, written } from './run-quality.js';

export interface Published {
  readonly inputs: Inputs;
  readonly event: GithubEvent;
  readonly outcome: Outcome;
  readonly end: QualityEnd;
  /** Why the step fails; null when it does not. */
  readonly why: string | null;
}

export async function publish(published: Published): Promise<void> {
  const { outcome, end, why } = published;
  annotate(outcome.problems);
  if (outcome.report === null) error(readable(`${why ?? ''}\n${end.words}`).trim(), { title: 'quality' });
  await summarize(published);
  await putOut(published);
  if (published.inputs.comment) await tell(published);
}

/** A run that wrote no report has no words of its own. */
function wordsOf({ outcome: { markdown }, why }: Published): string {
  return markdown === '' ? `### ❌ quality: ${why ?? 'no report'}\n` : markdown;
}

async function summarize(published: Published): Promise<void> {
  if ((process.env.GITHUB_STEP_SUMMARY ?? '') === '') return;
  await summary.addRaw(wordsOf(published), true).write();
}

async function putOut({ outcome: { report, problems, exitCode }, end }: Published): Promise<void> {
  const reports = await written(end.reports);
  const known = report?.known.length ?? 0;
  const outputs: Readonly<Record<string, string>> = {
    status: report?.status ?? 'failed',
    'exit-code': exitCode === null ? '' : String(exitCode),
    findings: String(problems.length + known),
    'new-findings': String(problems.length),
    'changed-files': JSON.stringify(report?.changes.map(({ path }) => path) ?? []),
    'report-folder': end.folder,
    'report-paths': JSON.stringify(reports),
    sarif: reports.sarif ?? '',
    patch: (await exists(end.patch)) ? end.patch : '',
  };
  for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
}

async function tell(published: Published): Promise<void> {
  const { inputs, event, outcome, why } = published;
  const { pullRequest } = event;
  if (pullRequest === null || inputs.token === null) {
    say(`No comment: ${pullRequest === null ? `${event.name} is of no pull request` : 'there is no token'}`);
    return;
  }
  const { GITHUB_REPOSITORY = '', GITHUB_SERVER_URL = '', GITHUB_RUN_ID = '' } = process.env;
  const wanted = {
    repository: GITHUB_REPOSITORY,
    pullRequest,
    key: keyOf(inputs),
    markdown: wordsOf(published),
    url: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
    isNews: why !== null || outcome.problems.length > 0,
  };
  const commented = await comment(githubApi(inputs.token, process.env), wanted).catch((cause: unknown) =>
    String(cause),
  );
  say(typeof commented === 'string' ? `Comment on the pull request: ${commented}` : whyNot(commented.status));
}

function whyNot(status: number): string {
  return [401, 403, 404].includes(status)
    ? `No comment: the token has no right to write one (${status}), as in a run for a fork`
    : `No comment: GitHub answered ${status}`;
}

/** The same from run to run, another one for each job and folder. */
function keyOf({ workflow, workingDirectory }: Inputs): string {
  const { GITHUB_WORKFLOW, GITHUB_JOB, GITHUB_WORKSPACE = '' } = process.env;
  const folder = workingDirectory.replace(GITHUB_WORKSPACE, '');
  return JSON.stringify([GITHUB_WORKFLOW, GITHUB_JOB, folder, workflow]);
}
