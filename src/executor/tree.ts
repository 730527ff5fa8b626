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

export function createTree(files: readonly FileFacts[]): Tree {
  const known = new Map<string, JobFile>(files.map(({ path, hash }) => [path, { path, hash }]));
  const state = { version: 0, virtual: 0 };
  const isVirtual = (path: string): number => (known.get(path)?.content === undefined ? 0 : 1);
  const change = (path: string, apply: () => void): void => {
    state.virtual -= isVirtual(path);
    apply();
    state.virtual += isVirtual(path);
    state.version += 1;
  };
  return {
    get: (path) => known.get(path) ?? null,
    put: (file) => change(file.path, () => known.set(file.path, file)),
    remove: (path) => change(path, () => known.delete(path)),
    files: () => known.values(),
    version: () => state.version,
    isOnDisk: () => state.virtual === 0,
  };
}
