import { type Stats, chmod, writeFile } from '../../host/disk.js';

/** A content in place of a file: what was executable stays so. `original`: null where there is none. */
export async function writeLike(path: string, content: Uint8Array, original: Stats | null): Promise<void> {
  await writeFile(path, content);
  if (original?.isFile() === true) await chmod(path, original.mode);
}
