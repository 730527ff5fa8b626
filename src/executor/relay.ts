/**
 * A chain whose links are at work side by side: each link is a job of its own, so that each tool is loaded in a worker of
 * its own while the other one is, and formats one batch while the other lints the next. What comes out is what the chain
 * would have made of each file in one worker (jobs/run-job.ts).
 */
import { hashBytes } from '../host/hash.js';
import { joinOutcomes } from '../jobs/failed.js';
import { runsInMain } from '../jobs/uses.js';
import type { Failure } from '../model/failure.js';
import type { FileOutcome, JobFile, JobOutcome } from '../model/job.js';
import type { PlannedTask } from '../model/plan.js';

/** Its links can be jobs of their own. With a trigger, the links take turns until nothing changes: that stays in one place. */
export function isSeverable({ action, links, trigger, grain }: PlannedTask): boolean {
  const inWorkers = links.every((link) => link.length > 0 && !runsInMain({ links: [link] }));
  return action === 'transform' && grain === 'file' && trigger === undefined && links.length > 1 && inWorkers;
}

/** `most`: jobs that may run at once. */
export function isRelayed(task: PlannedTask, most: number): boolean {
  return most > 1 && isSeverable(task);
}

export interface Relay {
  /** The link at this place of the chain, on files as those before it left them. */
  readonly runLink: (link: number, files: readonly JobFile[]) => Promise<JobOutcome>;
  /** The whole chain, for files that somebody changed while they were on their way. */
  readonly runWhole: (files: readonly JobFile[]) => Promise<JobOutcome>;
}

/** One file on its way through the chain. */
interface Runner {
  readonly file: JobFile;
  now: JobFile;
  /** Of what the first link read. */
  hash: string;
  tools: readonly string[];
  ignoredBy: number;
  isStandIn: boolean;
  isOutdated: boolean;
  failed: FileOutcome | null;
}

export async function relay(
  links: number,
  files: readonly JobFile[],
  { runLink, runWhole }: Relay,
): Promise<JobOutcome> {
  const runners = files.map(startOf);
  const outcomes: JobOutcome[] = [];
  for (let link = 0; link < links; link++) {
    const going = runners.filter((runner) => runner.failed === null && !runner.isOutdated);
    if (going.length === 0) break;
    const outcome = await runLink(
      link,
      going.map(({ now }) => now),
    );
    outcomes.push({ ...outcome, files: [] });
    const told = new Map(outcome.files.map((one) => [one.path, one]));
    for (const runner of going) take(runner, told.get(runner.file.path), { link, failure: outcome.failure });
  }
  const outdated = runners.filter(({ isOutdated }) => isOutdated).map(({ file }) => file);
  if (outdated.length > 0) outcomes.push(await runWhole(outdated));
  const done = runners.filter(({ isOutdated }) => !isOutdated).map((runner) => outcomeOf(runner, links));
  return joinOutcomes([...outcomes, { files: done, diagnostics: [] }]);
}

function startOf(file: JobFile): Runner {
  return {
    file,
    now: file,
    hash: file.hash,
    tools: [],
    ignoredBy: 0,
    isStandIn: false,
    isOutdated: false,
    failed: null,
  };
}

interface Leg {
  readonly link: number;
  /** Of the job as a whole. */
  readonly failure: Failure | undefined;
}

function take(runner: Runner, told: FileOutcome | undefined, { link, failure }: Leg): void {
  if (told === undefined) {
    if (failure === undefined) throw new Error(`No answer for ${runner.file.path}`);
    // An edit passes the whole chain or does not land; a file that is as it was may go on to the links after this one.
    if (isChanged(runner)) runner.failed = failedBy(runner, failure);
    return;
  }
  if (told.status === 'failed') runner.failed = { ...told, hash: runner.hash };
  else if (link === 0) runner.hash = told.hash;
  else if (told.hash !== runner.now.hash) runner.isOutdated = true;
  if (told.status === 'ignored') runner.ignoredBy += 1;
  runner.isStandIn ||= told.isStandIn === true;
  const { after } = told;
  if (after !== undefined) {
    runner.now = { ...runner.file, hash: hashBytes(after), content: after };
    runner.tools = [...new Set([...runner.tools, ...(told.tools ?? [])])];
  } else if (link === 0) runner.now = { ...runner.file, hash: told.hash };
}

function isChanged({ now, hash }: Runner): boolean {
  return now.hash !== hash;
}

function failedBy({ file, hash }: Runner, failure: Failure): FileOutcome {
  return { path: file.path, hash, status: 'failed', diagnostics: [], failure };
}

function outcomeOf(runner: Runner, links: number): FileOutcome {
  const { file, hash, now, tools, ignoredBy, isStandIn, failed } = runner;
  if (failed !== null) return failed;
  const after = isChanged(runner) ? now.content : undefined;
  return {
    path: file.path,
    hash,
    status: ignoredBy === links && after === undefined ? 'ignored' : 'done',
    ...(after === undefined ? {} : { after, tools }),
    ...(isStandIn ? { isStandIn: true } : {}),
    diagnostics: [],
  };
}
