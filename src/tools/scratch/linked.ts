/** A copy of the workspace for who only reads: made in milliseconds, however large the workspace is. */
import { cloneFile } from '../../host/clone-file.js';
import { isAbsent, lookNow, makeFolder, namesNow, symlink } from '../../host/disk.js';
import { absolutePath, folderOf, join, posix } from '../../host/paths.js';
import { withTemporaryFolder } from '../../host/temporary-folder.js';
import { writeLike } from './write-like.js';

export interface LinkedCopy {
  /** Absolute path of the workspace root. */
  readonly root: string;
  /** Workspace paths of files that are to be files there, with these contents; null: with those on disk. */
  readonly files: ReadonlyMap<string, Uint8Array | null>;
  /** Workspace folder that somebody will work in: behind a link it would be another one. */
  readonly cwd: string;
}

/** Who would find the repository there could change it. */
const NOT_LINKED = new Set(['.git', '.quality']);

/**
 * Calls `work` with the folder of the copy. Only the folders that lead to these files are folders of its own; what lies
 * beside the way to them is linked to as it stands on disk. The copy is gone afterwards, whatever happens.
 */
export async function withLinkedCopy<T>(copy: LinkedCopy, work: (folder: string) => Promise<T>): Promise<T> {
  const { root, files } = copy;
  return withTemporaryFolder('scratch', async (folder) => {
    const own = ownFolders(copy);
    for (const dir of own) {
      await makeFolder(join(folder, dir));
      for (const name of namesNow(absolutePath(root, dir))) {
        const path = dir === '' ? name : `${dir}/${name}`;
        if (!NOT_LINKED.has(name) && !own.has(path) && !files.has(path))
          await symlink(absolutePath(root, path), join(folder, path));
      }
    }
    for (const [path, content] of files) await put(join(folder, path), content, absolutePath(root, path));
    return work(folder);
  });
}

/** The root is one of them. */
function ownFolders({ files, cwd }: LinkedCopy): ReadonlySet<string> {
  const folders = new Set(['']);
  const add = (folder: string): void => {
    for (let dir = folder; dir !== '' && !folders.has(dir); dir = folderOf(dir)) folders.add(dir);
  };
  add(posix.join('/', cwd).slice(1).replace(/\/$/, ''));
  for (const path of files.keys()) add(folderOf(path));
  return folders;
}

async function put(to: string, content: Uint8Array | null, original: string): Promise<void> {
  if (content !== null) return writeLike(to, content, lookNow(original));
  // Somebody may have deleted it.
  await cloneFile(original, to).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
  });
}
