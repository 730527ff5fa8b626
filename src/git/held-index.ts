/**
 * Indexes that git has made for the commit under way: files that it holds as locks while it waits for us, and takes away when
 * it ends. `git commit --all` commits from the lock of the repository's index, `git commit <paths>` from a lock of its own.
 */
import { type FileHandle, errorCode, exists, open, readFile, stat } from '../host/disk.js';
import { forGit } from '../host/git-environment.js';
import { basename, join } from '../host/paths.js';
import type { Repository } from './repository.js';

export function isHeld(index: string): boolean {
  return index.endsWith('.lock');
}

/**
 * `git commit <paths>` has written the next state of the real index already, into its lock: what is changed in the one that
 * it commits from has to be in that one as well.
 */
export async function nextIndexOf({ gitDir }: Repository): Promise<string | null> {
  const isPartial = /^next-index-\d+\.lock$/.test(basename(forGit().GIT_INDEX_FILE ?? ''));
  const next = join(gitDir, 'index.lock');
  return isPartial && (await exists(next)) ? next : null;
}

interface HeldIndex {
  readonly file: string;
  readonly bytes: Buffer;
}

/**
 * False when it is not what it was any more. It is written in place: a new file under its name, after git has been stopped
 * and has taken it away, would be a lock that nobody holds. Half written it is used by nobody: git gives the commit up when
 * we do not come to a good end.
 */
export async function putHeldIndex(ready: string, before: HeldIndex): Promise<boolean> {
  const bytes = await readFile(ready);
  const { mtime } = await stat(ready);
  const handle = await openIfThere(before.file);
  if (handle === null) return false;
  try {
    if (!(await handle.readFile()).equals(before.bytes)) return false;
    await handle.write(bytes, 0, bytes.byteLength, 0);
    await handle.truncate(bytes.byteLength);
    await handle.utimes(mtime, mtime);
    return true;
  } finally {
    await handle.close();
  }
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r+');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
