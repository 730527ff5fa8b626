/** What stands around every run: the lock, what an earlier run left undone, the snapshot, the integrity check, the pruning. */
import type { EventLog } from './runs/event-log.js';
import { removeRun, listRuns, prepareStateFolder } from './runs/run-folder.js';
import { restoreCommands } from './git/restore-commands.js';
import { type Snapshot, takeSnapshot } from './git/snapshot.js';
import { pruneSnapshots } from './git/snapshot-list.js';
import type { EditRecord } from './model/edit.js';
import type { Failure } from './model/failure.js';
import { type Result, failed } from './model/result.js';
import type { Prepared } from './open.js';
import type { RolledBack } from './history.js';
import { sweepTemporaryFolders } from './host/temporary-folder.js';
import { resumeRestore } from './restore.js';
import type { Target } from './target.js';
import { acquireLock, clearDeadLocks, lockFolder } from './safety/lock.js';
import { integrityCheck } from './safety/integrity.js';
import { type UnfinishedRun, findUnfinished, recoverRun } from './safety/recover.js';
import { markRun } from './safety/run-mark.js';
import { isDiskFull } from './safety/trouble.js';

export interface LockWishes {
  readonly mode: 'write' | 'read';
  /** The command line, shown to others who wait for us. */
  readonly what: string;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onNotice?: ((message: string) => void) | undefined;
}

const LOCK_TIMEOUT_MS = 30_000;

/** Work while holding the repository's lock, and after taking back what a killed run has left. */
export async function guarded<T>(
  target: Target,
  wishes: LockWishes,
  work: () => Promise<Result<T, readonly Failure[]>>,
): Promise<Result<T, readonly Failure[]>> {
  try {
    await prepareStateFolder(target.root);
    const recovered = await recoverFirst(target, wishes);
    if (recovered.length > 0) return failed(recovered);
    return await withLock(target, wishes, work);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return failed([{ kind: 'disk-full', message: 'The disk is full: there is no room for the lock and the log' }]);
  } finally {
    // Of workers that have died, and of runs elsewhere.
    if (wishes.mode === 'write') await sweepTemporaryFolders();
  }
}

async function withLock<T>(
  target: Target,
  wishes: LockWishes,
  work: () => Promise<Result<T, readonly Failure[]>>,
): Promise<Result<T, readonly Failure[]>> {
  const lock = await acquireLock({
    folder: lockFolder(target.root, target.repository),
    mode: wishes.mode,
    what: wishes.what,
    timeoutMs: wishes.timeoutMs ?? LOCK_TIMEOUT_MS,
    onWait: (owner) =>
      wishes.onNotice?.(`Waiting for another run: process ${String(owner.pid)} on ${owner.host}, ${owner.what}`),
    ...(wishes.signal === undefined ? {} : { signal: wishes.signal }),
  });
  if (!lock.ok) return failed([lock.failure]);
  try {
    return await work();
  } finally {
    await lock.value.release();
  }
}

export interface Recovered extends Omit<RolledBack, 'failures'> {
  /** What was cut off. */
  readonly what: string;
  readonly failures: readonly Failure[];
}

/** Whatever the command is: a run that was killed is taken back first, and that is said in one line. */
export async function recoverFirst(target: Target, wishes: LockWishes): Promise<readonly Failure[]> {
  const recovered = await recoverAll(target, wishes);
  if (!recovered.ok) return recovered.failure;
  for (const { what, restored, leftAlone } of recovered.value) {
    const rest = leftAlone.length === 0 ? '' : `; changed since and left alone: ${leftAlone.join(', ')}`;
    wishes.onNotice?.(
      `${what} was cut off: ${String(restored.length)} files are back to what they were before it${rest}`,
    );
  }
  return recovered.value.flatMap((one) => one.failures);
}

export async function recoverAll(
  target: Target,
  wishes: LockWishes,
): Promise<Result<readonly Recovered[], readonly Failure[]>> {
  const someDied = await clearDeadLocks(lockFolder(target.root, target.repository));
  const unfinished = await findUnfinished(target.root);
  if (someDied || unfinished.length > 0) await sweepTemporaryFolders();
  if (unfinished.length === 0) return { ok: true, value: [] };
  return withLock(target, { ...wishes, mode: 'write' }, async () => {
    const recovered: Recovered[] = [];
    // Looked for again: another process may have done it while we waited for the lock.
    for (const one of await findUnfinished(target.root)) recovered.push(await recover(target, one));
    return { ok: true, value: recovered };
  });
}

async function recover(target: Target, unfinished: UnfinishedRun): Promise<Recovered> {
  const { run, restore } = unfinished;
  const what = `${restore === null ? 'Run' : 'The rollback of run'} ${run}`;
  const { restored, leftAlone, failures } = await recoverRun(target.root, unfinished);
  const paths = leftAlone.map((one) => one.path);
  if (restore === null || failures.length > 0)
    return { what, restored, leftAlone: paths, failures: failures.map(asRestoreFailure) };
  const resumed = await resumeRestore(target, run, restore);
  if (!resumed.ok) return { what, restored, leftAlone: paths, failures: [asRestoreFailure(resumed.failure)] };
  return { what, ...resumed.value, failures: resumed.value.failures.map(asRestoreFailure) };
}

function asRestoreFailure(failure: Failure): Failure {
  return { ...failure, kind: 'restore-failed' };
}

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

/** Keeps the newest runs and their snapshots, as the config says; never takes away what a failed run may need. */
export async function pruneOldRuns(prepared: Prepared): Promise<void> {
  const { root, config } = prepared;
  const needed = new Set((await findUnfinished(root)).map((run) => run.run));
  const runs = (await listRuns(root)).filter((run) => !needed.has(run));
  const old = runs.slice(0, Math.max(0, runs.length - config.keepRuns));
  if (old.length === 0) return;
  for (const run of old) await removeRun(root, run);
  await pruneSnapshots(prepared, { keepRuns: config.keepRuns, protectedRuns: [...needed] });
}
