/** What stands around a run that writes: the mark, the snapshot, the integrity check, the pruning. */
import type { EventLog } from './runs/event-log.js';
import { listRuns, removeRun } from './runs/run-folder.js';
import { restoreCommands } from './git/restore-commands.js';
import { type Snapshot, takeSnapshot } from './git/snapshot.js';
import { haveSnapshots, pruneSnapshots } from './git/snapshot-list.js';
import type { EditRecord } from './model/edit.js';
import type { Failure } from './model/failure.js';
import type { Prepared } from './open.js';
import { integrityCheck } from './safety/integrity.js';
import { findUnfinished } from './safety/recover.js';
import { markRun, unmarkRun } from './safety/run-mark.js';
import { isDiskFull } from './safety/trouble.js';
import { undoRun } from './safety/undo.js';

export interface Safeguard {
  /** Marks the run as unproven and takes the snapshot; called before each write, does its work once. False: write nothing. */
  readonly beforeFirstWrite: () => Promise<boolean>;
  /** What else changed in the target while the run went on, in words; nothing was written: nothing to look at. */
  readonly checkIntegrity: (records: readonly EditRecord[]) => Promise<readonly string[]>;
}

interface Going {
  readonly id: string;
  readonly folder: string;
  readonly log: EventLog;
}

export function createSafeguard(prepared: Prepared, going: Going): Safeguard {
  const state: { ready: Promise<boolean> | null; snapshot: Snapshot | null } = { ready: null, snapshot: null };
  const begin = async (): Promise<boolean> => {
    try {
      await markRun(going.folder);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      const failure: Failure = { kind: 'disk-full', message: 'The disk is full; nothing was written' };
      going.log.emit({ type: 'failure', step: null, failure });
      return false;
    }
    if (!prepared.plan.precautions.some((precaution) => precaution.name === 'snapshot')) return true;
    state.snapshot = await snapshotBefore(prepared, going);
    return state.snapshot !== null;
  };
  return {
    beforeFirstWrite: () => (state.ready ??= begin()),
    checkIntegrity: (records) =>
      state.snapshot === null ? Promise.resolve([]) : differencesOf(prepared, state.snapshot, records),
  };
}

async function snapshotBefore({ root, repository }: Prepared, { id, log }: Going): Promise<Snapshot | null> {
  const snapshot = await takeSnapshot({ root, repository, runId: id, number: 1, message: `quality: before run ${id}` });
  if (!snapshot.ok) {
    log.emit({ type: 'failure', step: null, failure: snapshot.failure });
    return null;
  }
  const { ref, commit } = snapshot.value;
  log.emit({ type: 'snapshot-taken', ref, commit, restore: restoreCommands(snapshot.value) });
  return snapshot.value;
}

/** Every difference between the snapshot and now is an edit of this run, or it is someone else's and said to be. */
async function differencesOf(
  { root, repository }: Prepared,
  snapshot: Snapshot,
  records: readonly EditRecord[],
): Promise<readonly string[]> {
  const integrity = await integrityCheck({ root, repository, baseline: snapshot, records });
  if (!integrity.ok) return [`Integrity could not be checked: ${integrity.failure.message}`];
  const others = integrity.value.differences.filter((one) => one.by !== 'edit');
  return others.map(({ path, by }) =>
    by === 'user'
      ? `${path} was changed by someone else during the run`
      : `${path} was changed by someone else after this run had edited it`,
  );
}

/**
 * Keeps the newest runs and their snapshots, as the config says; never takes away what a failed run may need. Begins at once;
 * what it returns goes on with git, where there is something for it to do.
 */
export async function pruneOldRuns(prepared: Prepared): Promise<() => Promise<void>> {
  const { root, config } = prepared;
  const runs = listRuns(root);
  if (runs.length <= config.keepRuns) return () => Promise.resolve();
  const needed = new Set((await findUnfinished(root)).map((run) => run.run));
  const others = runs.filter((run) => !needed.has(run));
  const old = others.slice(0, Math.max(0, others.length - config.keepRuns));
  for (const run of old) await removeRun(root, run);
  return async () => {
    // Most runs write nothing, and have none: git need not be asked.
    if (old.length > 0 && (await haveSnapshots(prepared, old)))
      await pruneSnapshots(prepared, { keepRuns: config.keepRuns, protectedRuns: [...needed] });
  };
}

/** What cannot be taken back here is by the next command: the run stays marked. */
export async function takeBackUnproven(root: string, folder: string): Promise<readonly Failure[]> {
  try {
    const { failures } = await undoRun({ root, runDir: folder });
    if (failures.length === 0) await unmarkRun(folder);
    return failures;
  } catch (error) {
    return [{ kind: 'restore-failed', message: `Not all could be brought back yet: ${String(error)}` }];
  }
}
