/**
 * All files that jscpd is to look at, brought together below one folder. For each path that it is given it starts two threads
 * of its own and sleeps a millisecond (5.3; 5,000 paths took it 8 s instead of 1.4), and left to itself it would look at
 * other files as well. So it gets links: to folders in which there is nothing else, and to single files elsewhere.
 */
import { access, cp, errorCode, makeFolder, readdir, symlink, writeFile } from '../../host/disk.js';
import { basename, dirname, extname, folderOf, join } from '../../host/paths.js';
import { forEachAtMost } from '../../host/quick-read.js';
import { ToolFault } from '../tool-fault.js';
import type { SourceText } from '../tool.js';

export type CloneFile = Pick<SourceText, 'path' | 'absolutePath' | 'text' | 'virtual'>;

export interface Places {
  /** Whose place a name in jscpd's report is: a workspace path; null: that of none of ours. */
  readonly pathOf: (name: string) => string | null;
}

/** A file, or a folder with all that is in it. */
interface Entry {
  readonly path: string;
  readonly absolute: string;
  /** null: a folder. */
  readonly file: CloneFile | null;
}

const LANES = 16;

/** `below`: an existing folder. Throws `ToolFault` for a file that is not there: a link that leads nowhere is passed over in silence. */
export async function placeFiles(files: readonly CloneFile[], below: string): Promise<Places> {
  const entries = (await entriesOf(files)).sort(inOrderOfParts);
  const placed = new Map<string, Entry>();
  await forEachAtMost(LANES, entries.entries(), async ([index, entry]) => {
    // In this order jscpd finds them, and it tells all copies from the first: where they stand does not count.
    const name = String(index).padStart(8, '0');
    placed.set(name, entry);
    await placeEntry(entry, join(below, name));
  });
  const known = new Set(files.map(({ path }) => path));
  const workspacePath = (name: string): string | null => {
    const [first = '', ...rest] = name.slice(below.length + 1).split(/[/\\]/);
    const entry = name.startsWith(below) ? placed.get(first.replace(/\..*$/s, '')) : undefined;
    if (entry === undefined) return null;
    return entry.file === null ? [entry.path, ...rest].filter((part) => part !== '').join('/') : entry.path;
  };
  return {
    pathOf: (name) => {
      // A script within a page is named "page.vue:javascript"; its lines are those of the page.
      const paths = [name, name.replace(/:[^:/\\]+$/, '')].map(workspacePath);
      return paths.find((path) => path !== null && known.has(path)) ?? paths[0] ?? null;
    },
  };
}

/** As jscpd orders paths: by their parts. */
function inOrderOfParts({ path: one }: Entry, { path: other }: Entry): number {
  const [left, right] = [one.split('/'), other.split('/')];
  const place = left.findIndex((part, index) => part !== right[index]);
  if (place === -1) return left.length - right.length;
  const [a = '', b] = [left[place], right[place]];
  return b === undefined || a > b ? 1 : -1;
}

interface Folder {
  readonly absolute: string;
  readonly files: Map<string, CloneFile>;
  readonly folders: Map<string, Folder>;
}

async function entriesOf(files: readonly CloneFile[]): Promise<Entry[]> {
  const virtual = files.filter((file) => file.virtual).map(single);
  const onDisk = files.filter((file) => !file.virtual);
  if (onDisk.length === 0) return virtual;
  return [...virtual, ...(await entriesIn('', treeOf(onDisk)))];
}

function single(file: CloneFile): Entry {
  return { path: file.path, absolute: file.absolutePath, file };
}

function treeOf(files: readonly CloneFile[]): Folder {
  const folders = new Map<string, Folder>();
  const folderAt = (path: string, absolute: string): Folder => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    const folder: Folder = { absolute, files: new Map(), folders: new Map() };
    folders.set(path, folder);
    if (path !== '') folderAt(folderOf(path), dirname(absolute)).folders.set(basename(path), folder);
    return folder;
  };
  for (const file of files)
    folderAt(folderOf(file.path), dirname(file.absolutePath)).files.set(basename(file.path), file);
  // There since the first file.
  return folderAt('', '');
}

/** One entry where nothing else is in the folder. */
async function entriesIn(path: string, folder: Folder): Promise<readonly Entry[]> {
  const inside = await Promise.all(
    [...folder.folders].map(([name, one]) => entriesIn(path === '' ? name : `${path}/${name}`, one)),
  );
  const isWhole = ([one, ...others]: readonly Entry[]): boolean => others.length === 0 && one?.file === null;
  if (inside.every(isWhole) && (await hasNothingElse(folder))) return [{ path, absolute: folder.absolute, file: null }];
  return [...inside.flat(), ...[...folder.files.values()].map(single)];
}

/** Nor a file that tells jscpd what to leave out. */
async function hasNothingElse({ absolute, files, folders }: Folder): Promise<boolean> {
  const found = await readdir(absolute, { withFileTypes: true }).catch(() => null);
  if (found?.length !== files.size + folders.size) return false;
  return found.every((one) => (one.isFile() && files.has(one.name)) || (one.isDirectory() && folders.has(one.name)));
}

async function placeEntry({ file, absolute }: Entry, place: string): Promise<void> {
  if (file === null) return linkTo(absolute, place);
  const named = await namedPlace(file.path, place);
  if (file.virtual) return writeFile(named, file.text);
  return linkTo(file.absolutePath, named);
}

/** The language is seen from the end of the name, or from all of it. */
async function namedPlace(path: string, place: string): Promise<string> {
  const ending = extname(path);
  if (ending !== '') return place + ending;
  await makeFolder(place);
  return join(place, basename(path));
}

async function linkTo(target: string, place: string): Promise<void> {
  try {
    await access(target);
    await symlink(target, place);
  } catch (error) {
    if (errorCode(error) !== 'EPERM')
      throw new ToolFault('tool-crashed', 'jscpd', `${target} cannot be read`, String(error));
    // Windows does not let everybody make links.
    await cp(target, place, { recursive: true });
  }
}
