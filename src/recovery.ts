/** What runs and rollbacks that were cut off have left, found and taken back or gone on with, whatever the command is. */
import { type RolledBack, findRun, noteRolledBack } from './history.js';
import { sweepTemporaryFolders } from './host/temporary-folder.js';
import type { Failure } from './model/failure.js';
import { type Result, failed, success } from './model/result.js';
import { resumeRestore } from './restore.js';
import { prepareStateFolder } from './runs/run-folder.js';
import { acquireLock, clearDeadLocks, lockFolder } from './safety/lock.js';
import { type UnfinishedRun, findUnfinished, recoverRun } from './safety/recover.js';
import { isDiskFull } from './safety/trouble.js';
import type { Target } from './target.js';

export interface LockWishes {
  readonly mode: 'write' | 'read';
  /** The command line, shown to others who wait for us. */
  readonly what: string;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onNotice?: ((message: string) => void) | undefined;
  /** Also from processes on other machines or in other containers, of whom nobody here can know whether they live. */
  readonly force?: boolean;
  /** The run that could not be taken back is what is about to be restored as a whole. */
  readonly despite?: string;
}

const LOCK_TIMEOUT_MS = 30_000;

export interface Turn {
  /** Nobody had to be waited for, nothing was taken back: what was seen just before may still hold. */
  readonly isFirst: boolean;
}

type Work<T> = (turn: Turn) => Promise<Result<T, readonly Failure[]>>;

/** Work while holding the repository's lock, and after taking back what a killed run has left. */
export async function guarded<T>(
  target: Target,
  given: LockWishes,
  work: Work<T>,
): Promise<Result<T, readonly Failure[]>> {
  const turn = { isFirst: true };
  const wishes: LockWishes = {
    ...given,
    onNotice: (message) => {
      turn.isFirst = false;
      given.onNotice?.(message);
    },
  };
  try {
    await prepareStateFolder(target.root);
    for (;;) {
      const recovered = await recoverFirst(target, wishes);
      if (recovered.length > 0) return failed(recovered);
      const taken = await withLock(target, wishes, () => takeTurn(target, wishes, () => work(turn)));
      if (!taken.ok) return taken;
      if (taken.value !== null) return success(taken.value.result);
      turn.isFirst = false;
    }
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return failed([{ kind: 'disk-full', message: 'The disk is full: there is no room for the lock and the log' }]);
  } finally {
    // Of workers that have died, and of runs elsewhere.
    if (given.mode === 'write') await sweepTemporaryFolders();
  }
}

/** null: whom we have waited for was killed, which has to be seen to first. */
async function takeTurn<T>(
  target: Target,
  wishes: LockWishes,
  work: () => Promise<Result<T, readonly Failure[]>>,
): Promise<Result<{ readonly result: T } | null, readonly Failure[]>> {
  if ((await unfinishedIn(target, wishes)).length > 0) return success(null);
  const result = await work();
  return result.ok ? success({ result: result.value }) : result;
}

async function unfinishedIn({ root }: Target, { force = false, despite }: LockWishes): Promise<UnfinishedRun[]> {
  return (await findUnfinished(root, { force })).filter((one) => one.run !== despite);
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
    force: wishes.force ?? false,
    ...(wishes.signal === undefined ? {} : { signal: wishes.signal }),
  });
  if (!lock.ok) return failed([lock.failure]);
  try {
    return await work();
  } finally {
    await lock.value.release();
  }
}

export interface Recovered extends RolledBack {
  /** What was cut off. */
  readonly what: string;
}

/** Whatever the command is: a run that was killed is taken back first, and that is said in one line. */
export async function recoverFirst(target: Target, wishes: LockWishes): Promise<readonly Failure[]> {
  const recovered = await recoverAll(target, wishes);
  if (!recovered.ok) return recovered.failure;
  for (const one of recovered.value) wishes.onNotice?.(sentenceOf(one));
  return recovered.value.flatMap((one) => one.failures);
}

function sentenceOf({ what, restored, leftAlone, failures }: Recovered): string {
  if (restored.length + leftAlone.length + failures.length === 0)
    return `${what} was cut off, and nothing of it had to be taken back`;
  const rest = leftAlone.length === 0 ? '' : `; changed since and left alone: ${leftAlone.join(', ')}`;
  return `${what} was cut off: ${String(restored.length)} files are back to what they were before it${rest}`;
}

export async function recoverAll(
  target: Target,
  wishes: LockWishes,
): Promise<Result<readonly Recovered[], readonly Failure[]>> {
  const someDied = await clearDeadLocks(lockFolder(target.root, target.repository), wishes.force);
  const unfinished = await unfinishedIn(target, wishes);
  if (someDied || unfinished.length > 0) await sweepTemporaryFolders();
  if (unfinished.length === 0) return { ok: true, value: [] };
  return withLock(target, { ...wishes, mode: 'write' }, async () => {
    const recovered: Recovered[] = [];
    // Looked for again: another process may have done it while we waited for the lock.
    for (const one of await unfinishedIn(target, wishes)) recovered.push(await recover(target, one, wishes));
    return { ok: true, value: recovered };
  });
}

async function recover(target: Target, unfinished: UnfinishedRun, { force = false }: LockWishes): Promise<Recovered> {
  const { run, restore } = unfinished;
  const what = `${restore === null ? 'Run' : 'The rollback of run'} ${run}`;
  const { restored, leftAlone, failures } = await recoverRun(target.root, unfinished, { force });
  const taken = { what, restored, leftAlone: leftAlone.map((one) => one.path) };
  const past = await findRun(target.root, run);
  if (past.ok && restore === null) await noteRolledBack(past.value, 'recovery', { ...taken, failures });
  if (restore === null || failures.length > 0)
    return { ...taken, failures: failures.map((failure) => asRestoreFailure(failure, run)) };
  const resumed = await resumeRestore(target, run, restore);
  const failed = resumed.ok ? resumed.value.failures : [resumed.failure];
  return { ...taken, ...(resumed.ok ? resumed.value : {}), failures: failed.map((one) => asRestoreFailure(one, run)) };
}

function asRestoreFailure(failure: Failure, run: string): Failure {
  const next = `\`quality rollback --snapshot ${run}\` brings everything back as it was before the run, this too.`;
  return { ...failure, kind: 'restore-failed', next };
}
