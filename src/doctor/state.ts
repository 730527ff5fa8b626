/** What quality keeps for the target: locks, the cache, snapshots, runs. */
import { type CachePart, measureCache, optimizeCache } from '../cache.js';
import { listSnapshots, pruneSnapshots } from '../git/snapshot-list.js';
import { exists, isWritable, readdir } from '../host/disk.js';
import { lifeOf } from '../host/identity.js';
import type { Failure } from '../model/failure.js';
import { type Result, success } from '../model/result.js';
import { guarded } from '../recovery.js';
import { count } from '../reporters/text.js';
import { listRuns, stateFolder } from '../runs/run-folder.js';
import { type LockOwner, readOwner } from '../safety/lock-file.js';
import { clearDeadLocks, lockFolder } from '../safety/lock.js';
import { findUnfinished } from '../safety/recover.js';
import type { Target } from '../target.js';
import type { Finding } from './check.js';

const WHAT = 'quality doctor --fix';

export async function lookAtLocks({ root, repository }: Target): Promise<Finding> {
  const folder = lockFolder(root, repository);
  const names = await readdir(folder).catch(() => []);
  const held = await Promise.all(
    names.filter((name) => name === 'write' || name.startsWith('read-')).map((name) => stateOfLock(folder, name)),
  );
  const lines = (life: string): string[] => held.flatMap((one) => (one.life === life ? [one.words] : []));
  if (lines('dead').length > 0) {
    const clear = async (): Promise<string> => {
      await clearDeadLocks(folder);
      return `${String(lines('dead').length)} taken away`;
    };
    const next = 'quality doctor --fix';
    return { status: 'warning', summary: 'left by processes that have died', details: lines('dead'), next, fix: clear };
  }
  if (lines('elsewhere').length > 0) {
    const next = 'quality recover --force, if you know that it is gone';
    return {
      status: 'warning',
      summary: 'held on another machine or in another container',
      details: lines('elsewhere'),
      next,
    };
  }
  if (held.length > 0) return { status: 'note', summary: 'a run is under way', details: lines('alive') };
  return { status: 'ok', summary: 'none held' };
}

async function stateOfLock(folder: string, name: string): Promise<{ readonly life: string; readonly words: string }> {
  const owner = await readOwner(folder, name);
  if (owner === null) return { life: 'gone', words: '' };
  if (owner === 'unreadable') return { life: 'dead', words: `${name}: cut off while it was written` };
  return { life: await lifeOf(owner), words: wordsFor(name, owner) };
}

function wordsFor(name: string, { pid, host, what, since }: LockOwner): string {
  const mode = name === 'write' ? 'writes' : 'reads';
  return `process ${String(pid)} on ${host} ${mode} since ${new Date(since).toISOString()}: ${what}`;
}

export async function lookAtCache(target: Target): Promise<Finding> {
  const folder = stateFolder(target.root);
  if ((await exists(folder)) && !(await isWritable(folder)))
    return { status: 'error', summary: `${folder} is not writable: nothing is kept, and no run can write` };
  const parts = await measureCache(target);
  const details = parts.map(({ name, rows, bytes }) => `${name}: ${String(rows)} entries, ${kibibytes(bytes)}`);
  const damaged = parts.filter((part) => part.damaged > 0);
  if (damaged.length > 0)
    return {
      status: 'warning',
      summary: `damaged, and left aside: ${damaged.map((part) => `${kibibytes(part.damaged)} of ${part.name}`).join(', ')}`,
      details,
      next: 'quality doctor --fix',
      fix: async () => {
        orThrow(await optimizeCache(target));
        return 'what is damaged was dropped';
      },
    };
  if (parts.length === 0) return { status: 'note', summary: 'empty: the next run looks at every file' };
  return { status: 'ok', summary: kibibytes(sizeOf(parts)), details };
}

function sizeOf(parts: readonly CachePart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

export async function lookAtSnapshots(target: Target, keepRuns: number): Promise<Finding> {
  const listed = await listSnapshots(target);
  if (!listed.ok) return { status: 'error', summary: listed.failure.message };
  const runs = new Set(listed.value.map(({ run }) => run));
  const summary = `${String(listed.value.length)} of ${count(runs.size, 'run')}`;
  if (runs.size <= keepRuns) return { status: 'ok', summary: listed.value.length === 0 ? 'none' : summary };
  const prune = async (): Promise<string> => {
    const wishes = { mode: 'write', what: WHAT } as const;
    const removed = orThrow(await guarded(target, wishes, () => pruneNow(target, keepRuns)));
    return `${String(removed)} removed`;
  };
  // Those of other work trees are not ours to take away.
  return {
    status: 'note',
    summary: `${summary}, more than keepRuns ${String(keepRuns)}`,
    next: 'quality doctor --fix',
    fix: prune,
  };
}

async function pruneNow(target: Target, keepRuns: number): Promise<Result<number, readonly Failure[]>> {
  const needed = (await findUnfinished(target.root)).map(({ run }) => run);
  const removed = await pruneSnapshots(target, { keepRuns, protectedRuns: needed });
  return removed.ok ? success(removed.value.length) : { ok: false, failure: [removed.failure] };
}

export async function lookAtRuns({ root }: Target): Promise<Finding> {
  const unfinished = await findUnfinished(root);
  const runs = listRuns(root);
  if (unfinished.length === 0)
    return { status: 'ok', summary: runs.length === 0 ? 'none yet' : `${String(runs.length)} kept` };
  const details = unfinished.map(
    ({ run, paths }) => `${run}: ${count(paths.length, 'file')} may be half way between two contents`,
  );
  return { status: 'error', summary: 'a run was cut off while it wrote', details, next: 'quality recover' };
}

function orThrow<T>(result: Result<T, readonly Failure[]>): T {
  if (result.ok) return result.value;
  throw new Error(result.failure.map(({ message }) => message).join('; '));
}

function kibibytes(bytes: number): string {
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
