/** The only door to the disk. Nothing above this floor imports `node:fs`. */
import { constants, readdirSync } from 'node:fs';
import { access, lstat, mkdir, mkdtemp, readFile, realpath, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export {
  access,
  appendFile,
  chmod,
  copyFile,
  cp,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  unlink,
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

/** The bytes of a file, or null when there is none; any other trouble throws. */
export async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
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

export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
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

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

export async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
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
