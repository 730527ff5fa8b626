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
}

export function createTree(files: readonly FileFacts[]): Tree {
  const known = new Map<string, JobFile>(files.map(({ path, hash }) => [path, { path, hash }]));
  return {
    get: (path) => known.get(path) ?? null,
    put: (file) => void known.set(file.path, file),
    remove: (path) => void known.delete(path),
  };
}
