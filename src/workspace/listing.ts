/** Which paths may be files of the workspace: as git sees it, or by walking where there is no repository. */
import { git } from '../git/git.js';
import { type IndexEntry, type IndexWords, listIndexFiles } from '../git/index-files.js';
import type { Repository } from '../git/repository.js';
import type { ExcludedFile } from '../model/file.js';
import { type Result, success } from '../model/result.js';
import type { Candidate } from './inspect.js';

export interface Listing {
  readonly candidates: readonly Candidate[];
  readonly excluded: readonly ExcludedFile[];
  /** Those that may stand in the work tree otherwise than in the index; absent where there is none. */
  readonly changed?: ReadonlySet<string>;
}

/** null when git leaves out the folder as a whole: it lies in the work tree, but is no part of the repository. */
export async function listRepository(
  root: string,
  repository: Repository,
  said?: IndexWords,
): Promise<Result<Listing | null>> {
  const files = await listIndexFiles(root, said);
  if (!files.ok) return files;
  const { tracked, changed, untracked, nested, unnameable } = files.value;
  if (tracked.length === 0 && untracked.length === 0 && (await isIgnored(root, repository))) return success(null);
  const toCandidate = (entry: IndexEntry): Candidate => ({
    path: entry.path,
    vouched: repository.objectFormat === 'sha1' && !changed.has(entry.path) ? vouchedBy(entry) : null,
  });
  const isTracked = new Set(tracked.map((entry) => entry.path));
  return success({
    changed,
    candidates: [
      ...tracked.filter((entry) => entry.kind !== 'submodule').map(toCandidate),
      ...untracked.filter((path) => !isTracked.has(path)).map((path) => ({ path, vouched: null })),
    ],
    excluded: [
      ...tracked.filter((entry) => entry.kind === 'submodule').map(({ path }) => notAFile(path, 'submodule')),
      ...nested.filter((path) => !isTracked.has(path)).map((path) => notAFile(path, 'a repository of its own')),
      ...unnameable.map((path) => badName(path)),
    ],
  });
}

function vouchedBy({ kind, hash, size }: IndexEntry): Candidate['vouched'] {
  return kind === 'file' && size !== null ? { hash, size } : null;
}

async function isIgnored(root: string, repository: Repository): Promise<boolean> {
  if (repository.prefix === '') return false;
  const answer = await git(root, ['check-ignore', '--quiet', '.']);
  return answer.end === 'exit' && answer.exitCode === 0;
}

export function notAFile(path: string, detail: string): ExcludedFile {
  return { path, reason: 'not-a-file', detail };
}

export function badName(path: string): ExcludedFile {
  return { path, reason: 'not-utf8', detail: 'its name is not valid UTF-8' };
}
