/** One step of a job, from its inputs to its outputs. */
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import { findTarget } from '../target.js';
import { baseOfEvent, baseOfRef } from './base.js';
import { trustCheckout } from './environment.js';
import { type GithubEvent, readEvent } from './event.js';
import { type Inputs, readInputs } from './inputs.js';
import { restore, save } from './kept-cache.js';
import { say } from './log.js';
import { type Outcome, readOutcome, whyFailed } from './outcome.js';
import { publish } from './publish.js';
import { branchToPush, pushFixes } from './push-fixes.js';
import { findQuality } from './quality-command.js';
import type { Checkout } from './remote.js';
import { type QualityRun, patchOf, runQuality } from './run-quality.js';
import { readRunner } from './runner.js';

/** Why the step fails, or null; failures are what kept it from looking at anything. */
export async function act(signal: AbortSignal): Promise<Result<string | null, readonly Failure[]>> {
  const prepared = await prepare(signal);
  if (!prepared.ok) return prepared;
  const { run, checkout, event, branch } = prepared.value;
  const { inputs, command } = run;
  const { root } = checkout;
  const cache = inputs.cache ? await restore({ root, version: command.version, commit: event.commit }) : null;
  const end = await runQuality(run);
  const outcome = await readOutcome(end);
  const { report } = outcome;
  if (run.writes && report !== null && report.changes.length > 0) await patchOf(run, report.run, end.patch);
  const notPushed = branch === null ? null : await push(checkout, { outcome, branch, message: inputs.commitMessage });
  const why = notPushed ?? whyFailed(outcome, inputs.failOn);
  await publish({ inputs, event, outcome, end, why });
  if (cache !== null) await save(cache);
  return success(why);
}

interface Prepared {
  readonly run: QualityRun;
  readonly checkout: Checkout;
  readonly event: GithubEvent;
  /** That fixes are pushed to. */
  readonly branch: string | null;
}

async function prepare(signal: AbortSignal): Promise<Result<Prepared, readonly Failure[]>> {
  const runner = readRunner(process.env);
  if (!runner.ok) return failed([runner.failure]);
  const { workspace } = runner.value;
  const read = readInputs(workspace);
  if (!read.ok) return failed(read.failure.map((message) => ({ kind: 'usage', message, next: SEE_INPUTS })));
  const inputs = read.value;
  trustCheckout(workspace, inputs.workingDirectory);
  const event = await readEvent(process.env);
  const target = await findTarget(inputs.workingDirectory);
  if (!target.ok) return failed([target.failure]);
  const checkout = { root: target.value.root, token: inputs.token };
  const base = await baseFor(checkout, inputs, event);
  if (!base.ok) return failed([base.failure]);
  const branch = inputs.fix === 'commit' ? await branchToPush(checkout, event) : success(null);
  if (!branch.ok) return failed([branch.failure]);
  if (inputs.fix === 'commit' && branch.value === null)
    say('This run has no right to push: the fixes stay a patch, and what they would change counts as not done');
  const command = await findQuality(runner.value, inputs.workingDirectory);
  if (!command.ok) return failed([command.failure]);
  const writes = inputs.fix === 'write' || branch.value !== null;
  const run = { runner: runner.value, inputs, command: command.value, base: base.value, writes, signal };
  return success({ run, checkout, event, branch: branch.value });
}

const SEE_INPUTS = 'docs/action.md has all inputs.';

async function baseFor(checkout: Checkout, inputs: Inputs, event: GithubEvent): Promise<Result<string | null>> {
  const { since, newOnly } = inputs;
  if (since !== null && since !== 'base') return baseOfRef(checkout, since);
  if (since === null && !newOnly) return success(null);
  const base = await baseOfEvent(checkout, event);
  if (base.ok && base.value === null) say(`There is nothing to compare with in ${event.name}: all files are looked at`);
  return base;
}

interface Push {
  readonly outcome: Outcome;
  readonly branch: string;
  readonly message: string;
}

/** Why fixes are not on the branch; null when they are, or when there are none. */
async function push(checkout: Checkout, { outcome: { report }, branch, message }: Push): Promise<string | null> {
  const paths = report?.changes.map(({ path }) => path) ?? [];
  if (paths.length === 0) return null;
  const pushed = await pushFixes(checkout, { branch, paths, message });
  if (pushed.ok) {
    say(`Pushed to ${branch}: ${paths.length} changed`);
    return null;
  }
  say(`${pushed.failure.message} ${pushed.failure.detail ?? ''}`);
  return `the fixes could not be pushed to ${branch}; the patch has them`;
}
