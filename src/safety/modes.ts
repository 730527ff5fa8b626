/** Type and permissions of files as the log names them: octal, as `stat` has them. */
import { lstat } from '../host/disk.js';
import { withExecutable } from '../host/permissions.js';

const PERMISSIONS = 0o7777;
const REGULAR = 0o100000;
/** Of a file that nothing else is known of. */
const USUAL = 0o644;
export const SYMLINK = '120000';

/** Of what stands there, links not followed; null where it is neither a file nor a link. */
export async function modeOnDisk(path: string): Promise<string | null> {
  const stats = await lstat(path).catch(() => null);
  if (stats?.isSymbolicLink() === true) return SYMLINK;
  return stats?.isFile() === true ? fileMode(stats.mode) : null;
}

/** What an edit makes of a file of this mode. */
export function modeAfter(before: string | null, executable: boolean | undefined): string {
  const permissions = permissionsOf(before) ?? USUAL;
  return fileMode(executable === undefined ? permissions : withExecutable(permissions, executable));
}

/** Permission bits; null where there is no file, or a symlink, which has none. */
export function permissionsOf(mode: string | null): number | null {
  return mode === null || mode === SYMLINK ? null : Number.parseInt(mode, 8) & PERMISSIONS;
}

export function fileMode(permissions: number): string {
  return (REGULAR | (permissions & PERMISSIONS)).toString(8);
}
