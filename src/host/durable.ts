/** Writing so that it is still there after a power cut. */
import { fsync, mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from './disk.js';

const syncDescriptor = promisify(fsync);

/** By the descriptor: the handles that Yarn's Plug'n'Play puts in the place of Node's have no `sync`. */
export function syncHandle({ fd }: FileHandle): Promise<void> {
  return syncDescriptor(fd);
}

/** A new file with these bytes, with the system's disk when this resolves. Its folder entry is not: see `syncFolder`. */
export async function writeNewDurably(path: string, bytes: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
    await syncHandle(handle);
  } finally {
    await handle.close();
  }
}

export async function appendDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'a');
  try {
    await handle.appendFile(text);
    await syncHandle(handle);
  } finally {
    await handle.close();
  }
}

export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await syncHandle(handle);
  } finally {
    await handle.close();
  }
}

const CANNOT_SYNC_FOLDERS = new Set(['EPERM', 'EISDIR', 'EINVAL', 'EACCES', 'ENOTSUP']);

/** New names in the folder survive from here on; systems that cannot do it (Windows) do it by themselves. */
export async function syncFolder(path: string): Promise<void> {
  try {
    await syncFile(path);
  } catch (error) {
    if (!CANNOT_SYNC_FOLDERS.has(errorCode(error) ?? '')) throw error;
  }
}

/** Makes a folder and those above it; the names of the new ones survive. */
export async function makeFolderDurably(path: string): Promise<void> {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
    if (folder === first || dirname(folder) === folder) return;
  }
}
