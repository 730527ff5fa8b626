import { chmod, lstat, rename, rm, writeFile } from 'node:fs/promises';

const PERMISSIONS = 0o7777;

/** The whole new file or the whole old one, with the old one's permissions where there is one. */
export async function putFile(path: string, content: string | Uint8Array, permissionsOfNew = 0o644): Promise<void> {
  const permissions = (await lstat(path).catch(() => null))?.mode ?? permissionsOfNew;
  const next = `${path}.quality-new`;
  try {
    await writeFile(next, content);
    await chmod(next, permissions & PERMISSIONS);
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
