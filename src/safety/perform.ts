/** One file at a time: the new content beside it, then in its place. */
import { chmod, mkdir, open, readlink, rm, rmdir, symlink, unlink } from '../host/disk.js';
import { syncFile } from '../host/durable.js';
import { hashBytes } from '../host/hash.js';
import { dirname, join } from '../host/paths.js';
import { forEachAtMost } from '../host/quick-read.js';
import { removeFile, replaceFile } from '../host/replace.js';
import { spareOf } from './journal.js';
import { createPathLocks } from './path-locks.js';
import type { Prepared } from './prepare.js';

const LANES = 16;

/** Nothing in this process writes the same file twice at once, whichever step asks. */
const LOCKS = createPathLocks();

export function needsTemp({ write, entry }: Prepared): boolean {
  return write.after !== null && (write.link ?? null) === null && entry.after !== entry.before;
}

/** Writes the new content beside the file, with the file's permissions and owner; not yet with the system's disk. */
export async function stage(root: string, { write, target, entry, mode }: Prepared): Promise<void> {
  // From the first moment no one may read it who may not read the file.
  const handle = await open(join(root, entry.temp), 'wx', mode ?? (write.executable === true ? 0o777 : 0o666));
  try {
    await handle.writeFile(write.after ?? new Uint8Array());
    const { file } = target;
    // Only the superuser may give files away; for others the file becomes theirs, as with any editor.
    if (file !== null && (file.uid !== process.getuid?.() || file.gid !== process.getgid?.()))
      await handle.chown(file.uid, file.gid).catch(() => undefined);
    if (mode !== null) await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

export async function syncStaged(root: string, staged: readonly Prepared[]): Promise<void> {
  await forEachAtMost(LANES, staged, ({ entry }) => syncFile(join(root, entry.temp)));
}

/** False when the file is not what it was any more; then it is as it was found. Leaves names behind: see `dropSpares`. */
export async function commit(root: string, prepared: Prepared): Promise<boolean> {
  return LOCKS.write([prepared.target.real], () => put(root, prepared));
}

/** Deletes the second names of what was replaced. */
export async function dropSpares(root: string, done: Iterable<Prepared>): Promise<void> {
  const replaced = [...done].filter((one) => needsTemp(one) && one.entry.before !== null);
  await forEachAtMost(LANES, replaced, ({ entry }) => rm(join(root, spareOf(entry.temp)), { force: true }));
}

async function put(root: string, prepared: Prepared): Promise<boolean> {
  const { write, target, entry, mode } = prepared;
  const expected = (bytes: Buffer | null): boolean => (bytes === null ? null : hashBytes(bytes)) === entry.before;
  const temp = join(root, entry.temp);
  const spare = join(root, spareOf(entry.temp));
  if (write.after === null) return entry.before === null || (await remove(root, prepared, expected));
  for (const folder of entry.removedFolders) await rmdir(join(root, folder));
  if (target.missing.length > 0) await mkdir(dirname(target.name), { recursive: true });
  if (write.link !== undefined && write.link !== null) return makeLink(write.link, target.name);
  if (needsTemp(prepared)) return replaceFile({ temp, target: target.real, spare, expected, leaveSpare: true });
  if (mode !== null && mode !== entry.mode) await chmod(target.real, mode);
  return true;
}

async function remove(
  root: string,
  { target, entry }: Prepared,
  expected: (bytes: Buffer | null) => boolean,
): Promise<boolean> {
  if (entry.link === null) return removeFile({ target: target.real, spare: join(root, spareOf(entry.temp)), expected });
  if ((await readlink(target.name).catch(() => null)) !== entry.link) return false;
  await unlink(target.name);
  return true;
}

async function makeLink(text: string, name: string): Promise<boolean> {
  await symlink(text, name);
  return true;
}

/** Takes away what a write that did not come about has left: its temporary file, and empty folders made for it. */
export async function cleanUp(root: string, { entry }: Pick<Prepared, 'entry'>): Promise<void> {
  await rm(join(root, entry.temp), { force: true });
  await removeEmptyFolders(root, [...entry.madeFolders].reverse());
}

/** Deepest first; those that are not empty, or gone, are left. */
export async function removeEmptyFolders(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rmdir(join(root, folder)).catch(() => undefined);
}
