import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';

/** Copies bytes and mode; where the file system can share the blocks of both, next to nothing is written. */
export async function cloneFile(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}
