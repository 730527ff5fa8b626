/**
 * Putting a file in the place of another only while that one is what it is believed to be. Everything here is synchronous
 * on purpose: between the look and the act there is no turn of the event loop, only a few system calls.
 */
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { errorCode, isAbsent } from './disk.js';

export type PathName = string | Buffer;

export interface Replacement {
  /** The new file, complete, on the same file system. */
  readonly temp: PathName;
  readonly target: PathName;
  /** A free name beside the target, for a moment. */
  readonly spare: PathName;
  /** The caller will delete the spare name: the last name of a file can take the disk a while, and many can go at once. */
  readonly leaveSpare?: boolean;
  /** Is this what may be replaced? null: nothing stands there. */
  readonly expected: (bytes: Buffer | null) => boolean;
}

/** False when something else stood there; then nothing was changed and the temporary file is still there. */
export function replaceFile(replacement: Replacement): boolean {
  const { temp, target, spare, expected } = replacement;
  const found = readRegular(target);
  if (!expected(found === null ? null : found.bytes)) return false;
  if (found === null) return linkInto(temp, target);
  // A second name keeps what is replaced: one who writes into it at this moment has not written in vain.
  const kept = tryLink(target, spare);
  const replaced = swap(replacement, kept ? found.stamp : null);
  if (!replaced || replacement.leaveSpare !== true) rmSync(spare, { force: true });
  return replaced;
}

/** `stamp`: what the spare name must look like before and after; null where there is none. */
function swap({ temp, target, spare }: Replacement, stamp: string | null): boolean {
  if (stamp !== null && stampOf(spare) !== stamp) return false;
  renameSync(temp, target);
  if (stamp === null || stampOf(spare) === stamp) return true;
  linkSync(target, temp);
  renameSync(spare, target);
  return false;
}

/** Deletes the file if it is still what is expected; false otherwise. It is moved away first, so that nobody can change it between look and act. */
export function removeFile({ target, spare, expected }: Omit<Replacement, 'temp'>): boolean {
  const found = readRegular(target);
  if (found === null || !expected(found.bytes)) return false;
  renameSync(target, spare);
  if (!expected(readRegular(spare)?.bytes ?? null)) {
    // Does not overwrite: should a third file stand there by now, this one stays under its spare name.
    linkSync(spare, target);
    unlinkSync(spare);
    return false;
  }
  unlinkSync(spare);
  return true;
}

/** The regular file at this very name, links not followed; null when there is none. */
function readRegular(path: PathName): { readonly bytes: Buffer; readonly stamp: string } | null {
  try {
    const stamp = stampOf(path);
    return lstatSync(path).isFile() ? { bytes: readFileSync(path), stamp } : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function stampOf(path: PathName): string {
  const { ino, size, mtimeNs } = lstatSync(path, { bigint: true });
  return [ino, size, mtimeNs].join(' ');
}

const CANNOT_LINK = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']);

function tryLink(from: PathName, to: PathName): boolean {
  try {
    rmSync(to, { force: true });
    linkSync(from, to);
    return true;
  } catch (error) {
    if (CANNOT_LINK.has(errorCode(error) ?? '')) return false;
    throw error;
  }
}

/** Unlike a rename, this fails when something has come to stand there. */
function linkInto(temp: PathName, target: PathName): boolean {
  try {
    linkSync(temp, target);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (!CANNOT_LINK.has(errorCode(error) ?? '')) throw error;
    renameSync(temp, target);
    return true;
  }
  unlinkSync(temp);
  return true;
}
