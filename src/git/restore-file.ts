/** One file of a snapshot, back in its place. */
import { lstat, mkdir, open, readFile, readdir, rm, rmdir, symlink } from '../host/disk.js';
import { syncHandle } from '../host/durable.js';
import { hashAsGit } from '../host/git-hash.js';
import { permissionsAt, withExecutable } from '../host/permissions.js';
import { removeFile, replaceFile } from '../host/replace.js';
import { isExecutable } from './kept-modes.js';
import type { Place } from './place.js';
import { type RawPath, filePath } from './raw-path.js';
import { type Standing, above, createLook } from './standing.js';
import type { Content, TreeFile } from './tree-files.js';

/** Deletes a file that the run has made, if it is still as the run made it, and folders that are empty without it. */
export async function removeCreated({ workTree }: Place, path: RawPath, bytes: Uint8Array): Promise<boolean> {
  const standing = await createLook(workTree)(path);
  if (standing.kind === 'nothing') return true;
  const expected = (found: Buffer | null): boolean => found?.equals(bytes) === true;
  if (standing.kind === 'link') {
    if (!expected(standing.text)) return false;
    await rm(filePath(workTree, path));
  } else if (!removeFile({ target: filePath(workTree, path), spare: beside(workTree, path, SPARE), expected }))
    return false;
  for (let folder = above(path); folder !== ''; folder = above(folder))
    if (!(await removeFolder(filePath(workTree, folder)))) break;
  return true;
}

function removeFolder(folder: Buffer): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}

/** How a file is to come back. */
export interface Way {
  /** What stood there when the restore began. */
  readonly now: TreeFile | undefined;
  /** Permission bits that it had; null where they are not known. */
  readonly permissions: number | null;
}

/** False when something else stands there by now. Can be called again for what is back already. */
export async function restoreFile(place: Place, content: Content, { now, permissions }: Way): Promise<boolean> {
  const { workTree, objectFormat } = place;
  const { path, file } = content;
  const target = filePath(workTree, path);
  const isNow = (found: Buffer | null): boolean =>
    (found === null ? undefined : hashAsGit(objectFormat, found)) === now?.oid;
  const standing = await createLook(workTree)(path);
  if (await isBack(target, standing, content)) return true;
  if (standing.kind === 'folder') await removeEmptyTree(target);
  if (standing.kind === 'link') {
    if (!isNow(standing.text)) return false;
    await rm(target);
  }
  await makeFolderFor(workTree, path);
  const isFile = standing.kind === 'file';
  if (file.mode !== '120000') return put(place, content, { permissions, expected: isFile ? isNow : isNothing });
  if (isFile && !removeFile({ target, spare: beside(workTree, path, SPARE), expected: isNow })) return false;
  await symlink(content.bytes, target);
  return true;
}

async function isBack(target: Buffer, standing: Standing, { file, bytes }: Content): Promise<boolean> {
  if (file.mode === '120000') return standing.kind === 'link' && standing.text.equals(bytes);
  return standing.kind === 'file' && standing.readable && (await readFile(target)).equals(bytes);
}

function isNothing(found: Buffer | null): boolean {
  return found === null;
}

/** In the folder of the file; one restore goes on in a repository at a time. */
function beside(workTree: string, path: RawPath, name: string): Buffer {
  const folder = above(path);
  return filePath(workTree, folder === '' ? name : `${folder}/${name}`);
}

const TEMP = '.quality-restore.tmp';
/** Second name of what is replaced. */
const SPARE = `${TEMP}~`;

/** What a restore that was cut off has left beside this file; not what someone else has written in that very moment. */
export async function dropLeftovers(
  { workTree }: Place,
  path: RawPath,
  isHeld: (bytes: Buffer) => boolean,
): Promise<void> {
  // Where its folder is gone, or a file by now, there is nothing beside it.
  if ((await lstat(filePath(workTree, above(path) || '.')).catch(() => null))?.isDirectory() !== true) return;
  await rm(beside(workTree, path, TEMP), { force: true });
  const spare = beside(workTree, path, SPARE);
  const bytes = await readFile(spare).catch(() => null);
  if (bytes !== null && isHeld(bytes)) await rm(spare);
}

/** Nothing is written through a symlink that has come to stand for a folder. */
async function makeFolderFor(workTree: string, path: RawPath): Promise<void> {
  const folder = above(path);
  if (folder === '') return;
  await makeFolderFor(workTree, folder);
  const absolute = filePath(workTree, folder);
  const stats = await lstat(absolute).catch(() => null);
  if (stats === null) await mkdir(absolute);
  else if (!stats.isDirectory()) throw new Error('something stands where its folder has to be');
}

/** Fails when there is a file anywhere below. */
async function removeEmptyTree(folder: Buffer): Promise<void> {
  for (const name of await readdir(folder, { encoding: 'buffer' })) {
    const path = Buffer.concat([folder, Buffer.from('/'), name]);
    if ((await lstat(path)).isDirectory()) await removeEmptyTree(path);
  }
  await rmdir(folder);
}

interface Put {
  readonly permissions: number | null;
  readonly expected: (found: Buffer | null) => boolean;
}

async function put(place: Place, { path, file, bytes }: Content, { permissions, expected }: Put): Promise<boolean> {
  const { workTree, objectFormat } = place;
  const target = filePath(workTree, path);
  const executable = isExecutable(file.mode);
  const temp = beside(workTree, path, TEMP);
  await rm(temp, { force: true });
  const wanted = permissions ?? permissionsLike(target, executable);
  // From the first moment no one may read it who might not read the file.
  const handle = await open(temp, 'wx', wanted ?? (executable ? 0o777 : 0o666));
  try {
    await handle.writeFile(bytes);
    if (wanted !== null) await handle.chmod(wanted);
    await syncHandle(handle);
  } finally {
    await handle.close();
  }
  const done = replaceFile({ temp, target, spare: beside(workTree, path, SPARE), expected });
  await rm(temp, { force: true });
  if (done && hashAsGit(objectFormat, await readFile(target)) !== file.oid)
    throw new Error('it is not what was written');
  return done;
}

/** The permissions of the file that stands there, but for the one bit that the snapshot knows. */
export function permissionsLike(target: Buffer, executable: boolean): number | null {
  const permissions = permissionsAt(target);
  return permissions === null ? null : withExecutable(permissions, executable);
}
