/** One file of a snapshot, back in its place. */
import { lstat, mkdir, open, readFile, readdir, rm, rmdir, symlink } from '../host/disk.js';
import { hashAsGit } from '../host/git-hash.js';
import { removeFile, replaceFile } from '../host/replace.js';
import type { Place } from './place.js';
import { type RawPath, filePath } from './raw-path.js';
import { type Standing, above, createLook } from './standing.js';
import type { Content, TreeFile } from './tree-files.js';

/** Deletes a file that the run has made, if it is still as the run made it, and folders that are empty without it. */
export async function removeCreated({ workTree }: Place, path: RawPath, bytes: Uint8Array): Promise<boolean> {
  const standing = await createLook(workTree)(path);
  const expected = (found: Buffer | null): boolean => found?.equals(bytes) === true;
  if (standing.kind === 'link') {
    if (!expected(standing.text)) return false;
    await rm(filePath(workTree, path));
  } else if (!removeFile({ target: filePath(workTree, path), spare: beside(workTree, path, '~'), expected }))
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

/** `now` is what stood there when the restore began; false when it is something else by now. */
export async function restoreFile(place: Place, now: TreeFile | undefined, content: Content): Promise<boolean> {
  const { workTree, objectFormat } = place;
  const { path, file } = content;
  const target = filePath(workTree, path);
  const asNow = (found: Buffer | null): boolean =>
    (found === null ? undefined : hashAsGit(objectFormat, found)) === now?.oid;
  const standing = await createLook(workTree)(path);
  if (standing.kind === 'folder') await removeEmptyTree(target);
  if (standing.kind === 'link') {
    if (!asNow(standing.text)) return false;
    await rm(target);
  }
  await makeFolderFor(workTree, path);
  const isFile = standing.kind === 'file';
  if (file.mode !== '120000') return put(place, content, { standing, expected: isFile ? asNow : isNothing });
  if (isFile && !removeFile({ target, spare: beside(workTree, path, '~'), expected: asNow })) return false;
  await symlink(content.bytes, target);
  return true;
}

function isNothing(found: Buffer | null): boolean {
  return found === null;
}

/** A free name in the folder of the file. */
function beside(workTree: string, path: RawPath, end: string): Buffer {
  const folder = above(path);
  const name = `.quality-restore-${process.pid}${end}`;
  return filePath(workTree, folder === '' ? name : `${folder}/${name}`);
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

const ANY_EXECUTE = 0o111;
const ANY_READ = 0o444;
const PERMISSIONS = 0o7777;

interface Way {
  readonly standing: Standing;
  readonly expected: (found: Buffer | null) => boolean;
}

async function put(place: Place, { path, file, bytes }: Content, { standing, expected }: Way): Promise<boolean> {
  const { workTree, objectFormat } = place;
  const target = filePath(workTree, path);
  const executable = file.mode === '100755';
  const temp = beside(workTree, path, '');
  await rm(temp, { force: true });
  const handle = await open(temp, 'wx', executable ? 0o777 : 0o666);
  try {
    await handle.writeFile(bytes);
    if (standing.kind === 'file') await handle.chmod(modeLike((await lstat(target)).mode, executable));
    await handle.sync();
  } finally {
    await handle.close();
  }
  const done = replaceFile({ temp, target, spare: beside(workTree, path, '~'), expected });
  await rm(temp, { force: true });
  if (done && hashAsGit(objectFormat, await readFile(target)) !== file.oid)
    throw new Error('it is not what was written');
  return done;
}

/** The permissions of the file that stood there, but for the one bit that the snapshot knows. */
function modeLike(mode: number, executable: boolean): number {
  const bits = mode & PERMISSIONS;
  return executable ? bits | ((bits & ANY_READ) >> 2) : bits & ~ANY_EXECUTE;
}
