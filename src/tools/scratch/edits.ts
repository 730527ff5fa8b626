/** What a tool has changed in a scratch copy. */
import { type Stats, lookNow, readFile, readlink } from '../../host/disk.js';
import { hashBytes } from '../../host/hash.js';
import { join } from '../../host/paths.js';
import { forEachAtMost } from '../../host/quick-read.js';
import { compareText } from '../../model/diagnostic.js';
import type { Edit } from '../../model/edit.js';
import { walkFolder } from '../../workspace/walk.js';
import { ToolFault } from '../tool-fault.js';

/** A file of the copy as it was before the work. */
export interface Original {
  /** null for a symlink, and where nobody has read it yet: `source` tells then. */
  readonly hash: string | null;
  /** What the system says of it; an untouched file says the same afterwards. */
  readonly stats: Stats;
  /** Where it points, if it is a symlink. */
  readonly link: string | null;
  /** What it was copied from, as the system spoke of it before; absent where it was not copied. */
  readonly source?: { readonly path: string; readonly stats: Stats };
}

const AT_ONCE = 16;

/** Sorted by path. New files that the .gitignore files of the copy leave out are none of it. */
export async function readEdits(
  folder: string,
  originals: ReadonlyMap<string, Original>,
  tool: string,
): Promise<readonly Edit[]> {
  const { candidates } = await walkFolder(folder);
  const created = candidates.map(({ path }) => path).filter((path) => !originals.has(path));
  const edits: Edit[] = [];
  const add = async (path: string, edit: Promise<Edit | null | 'link'>): Promise<void> => {
    const found = await edit;
    if (found === 'link') throw linkFault(path, tool);
    if (found !== null) edits.push(found);
  };
  await forEachAtMost(AT_ONCE, originals, ([path, original]) =>
    add(path, changeOf(path, join(folder, path), original)),
  );
  await forEachAtMost(AT_ONCE, created, (path) => add(path, creationOf(path, join(folder, path))));
  return edits.sort((a, b) => compareText(a.path, b.path));
}

async function changeOf(path: string, absolute: string, original: Original): Promise<Edit | null | 'link'> {
  const stats = lookNow(absolute);
  if (stats !== null && isUntouched(original.stats, stats)) return null;
  if (original.link !== null) return (await readlink(absolute).catch(() => null)) === original.link ? null : 'link';
  const before = await hashBefore(original);
  if (stats === null || stats.isDirectory()) return { path, before, after: null };
  if (!stats.isFile()) return 'link';
  const after = await readFile(absolute);
  const executable = isExecutable(stats) === isExecutable(original.stats) ? {} : { executable: isExecutable(stats) };
  if (hashBytes(after) === before && !('executable' in executable)) return null;
  return { path, before, after, ...executable };
}

/** The hash of no file: whoever compares it with what stands there now sees that somebody has changed it. */
const CHANGED_SINCE = 'changed since it was copied';

/** Few of all files are changed: only of these it has to be known. */
async function hashBefore({ hash, source }: Original): Promise<string | null> {
  if (hash !== null || source === undefined) return hash;
  const now = lookNow(source.path);
  return now !== null && isUntouched(source.stats, now) ? hashBytes(await readFile(source.path)) : CHANGED_SINCE;
}

async function creationOf(path: string, absolute: string): Promise<Edit | null | 'link'> {
  const stats = lookNow(absolute);
  if (stats?.isSymbolicLink() === true) return 'link';
  if (stats?.isFile() !== true) return null;
  return { path, before: null, after: await readFile(absolute), ...(isExecutable(stats) ? { executable: true } : {}) };
}

function isUntouched(before: Stats, now: Stats): boolean {
  const facts = ['ino', 'size', 'mode', 'mtimeMs', 'ctimeMs'] as const;
  return facts.every((fact) => before[fact] === now[fact]);
}

function isExecutable(stats: Stats): boolean {
  return process.platform !== 'win32' && (stats.mode & 0o100) !== 0;
}

/** An edit has contents, and a link has none. */
function linkFault(path: string, tool: string): ToolFault {
  const message = `${tool} made, changed or removed a symbolic link, which cannot be taken over`;
  return new ToolFault('tool-output', tool, message, path);
}
