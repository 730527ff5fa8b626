/**
 * Lock files that cannot be half written and do not outlive their owner.
 *
 * A lock is a name that `link()` gave to a complete file saying who owns it: link() fails when the name is taken, so one
 * process wins. The name of a dead owner's lock may be taken away, by exactly one: whoever links the claim file that is
 * named after that very lock's id. Only the holder of the claim removes the lock, after looking once more that it is still
 * that one; a claim whose holder died is taken away in the same manner.
 */
import { randomUUID } from 'node:crypto';
import { errorCode, link, namesNow, readTextIfThere, unlink, writeSmallNew } from '../host/disk.js';
import { type ProcessIdentity, lifeOf } from '../host/identity.js';
import { join } from '../host/paths.js';

/** Who holds a lock. */
export interface LockOwner extends ProcessIdentity {
  /** Unique to this one lock. */
  readonly id: string;
  /** The command line, for those who wait. */
  readonly what: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Gives the file `name` in the folder to the owner, unless the name is taken. */
export async function claimName(folder: string, name: string, owner: LockOwner): Promise<boolean> {
  const temp = join(folder, `${NEW}${String(owner.pid)}-${randomUUID()}`);
  // Not synced: what a power cut makes of it, its owner is dead then.
  await writeSmallNew(temp, JSON.stringify(owner));
  try {
    await link(temp, join(folder, name));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    // Another machine has taken it for a leftover: it cannot see our process.
    if (errorCode(error) === 'ENOENT') return await claimName(folder, name, owner);
    throw error;
  } finally {
    await removeIfThere(temp);
  }
}

/** Begins the name of a file that is not linked yet; the pid of who is writing it follows. */
const NEW = 'new-';

/** null: nobody. A file that says nothing readable was cut off by a power failure: its owner is dead. */
export async function readOwner(folder: string, name: string): Promise<LockOwner | 'unreadable' | null> {
  const text = await readTextIfThere(join(folder, name));
  if (text === null) return null;
  try {
    const owner = JSON.parse(text) as Partial<LockOwner>;
    return typeof owner.id === 'string' && typeof owner.pid === 'number' ? (owner as LockOwner) : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** The live owner of the name, after a dead one has been taken out of the way; null when the name is free. */
export async function liveOwner(
  folder: string,
  name: string,
  by: { readonly self: LockOwner; readonly force: boolean },
): Promise<LockOwner | null> {
  const owner = await readOwner(folder, name);
  if (owner === null) return null;
  if (owner !== 'unreadable') {
    const life = await lifeOf(owner);
    if (life === 'alive' || (life === 'elsewhere' && !by.force)) return owner;
  }
  return removeDead(folder, name, { owner, ...by });
}

interface Removal {
  readonly owner: LockOwner | 'unreadable';
  readonly self: LockOwner;
  readonly force: boolean;
}

/** Someone alive who is at it already, or null. */
async function removeDead(folder: string, name: string, removal: Removal): Promise<LockOwner | null> {
  const { owner, self } = removal;
  const claim = `dead-${owner === 'unreadable' ? `unreadable-${name}` : owner.id}`;
  if (!(await claimName(folder, claim, { ...self, id: randomUUID() }))) {
    // Should they have died over it, their claim is as dead as the lock.
    return liveOwner(folder, claim, removal);
  }
  try {
    const now = await readOwner(folder, name);
    const same = now === 'unreadable' ? owner === 'unreadable' : owner !== 'unreadable' && now?.id === owner.id;
    if (same) await removeIfThere(join(folder, name));
  } finally {
    await removeIfThere(join(folder, claim));
  }
  return null;
}

/** Takes the name away if it is this owner's. */
export async function releaseName(folder: string, name: string, owner: LockOwner): Promise<void> {
  const now = await readOwner(folder, name);
  if (now !== null && now !== 'unreadable' && now.id === owner.id) await removeIfThere(join(folder, name));
}

/** Takes away what processes left that died between two steps. */
export async function sweepLeftovers(folder: string, self: LockOwner): Promise<void> {
  for (const name of namesNow(folder)) {
    if (name.startsWith('dead-')) await liveOwner(folder, name, { self, force: false });
    if (!name.startsWith(NEW)) continue;
    const owner = await readOwner(folder, name);
    // Killed before it had written anything: the name still says who it was.
    const writer =
      owner === 'unreadable' ? { ...self, pid: Number.parseInt(name.slice(NEW.length), 10), started: null } : owner;
    if (writer !== null && (await lifeOf(writer)) === 'dead') await removeIfThere(join(folder, name));
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
