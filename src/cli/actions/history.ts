import { type PastRun, changesOf, findRun, isRolledBack, pastRuns, patchOfRun } from '../../history.js';
import { type Target, findTarget } from '../../target.js';
import { recoverFirst } from '../../recovery.js';
import { restoreRun, rollback } from '../../rollback.js';
import { count, showPath } from '../../reporters/text.js';
import type { Failure } from '../../model/failure.js';
import { refuse } from '../terminal.js';

export const showRunDiff = (id: string | undefined): Promise<void> => withTarget(({ root }) => showDiff(root, id));
/** The whole snapshot brings back even what recovery could not: it sees to that by itself. */
export const rollBackRun = (id: string | undefined, flags: RollbackFlags): Promise<void> =>
  withTarget((target) => rollBack(target, id, flags), flags.snapshot !== true);
export const listRunsHere = (): Promise<void> => withTarget(({ root }) => listRunLines(root));

export interface RollbackFlags {
  /** Bring back the whole snapshot instead of the run's own changes. */
  readonly snapshot?: true;
}

const onNotice = (message: string): void => void process.stderr.write(`${message}\n`);

/** Work on the target around the current folder, unless told otherwise after taking back what a killed run has left there. */
export async function withTarget(
  work: (target: Target) => Promise<readonly Failure[]>,
  recovers = true,
): Promise<void> {
  const target = await findTarget(process.cwd());
  if (!target.ok) {
    refuse([target.failure]);
    return;
  }
  const what = ['quality', ...process.argv.slice(2)].join(' ');
  const recovery = recovers ? await recoverFirst(target.value, { mode: 'write', what, onNotice }) : [];
  const failures = recovery.length > 0 ? recovery : await work(target.value);
  if (failures.length > 0) refuse(failures);
}

async function showDiff(root: string, id: string | undefined): Promise<readonly Failure[]> {
  const past = await findRun(root, id, (run) => changesOf(run).length > 0);
  if (!past.ok) return [past.failure];
  process.stdout.write(await patchOfRun(past.value));
  return [];
}

async function rollBack(target: Target, id: string | undefined, flags: RollbackFlags): Promise<readonly Failure[]> {
  const result = await (flags.snapshot === true ? restoreRun : rollback)(target, { run: id, onNotice });
  if (!result.ok) return result.failure;
  const { run, restored, leftAlone, failures } = result.value;
  process.stdout.write(
    restored.length + leftAlone.length === 0
      ? `Nothing to bring back: run ${run} is rolled back already\n`
      : `${count(restored.length, 'file')} brought back to what ${restored.length === 1 ? 'it was' : 'they were'} before run ${run}\n`,
  );
  for (const path of leftAlone)
    process.stdout.write(`  left alone, changed since by someone else: ${showPath(path)}\n`);
  if (leftAlone.length > 0) process.exitCode = 1;
  return failures;
}

async function listRunLines(root: string): Promise<readonly Failure[]> {
  for (const past of await pastRuns(root)) {
    const { workflow, mode, end } = past.state;
    const status = end?.status ?? 'not ended';
    const undone = isRolledBack(past) ? ', rolled back' : '';
    process.stdout.write(
      `${past.id}  ${workflow.padEnd(14)} ${mode.padEnd(8)} ${status.padEnd(11)} ${changeWords(past)}${undone}\n`,
    );
  }
  return [];
}

function changeWords(past: PastRun): string {
  const { mode } = past.state;
  return `${count(changesOf(past).length, 'change')}${mode === 'write' ? '' : ' to make'}`;
}
