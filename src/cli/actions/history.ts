import { changesOf, findRun, pastRuns, patchOfRun, wroteSomething } from '../../history.js';
import { type Target, findTarget } from '../../open.js';
import { rollback } from '../../quality.js';
import { count, showPath } from '../../reporters/text.js';
import type { Failure } from '../../model/failure.js';
import { refuse } from '../terminal.js';

export const showRunDiff = (id: string | undefined): Promise<void> => withTarget(({ root }) => showDiff(root, id));
export const rollBackRun = (id: string | undefined): Promise<void> => withTarget((target) => rollBack(target, id));
export const listRunsHere = (): Promise<void> => withTarget(({ root }) => listRunLines(root));

export async function withTarget(work: (target: Target) => Promise<readonly Failure[]>): Promise<void> {
  const target = await findTarget(process.cwd());
  const failures = target.ok ? await work(target.value) : [target.failure];
  if (failures.length > 0) refuse(failures);
}

async function showDiff(root: string, id: string | undefined): Promise<readonly Failure[]> {
  const past = await findRun(root, id, (run) => changesOf(run).length > 0);
  if (!past.ok) return [past.failure];
  process.stdout.write(await patchOfRun(past.value));
  return [];
}

async function rollBack(target: Target, id: string | undefined): Promise<readonly Failure[]> {
  const past = await findRun(target.root, id, wroteSomething);
  if (!past.ok) return [past.failure];
  const result = await rollback(target, past.value, {
    onNotice: (message) => void process.stderr.write(`${message}\n`),
  });
  if (!result.ok) return result.failure;
  const { restored, leftAlone, failures } = result.value;
  process.stdout.write(
    `${count(restored.length, 'file')} brought back to what ${restored.length === 1 ? 'it was' : 'they were'} before run ${past.value.id}\n`,
  );
  for (const path of leftAlone)
    process.stdout.write(`  left alone, changed since by someone else: ${showPath(path)}\n`);
  if (leftAlone.length > 0) process.exitCode = 1;
  return failures;
}

async function listRunLines(root: string): Promise<readonly Failure[]> {
  for (const { id, state } of await pastRuns(root)) {
    const status = state.end?.status ?? 'unfinished';
    const changes = changesOf({ id, folder: '', state }).length;
    process.stdout.write(
      `${id}  ${state.workflow.padEnd(14)} ${state.mode.padEnd(8)} ${status.padEnd(11)} ${count(changes, 'change')}\n`,
    );
  }
  return [];
}
