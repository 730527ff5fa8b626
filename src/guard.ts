/** What stands around every run: the lock, what an earlier run left undone, the snapshot, the integrity check, the pruning. */
import type { EventLog } from './runs/event-log.js';
import { removeRun, listRuns, prepareStateFolder } from './runs/run-folder.js';
import { restoreCommands } from './git/restore-commands.js';
import { type Snapshot, takeSnapshot } from './git/snapshot.js';
import { pruneSnapshots } from './git/snapshot-list.js';
import type { EditRecord } from './model/edit.js';
import type { Failure } from './model/failure.js';
import { type Result, failed } from './model/result.js';
import type { Prepared, Target } from './open.js';
import { acquireLock, clearDeadLocks, lockFolder } from './safety/lock.js';
import { integrityCheck } from './safety/integrity.js';
import { findUnfinished, recoverRun } from './safety/recover.js';
import { markRun } from './safety/run-mark.js';
import { isDiskFull } from './safety/trouble.js';
import type { TakenBack } from './safety/put-back.js';

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

export interface Recovered extends TakenBack {
  readonly run: string;
}

/** Whatever the command is: a run that was killed is taken back first, and that is said in one line. */
export async function recoverFirst(target: Target, wishes: LockWishes): Promise<readonly Failure[]> {
  const recovered = await recoverAll(target, wishes);
  if (!recovered.ok) return recovered.failure;
  for (const { run, restored, leftAlone } of recovered.value) {
    const rest =
      leftAlone.length === 0 ? '' : `; changed since and left alone: ${leftAlone.map((one) => one.path).join(', ')}`;
    wishes.onNotice?.(
      `Run ${run} was cut off: ${String(restored.length)} files are back to what they were before it${rest}`,
    );
  }
  return recovered.value.flatMap((one) =>
    one.failures.map((failure) => ({ ...failure, kind: 'restore-failed' as const })),
  );
}

export async function recoverAll(
  target: Target,
  wishes: LockWishes,
): Promise<Result<readonly Recovered[], readonly Failure[]>> {
  await clearDeadLocks(lockFolder(target.root, target.repository));
  if ((await findUnfinished(target.root)).length === 0) return { ok: true, value: [] };
  return withLock(target, { ...wishes, mode: 'write' }, async () => {
    const recovered: Recovered[] = [];
    // Looked for again: another process may have done it while we waited for the lock.
    for (const unfinished of await findUnfinished(target.root)) {
      recovered.push({ run: unfinished.run, ...(await recoverRun(target.root, unfinished)) });
    }
    return { ok: true, value: recovered };
  });
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
