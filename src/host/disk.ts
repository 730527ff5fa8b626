/**
 * The only door to the disk. Nothing above this floor imports `node:fs`.
 *
 * What is over in microseconds is done at once, behind a promise: to ask another thread of Node's takes 0.1 ms each time,
 * and a command looks at a hundred small things one after the other.
 */
import {
  type Stats,
  accessSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, readFile, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export {
  access,
  appendFile,
  chmod,
  copyFile,
  cp,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
export type { FileHandle } from 'node:fs/promises';
export type { Dirent, Stats } from 'node:fs';

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);

export function isAbsent(error: unknown): boolean {
  return ABSENT.has(errorCode(error) ?? '');
}

/** For what cannot take long. */
function atOnce<T>(look: () => T): Promise<T> {
  return new Promise((resolve) => resolve(look()));
}

/** Absolute, all symlinks resolved. */
export function realpath(path: string): Promise<string> {
  return atOnce(() => realpathSync.native(path));
}

export function link(existing: string, path: string): Promise<void> {
  return atOnce(() => linkSync(existing, path));
}

export function unlink(path: string): Promise<void> {
  return atOnce(() => unlinkSync(path));
}

/** A file of a few lines, where there is none yet. */
export function writeSmallNew(path: string, text: string): Promise<void> {
  return atOnce(() => writeFileSync(path, text, { flag: 'wx' }));
}

/** Longer ones are read by another thread. */
const SMALL_BYTES = 256 * 1024;

/** null: it is none that is read in a moment. */
function readSmallNow(path: string): Buffer | null {
  const file = openSync(path, constants.O_RDONLY | NO_WAITING);
  try {
    const stats = fstatSync(file);
    return stats.isFile() && stats.size <= SMALL_BYTES ? readFileSync(file) : null;
  } finally {
    closeSync(file);
  }
}

/** To open a pipe is to wait for who writes into it. */
const NO_WAITING = (constants as Partial<typeof constants>).O_NONBLOCK ?? 0;

/** The bytes of a file, or null when there is none; any other trouble throws. */
export async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return readSmallNow(path) ?? (await readFile(path));
  } catch (error) {
    if (isAbsent(error) || errorCode(error) === 'EISDIR') return null;
    throw error;
  }
}

export async function readTextIfThere(path: string): Promise<string | null> {
  return (await readIfThere(path))?.toString('utf8') ?? null;
}

/** Two names of one file, neither of them a link that leads nowhere. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((path) => stat(path).catch(() => null)));
  return one != null && one.ino === other?.ino && one.dev === other.dev;
}

export function exists(path: string): Promise<boolean> {
  return atOnce(() => lookNow(path) !== null);
}

/** What stands there itself, links not followed; null where nothing does. */
export function lookNow(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** A file, or a link to one. False where there is none, or nothing can be known of it. */
export function isFile(path: string): Promise<boolean> {
  return atOnce(() => {
    try {
      return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    } catch {
      return false;
    }
  });
}

/** Makes something at a place of its own, a link for instance; false where something stands there already. */
export async function unlessThere(make: () => Promise<void>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Names of what stands in a folder, at once: of many small folders that is over before one answer would come. None where there is no folder. */
export function namesNow(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

export function isExecutable(path: string): Promise<boolean> {
  return atOnce(() => grants(path, constants.X_OK));
}

export function isWritable(path: string): Promise<boolean> {
  return atOnce(() => grants(path, constants.W_OK));
}

function grants(path: string, right: number): boolean {
  try {
    accessSync(path, right);
    return true;
  } catch {
    return false;
  }
}

export function makeFolder(path: string): Promise<void> {
  return atOnce(() => void mkdirSync(path, { recursive: true }));
}

/** With all that is in it; nothing happens where there is none. Of few files: it waits for the disk. */
export function removeSmallFolder(path: string): Promise<void> {
  return atOnce(() => removeNow(path));
}

/** A tenth of the time that Node's own takes, which tries again what fails. */
function removeNow(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) removeNow(path);
      else unlinkSync(path);
    }
    rmdirSync(folder);
  } catch (error) {
    if (!isAbsent(error)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Free bytes for an ordinary user on the file system that holds `path`. */
export async function freeDiskBytes(path: string): Promise<number> {
  const system = await statfs(path);
  return system.bavail * system.bsize;
}

/** A new folder under the system's temporary folder that stays; symlinks in its path resolved. */
export async function keptTemporaryFolder(prefix: string): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), `${prefix}-`)));
}

/**
 * Of the small things that make the next start faster, on which nothing depends: what cannot be read or written is done
 * again. null where there is none, or none that can be read; whether it is still right is for the caller to say.
 */
export async function readKeptJson(file: string): Promise<unknown> {
  try {
    return JSON.parse((await readTextIfThere(file)) ?? 'null') as unknown;
  } catch {
    return null;
  }
}

/**
 * Never fails. The folder of the file is made, the one around it is not: where that is not there yet, the first file in it
 * is for others to write, one that makes git ignore all others.
 */
export async function keepJson(file: string, value: unknown): Promise<void> {
  try {
    const folder = dirname(file);
    if (!(await exists(dirname(folder)))) return;
    await makeFolder(folder);
    await writeFile(file, JSON.stringify(value));
  } catch {
    // A full disk, a folder that may not be written.
  }
}
