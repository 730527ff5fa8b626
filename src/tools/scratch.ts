/** A copy of the workspace for tools that can only write in place: what they change is read off and comes back as edits. */
import { openRepository } from '../git/repository.js';
import { cloneFile } from '../host/clone-file.js';
import { sleep } from '../host/clock.js';
import { chmod, isAbsent, lstat, makeFolder, readFile, readlink, symlink, writeFile } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { absolutePath, basename, dirname, folderOf, isAbsolute, join, workspacePath } from '../host/paths.js';
import { forEachAtMost } from '../host/quick-read.js';
import { withTemporaryFolder } from '../host/temporary-folder.js';
import type { Edit } from '../model/edit.js';
import { lendModules } from '../workspace/lent.js';
import { listRepository } from '../workspace/listing.js';
import { walkFolder } from '../workspace/walk.js';
import { type Original, readEdits } from './scratch/edits.js';

export interface ScratchOptions {
  /** For whom it is; faults carry its name. */
  readonly tool: string;
  /** Absolute path of the workspace root. */
  readonly root: string;
  /** Workspace paths. `hash` is that of the content on disk, where it is known; it becomes the edit's `before`. */
  readonly files: readonly { readonly path: string; readonly hash?: string }[];
  /** Contents that stand in the copy instead of those on disk, or beside them. */
  readonly contents?: ReadonlyMap<string, Uint8Array>;
  readonly signal?: AbortSignal;
}

export interface Scratch {
  /** Absolute path of the copy. */
  readonly folder: string;
  /**
   * What has changed in it since: changed, created and deleted files, by path. New files that the target's .gitignore
   * files leave out are none of it.
   */
  readonly readEdits: () => Promise<readonly Edit[]>;
}

/** Files that are copied or compared at once. */
const AT_ONCE = 16;
/** Longer than the clock of any file system ticks: what is written later has another time. */
const CLOCK_TICK_MS = 25;

/** Every file that git would list, or that a walk finds where there is no repository; symlinks too. */
export async function listWorkspace(root: string): Promise<readonly string[]> {
  const repository = await openRepository(root);
  const listed = repository === null ? null : await listRepository(root, repository);
  const listing = listed?.ok === true && listed.value !== null ? listed.value : await walkFolder(root);
  return listing.candidates.map((candidate) => candidate.path);
}

/** The copy is gone afterwards, whatever happens. Nothing of the target is written; what is installed there is lent. */
export async function withScratchCopy<T>(options: ScratchOptions, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  return withTemporaryFolder('scratch', async (folder) => {
    const originals = new Map<string, Original>();
    await forEachAtMost(AT_ONCE, options.files, async (file) => {
      options.signal?.throwIfAborted();
      const original = await copyOne(file, folder, options);
      if (original !== null) originals.set(file.path, original);
    });
    await lendModules({ from: options.root, to: folder }, packageFolders(options));
    await sleep(CLOCK_TICK_MS, options.signal);
    return work({ folder, readEdits: () => readEdits(folder, originals, options.tool) });
  });
}

async function copyOne(
  file: ScratchOptions['files'][number],
  folder: string,
  { root, contents }: ScratchOptions,
): Promise<Original | null> {
  const from = absolutePath(root, file.path);
  const to = join(folder, file.path);
  const content = contents?.get(file.path);
  const kind = content === undefined ? await kindOf(from) : 'text';
  // Listed, and gone by now, or a folder: a tracked file that somebody deleted or replaced. Sockets and the like are nobody's.
  if (kind === null) return null;
  await makeFolder(dirname(to));
  try {
    const link = kind === 'link' ? await copyLink(from, to, { root, folder }) : null;
    if (kind === 'file') await cloneFile(from, to);
    if (content !== undefined) await writeContent(to, content, from);
    const hash = kind === 'file' ? (file.hash ?? hashBytes(await readFile(to))) : null;
    return { hash: content === undefined ? hash : hashBytes(content), link, stats: await lstat(to) };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

async function kindOf(path: string): Promise<'file' | 'link' | null> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (isAbsent(error)) return null;
    throw error;
  });
  if (stats?.isSymbolicLink() === true) return 'link';
  return stats?.isFile() === true ? 'file' : null;
}

/** Returns where it points. */
async function copyLink(from: string, to: string, roots: { root: string; folder: string }): Promise<string> {
  const link = linkInCopy(await readlink(from), roots);
  await symlink(link, to);
  return link;
}

/** An absolute link into the target would let the tool write there: in the copy it leads into the copy. */
function linkInCopy(link: string, { root, folder }: { root: string; folder: string }): string {
  const inside = isAbsolute(link) ? workspacePath(root, link) : null;
  return inside === null ? link : join(folder, inside);
}

async function writeContent(to: string, content: Uint8Array, original: string): Promise<void> {
  await writeFile(to, content);
  const stats = await lstat(original).catch(() => null);
  if (stats?.isFile() === true) await chmod(to, stats.mode);
}

/** Of the root and of every package, so that programs and imports are found. */
function packageFolders({ files }: ScratchOptions): readonly string[] {
  const packages = files.flatMap(({ path }) => (basename(path) === 'package.json' ? folderOf(path) : []));
  return [...new Set(['', ...packages])];
}
