/** What stands at a path of the target right now, and whether we may write there at all. */
import { lstat, readFile, readlink, realpath, stat } from '../host/disk.js';
import { errorCode, isAbsent } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { basename, dirname, join, workspacePath } from '../host/paths.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';

export interface Target {
  readonly path: string;
  /** Absolute, without symlinks: the file that is written. For a symlink the one that it leads to. */
  readonly real: string;
  /** Absolute, without symlinks but perhaps one itself: the name that is deleted. */
  readonly name: string;
  /** `nothing` also where a folder above is missing or a file. */
  readonly kind: 'file' | 'nothing' | 'folder' | 'other';
  /** Text of the symlink that stands there; null when there is none. */
  readonly link: string | null;
  /** The nearest folder above that exists, absolute. */
  readonly above: string;
  /** Folders between `above` and the file that do not exist, top down, absolute. */
  readonly missing: readonly string[];
  readonly file: FoundFile | null;
}

export interface FoundFile {
  readonly bytes: Buffer;
  readonly hash: string;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The same for two names of one file. */
  readonly identity: string;
}

const PERMISSIONS = 0o7777;

/** `realRoot`: absolute, free of symlinks. */
export async function locate(realRoot: string, path: string): Promise<Result<Target>> {
  const fault = forbidden(path);
  if (fault !== null) return failed({ kind: 'bug', message: fault, path });
  const { above, missing } = await nearestFolder(dirname(join(realRoot, path)));
  const outside = leavesTarget(realRoot, above, path);
  if (outside !== null) return failed(outside);
  const name = join(above, ...missing.map((folder) => basename(folder)), basename(path));
  const target = { path, real: name, name, link: null, above, missing, file: null };
  if (missing.length > 0) return success({ ...target, kind: 'nothing' });
  try {
    return await look(realRoot, target);
  } catch (error) {
    if (isAbsent(error)) return success({ ...target, kind: 'nothing' });
    return failed({ kind: 'file-unreadable', path, message: `Cannot be read: ${errorCode(error) ?? String(error)}` });
  }
}

/** Nobody may ask for these, whatever stands there. */
function forbidden(path: string): string | null {
  const parts = path.split('/');
  if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'An edit names a path that is none within the target';
  return ours(parts);
}

function ours(parts: readonly string[]): string | null {
  if (parts.some((part) => part.toLowerCase() === '.git')) return 'An edit names a file of git';
  return parts[0]?.toLowerCase() === '.quality' ? 'An edit names a file in .quality' : null;
}

function leavesTarget(realRoot: string, real: string, path: string): Failure | null {
  const inside = workspacePath(realRoot, real);
  if (inside !== null && ours(inside.split('/')) === null) return null;
  return { kind: 'file-unwritable', path, message: 'A symlink on the way leads out of the target' };
}

async function nearestFolder(wanted: string): Promise<{ above: string; missing: string[] }> {
  const missing: string[] = [];
  for (let folder = wanted; ; folder = dirname(folder)) {
    const real = await realFolder(folder);
    if (real !== null) return { above: real, missing: missing.map((below) => join(real, below.slice(folder.length))) };
    missing.unshift(folder);
  }
}

async function realFolder(folder: string): Promise<string | null> {
  try {
    const real = await realpath(folder);
    return (await stat(real)).isDirectory() ? real : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

async function look(realRoot: string, target: Omit<Target, 'kind'>): Promise<Result<Target>> {
  const { path, name } = target;
  const entry = await lstat(name);
  if (!entry.isSymbolicLink()) return success(await lookAt({ ...target, real: name }));
  const link = await readlink(name);
  const real = await realpath(name).catch(() => null);
  if (real === null) return failed({ kind: 'file-unwritable', path, message: 'A symlink that leads nowhere' });
  const outside = leavesTarget(realRoot, real, path);
  return outside === null ? success(await lookAt({ ...target, real, link })) : failed(outside);
}

async function lookAt(target: Omit<Target, 'kind'>): Promise<Target> {
  const found = await stat(target.real);
  if (found.isDirectory()) return { ...target, kind: 'folder' };
  if (!found.isFile()) return { ...target, kind: 'other' };
  const bytes = await readFile(target.real);
  const { uid, gid, mode } = found;
  const file = { bytes, hash: hashBytes(bytes), mode: mode & PERMISSIONS, uid, gid };
  return { ...target, kind: 'file', file: { ...file, identity: `${String(found.dev)}:${String(found.ino)}` } };
}
