/** A copy of the workspace for tools that can only write in place: what they change is read off and comes back as edits. */
import { openRepository } from '../git/repository.js';
import { cloneFile } from '../host/clone-file.js';
import { sleep } from '../host/clock.js';
import { isAbsent, lookNow, makeFolder, readlink, symlink } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { absolutePath, basename, dirname, folderOf, isAbsolute, join, workspacePath } from '../host/paths.js';
import { forEachAtMost } from '../host/quick-read.js';
import { withTemporaryFolder } from '../host/temporary-folder.js';
import type { Edit } from '../model/edit.js';
import { lendModules } from '../workspace/lent.js';
import { listRepository } from '../workspace/listing.js';
import { walkFolder } from '../workspace/walk.js';
import { type Original, readEdits } from './scratch/edits.js';
import { writeLike } from './scratch/write-like.js';

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

/** Files that are copied at once. */
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
    const copy = copier(folder, options);
    await forEachAtMost(AT_ONCE, options.files, async (file) => {
      options.signal?.throwIfAborted();
      const original = await copy(file);
      if (original !== null) originals.set(file.path, original);
    });
    await lendModules({ from: options.root, to: folder }, packageFolders(options));
    await sleep(CLOCK_TICK_MS, options.signal);
    return work({ folder, readEdits: () => readEdits(folder, originals, options.tool) });
  });
}

type Copy = (file: ScratchOptions['files'][number]) => Promise<Original | null>;

function copier(folder: string, { root, contents }: ScratchOptions): Copy {
  const made = new Set<string>();
  const prepare = async (to: string): Promise<void> => {
    const parent = dirname(to);
    if (!made.has(parent)) await makeFolder(parent);
    made.add(parent);
  };
  const copyOne: Copy = async ({ path, hash = null }) => {
    const [from, to] = [absolutePath(root, path), join(folder, path)];
    const content = contents?.get(path);
    const source = lookNow(from);
    if (content !== undefined) {
      await prepare(to);
      await writeLike(to, content, source);
      return originalOf(to, { hash: hashBytes(content), link: null });
    }
    // Listed, and gone by now, or a folder: a tracked file that somebody deleted or replaced. Sockets and the like are nobody's.
    const link = source?.isSymbolicLink() === true;
    if (source === null || !(link || source.isFile())) return null;
    await prepare(to);
    const leads = link ? await copyLink(from, to, { root, folder }) : null;
    if (!link) await cloneFile(from, to);
    return originalOf(to, { hash, link: leads, source: { path: from, stats: source } });
  };
  return (file) =>
    copyOne(file).catch((error: unknown) => {
      if (isAbsent(error)) return null;
      throw error;
    });
}

/** null: it is gone again. */
function originalOf(copy: string, of: Omit<Original, 'stats'>): Original | null {
  const stats = lookNow(copy);
  return stats === null ? null : { ...of, stats };
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

/** Of the root and of every package, so that programs and imports are found. */
function packageFolders({ files }: ScratchOptions): readonly string[] {
  const packages = files.flatMap(({ path }) => (basename(path) === 'package.json' ? folderOf(path) : []));
  return [...new Set(['', ...packages])];
}
