/** What stands on disk at a path of the work tree, as a snapshot sees it. */
import { isAbsent, lstat, open, readlink } from '../host/disk.js';
import { type RawPath, filePath } from './raw-path.js';

export type Standing =
  | { readonly kind: 'file'; readonly executable: boolean; readonly size: number; readonly readable: boolean }
  | { readonly kind: 'link'; readonly text: Buffer }
  | { readonly kind: 'folder' }
  | { readonly kind: 'nothing' };

const NOTHING: Standing = { kind: 'nothing' };

/** Remembers which folders are real ones: below a symlink there is nothing that belongs to the work tree. */
export function createLook(workTree: string): (path: RawPath) => Promise<Standing> {
  const folders = new Map<RawPath, Promise<boolean>>();
  const isFolder = (path: RawPath): Promise<boolean> => {
    if (path === '') return Promise.resolve(true);
    const known = folders.get(path) ?? checkFolder(path);
    folders.set(path, known);
    return known;
  };
  const checkFolder = async (path: RawPath): Promise<boolean> => {
    if (!(await isFolder(above(path)))) return false;
    const stats = await lstat(filePath(workTree, path)).catch(() => null);
    return stats?.isDirectory() === true;
  };
  return async (path) => ((await isFolder(above(path))) ? lookAt(filePath(workTree, path)) : NOTHING);
}

export function above(path: RawPath): RawPath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

async function lookAt(path: Buffer): Promise<Standing> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return { kind: 'link', text: await readlink(path, { encoding: 'buffer' }) };
    if (stats.isDirectory()) return { kind: 'folder' };
    if (!stats.isFile()) return NOTHING;
    return { kind: 'file', executable: (stats.mode & 0o100) !== 0, size: stats.size, readable: await isReadable(path) };
  } catch (error) {
    if (isAbsent(error)) return NOTHING;
    throw error;
  }
}

async function isReadable(path: Buffer): Promise<boolean> {
  try {
    await (await open(path, 'r')).close();
    return true;
  } catch {
    return false;
  }
}
