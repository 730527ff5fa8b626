/** The files below a folder that is in no repository: what git would list if it were one. */
import type { Ignore } from 'ignore';
import { type Dirent, errorCode, exists, isAbsent, readTextIfThere, readdir } from '../host/disk.js';
import { absolutePath, relativeTo } from '../host/paths.js';
import type { ExcludedFile } from '../model/file.js';
import type { Candidate } from './inspect.js';
import { type Listing, badName, notAFile } from './listing.js';

const SKIPPED = new Set(['node_modules', '.git', '.hg', '.svn', '.quality']);

/** The .gitignore of one folder. */
interface Level {
  readonly dir: string;
  /** Its lines, and the folders that they ignore but those of a deeper folder took back. */
  readonly lines: string;
  readonly rules: Ignore;
}

interface Walk {
  readonly root: string;
  readonly createIgnore: () => Ignore;
  readonly candidates: Candidate[];
  readonly excluded: ExcludedFile[];
}

export async function walkFolder(root: string): Promise<Listing> {
  const walk = await newWalk(root);
  await walkInto(walk, '', []);
  return walk;
}

async function newWalk(root: string): Promise<Walk> {
  const { default: createIgnore } = await import('ignore');
  return { root, createIgnore: () => createIgnore({ ignoreCase: false }), candidates: [], excluded: [] };
}

/** Would the walk leave out a file of this path, which need not be there yet? */
export async function isLeftOutOfWalk(root: string, path: string): Promise<boolean> {
  const walk = await newWalk(root);
  const names = path.split('/');
  let levels: readonly Level[] = [];
  for (const [index, name] of names.entries()) {
    const dir = names.slice(0, index).join('/');
    const entries = await entriesOf(walk, dir);
    if (SKIPPED.has(name) || (dir !== '' && entries.some((entry) => entry.name === '.git'))) return true;
    const isFolder = index < names.length - 1;
    const verdict = judge(walk, dir === '' ? name : `${dir}/${name}`, isFolder, [
      ...levels,
      ...(await levelOf(walk, dir, entries)),
    ]);
    if (verdict === null) return true;
    levels = verdict;
  }
  return false;
}

async function walkInto(walk: Walk, dir: string, above: readonly Level[]): Promise<void> {
  const entries = await entriesOf(walk, dir);
  if (dir !== '' && entries.some((entry) => entry.name === '.git')) {
    walk.excluded.push(notAFile(dir, 'a repository of its own'));
    return;
  }
  const levels = [...above, ...(await levelOf(walk, dir, entries))];
  const folders: { path: string; levels: readonly Level[] }[] = [];
  for (const entry of entries) {
    const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
    if (SKIPPED.has(entry.name)) continue;
    const verdict = judge(walk, path, entry.isDirectory(), levels);
    if (verdict === null) continue;
    if (await isUnnameable(walk, path)) walk.excluded.push(badName(path));
    else if (entry.isDirectory()) folders.push({ path, levels: verdict });
    else walk.candidates.push({ path, vouched: null });
  }
  for (const folder of folders) await walkInto(walk, folder.path, folder.levels);
}

/** Node puts U+FFFD where a name is not valid UTF-8, and such a name leads to nothing. It may be part of a name, too. */
async function isUnnameable(walk: Walk, path: string): Promise<boolean> {
  return path.includes('\uFFFD') && !(await exists(absolutePath(walk.root, path)).catch(() => true));
}

async function entriesOf(walk: Walk, dir: string): Promise<Dirent[]> {
  try {
    return await readdir(absolutePath(walk.root, dir), { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error) && dir !== '') return [];
    if (errorCode(error) !== 'EACCES' && errorCode(error) !== 'EPERM') throw error;
    walk.excluded.push({ path: dir, reason: 'unreadable', detail: 'permission denied' });
    return [];
  }
}

async function levelOf(walk: Walk, dir: string, entries: readonly Dirent[]): Promise<Level[]> {
  if (!entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) return [];
  const text = await readTextIfThere(absolutePath(walk.root, dir === '' ? '.gitignore' : `${dir}/.gitignore`)).catch(
    () => null,
  );
  return text === null ? [] : [{ dir, lines: text, rules: walk.createIgnore().add(text) }];
}

/** The deepest .gitignore that says something decides. null: ignored; else the levels as they hold below this path. */
function judge(walk: Walk, path: string, isFolder: boolean, levels: readonly Level[]): readonly Level[] | null {
  const below: Level[] = [];
  let kept = false;
  for (const level of levels.toReversed()) {
    const asked = relativeTo(level.dir, isFolder ? `${path}/` : path);
    const answer = level.rules.test(asked);
    if (answer.ignored && !kept) return null;
    kept ||= answer.unignored;
    below.push(answer.ignored && isFolder ? withoutFolder(walk, level, asked) : level);
  }
  return below.reverse();
}

/** `ignore` takes all below an ignored folder for ignored; git asks again what was taken back by a deeper .gitignore. */
function withoutFolder(walk: Walk, level: Level, folder: string): Level {
  const lines = `${level.lines}\n!/${folder.replace(/[\\*?[\]!# ]/g, '\\$&')}`;
  return { dir: level.dir, lines, rules: walk.createIgnore().add(lines) };
}
