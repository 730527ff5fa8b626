/** An earlier run, undone. Which one is decided under the lock: others may run and roll back at the same time. */
import { type RolledBack, canBeRolledBack, findRun, hasSnapshot, rollBackRun, wroteSomething } from './history.js';
import type { Failure } from './model/failure.js';
import { type Result, failed, success } from './model/result.js';
import { guarded } from './recovery.js';
import { restoreSnapshotOf } from './restore.js';
import type { Target } from './target.js';

export interface RollbackRequest {
  /** Its id or the beginning of it; when absent the newest one that is not rolled back yet. */
  readonly run?: string | undefined;
  /** One line for the user: a crashed run was taken back first, another run is waited for. */
  readonly onNotice?: (message: string) => void;
}

export interface RolledBackRun extends RolledBack {
  readonly run: string;
}

/** Brings the files back to what they were before a run, wherever nobody else has changed them since. */
export async function rollback(
  target: Target,
  { run, onNotice }: RollbackRequest = {},
): Promise<Result<RolledBackRun, readonly Failure[]>> {
  const wishes = { mode: 'write', what: ['quality rollback', run ?? ''].join(' ').trim(), onNotice } as const;
  return guarded(target, wishes, async () => {
    const standing = await findRun(target.root, run, canBeRolledBack);
    const past = standing.ok ? standing : await findRun(target.root, run, wroteSomething);
    if (!past.ok) return failed([past.failure]);
    return success({ ...(await rollBackRun(target.root, past.value)), run: past.value.id });
  });
}

/** Brings back everything as the snapshot before a run has it, git's index included; what that overwrites is held by another one. */
export async function restoreRun(
  target: Target,
  { run, onNotice }: RollbackRequest = {},
): Promise<Result<RolledBackRun, readonly Failure[]>> {
  const wanted = await findRun(target.root, run, hasSnapshot);
  if (!wanted.ok) return failed([wanted.failure]);
  const { id } = wanted.value;
  // What recovery could not bring back, this does.
  const wishes = { mode: 'write', what: `quality rollback --snapshot ${id}`, onNotice, despite: id } as const;
  return guarded(target, wishes, async () => {
    const past = await findRun(target.root, run, hasSnapshot);
    if (!past.ok) return failed([past.failure]);
    const restored = await restoreSnapshotOf(target, past.value);
    return restored.ok ? success({ ...restored.value, run: past.value.id }) : failed([restored.failure]);
  });
}
