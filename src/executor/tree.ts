import type { FileFacts } from '../model/file.js';
import type { JobFile } from '../model/job.js';

/**
 * What the run believes about the contents of the target: hashes as opened, then as edited. In a check or dry run the
 * edits live only here, so that later steps see what earlier ones would have written.
 */
export interface Tree {
  readonly get: (path: string) => JobFile | null;
  /** The file now has this content; `content` only where it does not stand on disk. */
  readonly put: (file: JobFile) => void;
  readonly remove: (path: string) => void;
  readonly files: () => Iterable<JobFile>;
  /** Grows with every change. */
  readonly version: () => number;
  /** Is all of it what stands on disk? */
  readonly isOnDisk: () => boolean;
}

/** `contents`: of files that are to be looked at with other bytes than those on disk. */
export function createTree(files: readonly FileFacts[], contents: ReadonlyMap<string, Uint8Array> = new Map()): Tree {
  const known = new Map<string, JobFile>(files.map(({ path, hash }) => [path, { path, hash }]));
  const state = { version: 0, virtual: 0 };
  const isVirtual = (path: string): number => (known.get(path)?.content === undefined ? 0 : 1);
  const change = (path: string, apply: () => void): void => {
    state.virtual -= isVirtual(path);
    apply();
    state.virtual += isVirtual(path);
    state.version += 1;
  };
  for (const [path, content] of contents) {
    const file = known.get(path);
    if (file !== undefined) change(path, () => known.set(path, { ...file, content }));
  }
  return {
    get: (path) => known.get(path) ?? null,
    put: (file) => change(file.path, () => known.set(file.path, file)),
    remove: (path) => change(path, () => known.delete(path)),
    files: () => known.values(),
    version: () => state.version,
    isOnDisk: () => state.virtual === 0,
  };
}
