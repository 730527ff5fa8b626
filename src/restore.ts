/** The whole of the snapshot from before a run, brought back; and gone on with, where that was cut off. */
import { holdBefore, restoreSnapshot } from './git/restore.js';
import type { Snapshot } from './git/snapshot.js';
import { listSnapshots } from './git/snapshot-list.js';
import { type PastRun, type RolledBack, changesOf, findRun, noteRolledBack } from './history.js';
import { type Result, failed, success } from './model/result.js';
import { readBlob } from './safety/blobs.js';
import { dropUnfinished } from './safety/recover.js';
import { type RestoreMark, markRestore, unmarkRun } from './safety/run-mark.js';
import type { Target } from './target.js';

/** Brings back the whole of the first snapshot of a run; files that the run made go, where nobody has changed them since. */
export async function restoreSnapshotOf(target: Target, past: PastRun): Promise<Result<RolledBack>> {
  const snapshot = await snapshotOf(target, past.id, null);
  if (!snapshot.ok) return snapshot;
  const before = await holdBefore(target, snapshot.value);
  if (!before.ok) return before;
  await markRestore(past.folder, { snapshot: snapshot.value.number, before: before.value.number });
  return carryOut(target, past, { snapshot: snapshot.value, before: before.value });
}

/** What was changed since the restore was cut off is left alone. */
export async function resumeRestore(target: Target, run: string, mark: RestoreMark): Promise<Result<RolledBack>> {
  const past = await findRun(target.root, run);
  if (!past.ok) return past;
  const both = await bothOf(target, run, mark);
  if (both.ok) return carryOut(target, past.value, both.value);
  // Somebody has deleted one of them: to try again would be in vain.
  if (both.failure.kind === 'run-unknown') await unmarkRun(past.value.folder);
  return both;
}

async function bothOf(target: Target, run: string, mark: RestoreMark): Promise<Result<Both>> {
  const snapshot = await snapshotOf(target, run, mark.snapshot);
  if (!snapshot.ok) return snapshot;
  const before = await snapshotOf(target, run, mark.before);
  return before.ok ? success({ snapshot: snapshot.value, before: before.value }) : before;
}

/** The first one where no number is given. */
async function snapshotOf(target: Target, run: string, number: number | null): Promise<Result<Snapshot>> {
  const listed = await listSnapshots(target);
  if (!listed.ok) return listed;
  const snapshot = listed.value.find((one) => one.run === run && one.number === (number ?? one.number));
  if (snapshot !== undefined) return success(snapshot);
  return failed({ kind: 'run-unknown', message: `Run ${run} has no snapshot` });
}

interface Both {
  readonly snapshot: Snapshot;
  readonly before: Snapshot;
}

async function carryOut(target: Target, past: PastRun, { snapshot, before }: Both): Promise<Result<RolledBack>> {
  const made = changesOf(past).filter((edit) => edit.before === null && edit.after !== null);
  const prefix = target.repository?.prefix ?? '';
  const created = await Promise.all(
    made.map(async ({ path, after }) => ({
      path: prefix === '' ? path : `${prefix}/${path}`,
      bytes: await readBlob(past.folder, after ?? ''),
    })),
  );
  const result = await restoreSnapshot(snapshot, before, { index: true, created });
  if (!result.ok) return result;
  await dropUnfinished(past.folder);
  const { restored, removed, leftAlone, failures } = result.value;
  const rolledBack = { restored: [...restored, ...removed], leftAlone, failures };
  await noteRolledBack(past, 'snapshot', rolledBack);
  return success(rolledBack);
}
