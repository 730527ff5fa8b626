/** The one place that knows about separators: inside, paths are relative to the workspace root with `/` between folders. */
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';

export { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
export { posix } from 'node:path';
export { fileURLToPath, pathToFileURL } from 'node:url';

/** Absolute path of a workspace path. */
export function absolutePath(root: string, path: string): string {
  return path === '' ? root : join(root, path);
}

/** As `join`, in a quarter of the time, for one of thousands of names: with `/` in it at most, and nothing to make shorter. */
export function joinName(folder: string, name: string): string {
  return `${folder}${sep}${sep === '/' ? name : name.replaceAll('/', sep)}`;
}

/** Workspace path of an absolute one, or null when it lies outside the root. "" is the root itself. */
export function workspacePath(root: string, absolute: string): string | null {
  const path = relative(root, resolve(root, absolute));
  if (path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return null;
  return sep === '/' ? path : path.split(sep).join('/');
}

/** Is `path` the folder `dir` or below it? Both workspace paths; "" is the root and holds everything. */
export function isWithin(dir: string, path: string): boolean {
  return dir === '' || path === dir || path.startsWith(`${dir}/`);
}

/** `path` as seen from the folder `dir` that holds it. */
export function relativeTo(dir: string, path: string): string {
  return dir === '' ? path : path.slice(dir.length + 1);
}

/** Absolute paths below the root that a text names, as workspace paths. */
export function withoutRoot(text: string, root: string): string {
  if (!text.includes(basename(root))) return text;
  const written = root.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\\|\//g, '[\\\\/]');
  return text.replace(new RegExp(`(?<![\\w.-])(?:file:\\/\\/\\/?)?${written}[\\\\/]`, 'g'), '');
}

/** Folder of a workspace path; "" for a file at the root. */
export function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}
