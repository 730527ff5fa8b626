/** Which of the staged files are looked at, and with which contents. */
import { readBlobs } from '../git/objects.js';
import { type IndexFile, indexFileOf, readIndexFile } from '../git/index-step.js';
import { type Place, placeOf } from '../git/place.js';
import type { Repository } from '../git/repository.js';
import { type StagedFile, readStaged } from '../git/staged.js';
import { absolutePath, isWithin, relativeTo } from '../host/paths.js';
import { stampOf } from '../host/stamp.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import type { LeftAlone } from './work-tree.js';

export interface Staged {
  readonly place: Place;
  readonly index: IndexFile;
  /** Everything that would be committed. */
  readonly all: readonly StagedFile[];
  /** Regular files in the target, by workspace path. */
  readonly files: ReadonlyMap<string, StagedFile>;
  readonly leftAlone: readonly LeftAlone[];
  /** What the disk says of the files now; another answer later: someone has written. */
  readonly stamp: () => string;
}

/** null: the index is empty and was never written. */
export async function readStagedFiles(root: string, repository: Repository): Promise<Result<Staged | null>> {
  const place = placeOf(root, repository);
  const index = await readIndexFile(indexFileOf(repository));
  if (index === null) return success(null);
  const staged = await readStaged(place, repository);
  if (!staged.ok) return staged;
  const unmerged = staged.value.filter(({ status }) => status === 'U');
  if (unmerged.length > 0) return failed(unresolved(unmerged));
  const regular = staged.value.filter(
    ({ path, index: { mode } }) => mode.startsWith('100') && isOurs(repository, path),
  );
  const named = regular.filter(({ isUnnameable }) => !isUnnameable);
  const files = new Map(named.map((file) => [relativeTo(repository.prefix, file.path), file]));
  return success({
    place,
    index,
    all: staged.value,
    files,
    leftAlone: regular
      .filter(({ isUnnameable }) => isUnnameable)
      .map(({ path }) => ({ path, reason: 'its name is not valid UTF-8' })),
    stamp: () => [...files.keys()].map((path) => stampOf(absolutePath(root, path))).join(' '),
  });
}

/** By workspace path. */
export type StagedContents = Promise<Result<ReadonlyMap<string, Buffer>>>;

export async function readStagedContents({ place, files }: Staged): StagedContents {
  const blobs = await readBlobs(
    place,
    [...files.values()].map(({ index: { oid } }) => oid),
  );
  if (!blobs.ok) return blobs;
  const nothing = Buffer.alloc(0);
  return success(
    new Map(
      [...files].map(
        ([
          path,
          {
            index: { oid },
          },
        ]) => [path, blobs.value.get(oid) ?? nothing],
      ),
    ),
  );
}

function isOurs({ prefix }: Repository, path: string): boolean {
  return isWithin(prefix, path) && path !== prefix;
}

function unresolved(files: readonly StagedFile[]): Failure {
  return {
    kind: 'git-state',
    message: `${String(files.length)} files have unresolved conflicts`,
    detail: files
      .slice(0, 10)
      .map(({ path }) => path)
      .join('\n'),
  };
}

/** Would the very same still be committed? */
export async function isStillStaged(
  { root, repository }: { readonly root: string; readonly repository: Repository },
  staged: Staged,
): Promise<boolean> {
  const index = await readIndexFile(staged.index.file);
  if (index?.bytes.equals(staged.index.bytes) === true) return true;
  const now = await readStagedFiles(root, repository);
  const files = now.ok ? now.value?.files : undefined;
  if (files?.size !== staged.files.size) return false;
  return [...files].every(([path, file]) => staged.files.get(path)?.index.oid === file.index.oid);
}
