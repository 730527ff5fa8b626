/**
 * One writer for each repository, many readers, across processes and linked work trees.
 *
 * `write` is the writer's file, `read-<id>` one for each reader. Both sides first put up their file and then look at the
 * other's, so at least one of two that come at the same moment sees the other. A reader that finds a writer steps back and
 * waits; a writer keeps its file while it waits for the readers to go, so that new ones do not starve it.
 */
import { randomUUID } from 'node:crypto';
import type { Repository } from '../git/repository.js';
import { now, sleep } from '../host/clock.js';
import { errorCode, exists, namesNow } from '../host/disk.js';
import { makeFolderDurably } from '../host/durable.js';
import { lifeOf, ownIdentity } from '../host/identity.js';
import { join } from '../host/paths.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import { type LockOwner, claimName, liveOwner, releaseName, sweepLeftovers } from './lock-file.js';

export type { LockOwner } from './lock-file.js';

export interface LockRequest {
  readonly folder: string;
  readonly mode: 'write' | 'read';
  /** The command line, shown to those who wait for us. */
  readonly what: string;
  /** How long to wait for others. */
  readonly timeoutMs: number;
  /** Called once, when we begin to wait. */
  readonly onWait?: (owner: LockOwner) => void;
  readonly signal?: AbortSignal;
  /** Also take over from owners on other machines, of whom nobody here can know whether they live. */
  readonly force?: boolean;
}

export interface Lock {
  readonly owner: LockOwner;
  readonly release: () => Promise<void>;
}

/** Where the lock of a target is: shared by all work trees of its repository. */
export function lockFolder(root: string, repository: Repository | null): string {
  return repository === null ? join(root, '.quality', 'lock') : join(repository.commonDir, 'quality', 'lock');
}

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;

export async function acquireLock(request: LockRequest): Promise<Result<Lock>> {
  const owner: LockOwner = { ...(await ownIdentity()), id: randomUUID(), what: request.what, since: now() };
  try {
    await makeFolderDurably(request.folder);
    await sweepLeftovers(request.folder, owner);
    return await wait(request, owner);
  } catch (error) {
    if (!READ_ONLY.has(errorCode(error) ?? '')) throw error;
    return readOnlyFolder(request, owner);
  }
}

const READ_ONLY = new Set(['EROFS', 'EACCES', 'EPERM']);

/** Who may not write here cannot be told from a reader by others, and does no harm either. */
function readOnlyFolder({ mode, folder }: LockRequest, owner: LockOwner): Result<Lock> {
  if (mode === 'read') return success({ owner, release: () => Promise.resolve() });
  return failed({ kind: 'file-unwritable', message: `The lock cannot be taken: ${folder} is not writable` });
}

/**
 * Takes away what dead processes hold here; true where there was any. Whoever needs the lock does so by itself, this is for
 * who needs none.
 */
export async function clearDeadLocks(folder: string, force = false): Promise<boolean> {
  if (!(await exists(folder))) return false;
  const self: LockOwner = { ...(await ownIdentity()), id: randomUUID(), what: 'clearing up', since: now() };
  try {
    await sweepLeftovers(folder, self);
    const names = namesNow(folder).filter((name) => name === 'write' || name.startsWith('read-'));
    let someDied = false;
    for (const name of names) someDied = (await liveOwner(folder, name, { self, force })) === null || someDied;
    return someDied;
  } catch (error) {
    if (!READ_ONLY.has(errorCode(error) ?? '')) throw error;
    return false;
  }
}

async function wait(request: LockRequest, owner: LockOwner): Promise<Result<Lock>> {
  const deadline = now() + request.timeoutMs;
  const attempt = request.mode === 'write' ? tryWrite : tryRead;
  const name = request.mode === 'write' ? 'write' : `read-${owner.id}`;
  const release = (): Promise<void> => releaseName(request.folder, name, owner);
  let pause = FIRST_PAUSE_MS;
  try {
    for (let waited = false; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      const holder = await attempt(request, owner);
      if (holder === null) return success({ owner, release });
      if (!waited) request.onWait?.(holder);
      waited = true;
      const left = deadline - now();
      if (left <= 0) return await givenUp(release, await heldBy(holder, request.timeoutMs));
      await sleep(Math.min(pause, left), request.signal);
    }
  } catch (error) {
    if (request.signal?.aborted !== true) throw error;
    return givenUp(release, { kind: 'interrupted', message: 'Stopped while waiting for another run to end' });
  }
}

async function givenUp(release: () => Promise<void>, failure: Failure): Promise<Result<Lock>> {
  await release();
  return failed(failure);
}

async function heldBy(holder: LockOwner, timeoutMs: number): Promise<Failure> {
  const since = new Date(holder.since).toISOString();
  return {
    kind: 'lock-held',
    message: `Another run holds the lock: process ${String(holder.pid)} on ${holder.host} since ${since}`,
    detail: `${holder.what}\nWaited ${String(Math.round(timeoutMs / 100) / 10)} s for it.`,
    ...((await lifeOf(holder)) === 'elsewhere' ? { next: ELSEWHERE } : {}),
  };
}

const ELSEWHERE =
  'It is on another machine or in another container. If you know that it is gone, `quality recover --force` takes its lock away.';

/** Whoever is in the way, or null when the lock is ours. */
async function tryWrite(request: LockRequest, owner: LockOwner): Promise<LockOwner | null> {
  const { folder, force = false } = request;
  const by = { self: owner, force };
  if (!(await claimName(folder, 'write', owner))) {
    const holder = await liveOwner(folder, 'write', by);
    if (holder?.id !== owner.id) return holder ?? tryWrite(request, owner);
  }
  for (const name of namesNow(folder)) {
    const reader = name.startsWith('read-') ? await liveOwner(folder, name, by) : null;
    if (reader !== null) return reader;
  }
  return null;
}

async function tryRead({ folder, force = false }: LockRequest, owner: LockOwner): Promise<LockOwner | null> {
  const name = `read-${owner.id}`;
  await claimName(folder, name, owner);
  const writer = await liveOwner(folder, 'write', { self: owner, force });
  if (writer !== null) await releaseName(folder, name, owner);
  return writer;
}
