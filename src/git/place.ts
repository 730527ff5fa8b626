/** Where snapshots of a target are kept, and git called there in a way that leaves no trace elsewhere. */
import { readTextIfThere, rm } from '../host/disk.js';
import { appendDurably, makeFolderDurably } from '../host/durable.js';
import type { ObjectFormat } from '../host/git-hash.js';
import { join } from '../host/paths.js';
import type { ProcessResult } from '../host/process.js';
import { type Result, failed, success } from '../model/result.js';
import { git, gitFailure } from './git.js';
import type { Repository } from './repository.js';

export interface Place {
  readonly workTree: string;
  readonly gitDir: string;
  /** Folder for what belongs to the snapshots and is no object of git: copies of the index. */
  readonly keep: string;
  readonly objectFormat: ObjectFormat;
  /**
   * A git folder that sees the same objects and takes every file for mere bytes: no filter, no line endings, no
   * encodings. What is checked out with it comes back byte for byte.
   */
  readonly rawGitDir: string;
  /** Ours alone, for a target that is no repository: there is no index of the user's. */
  readonly own: boolean;
}

export function placeOf(root: string, repository: Repository | null): Place {
  if (repository === null) {
    const gitDir = join(root, '.quality', 'snapshots.git');
    return { workTree: root, gitDir, rawGitDir: gitDir, keep: gitDir, objectFormat: 'sha1', own: true };
  }
  const { workTree, gitDir, commonDir, objectFormat } = repository;
  const keep = join(commonDir, 'quality', 'snapshots');
  return { workTree, gitDir, rawGitDir: join(commonDir, 'quality', 'raw.git'), keep, objectFormat, own: false };
}

export const SNAPSHOT_REFS = 'refs/quality/snapshots/';

/** Where one snapshot's copy of the index is; where its run's are, without a number. */
export function copyFolder(place: Place, run: string, number?: number): string {
  const folder = place.own ? join(place.keep, 'runs', run) : join(place.keep, run);
  return number === undefined ? folder : join(folder, String(number));
}

export interface PlaceCall {
  readonly input?: Uint8Array;
  readonly indexFile?: string;
}

/** Neither a daemon nor a shared index file nor a hook (there are some for refs and for the index) comes into it. */
const QUIET = ['core.fsmonitor=false', 'core.splitIndex=false', 'core.hooksPath=/dev/null'].flatMap((one) => [
  '-c',
  one,
]);

export async function gitAt(place: Place, args: readonly string[], call: PlaceCall = {}): Promise<ProcessResult> {
  const alone = { GIT_INDEX_FILE: undefined, GIT_OBJECT_DIRECTORY: undefined, GIT_COMMON_DIR: undefined };
  return git(place.workTree, [...QUIET, ...args], {
    env: {
      ...(place.own ? alone : {}),
      GIT_DIR: place.gitDir,
      GIT_WORK_TREE: place.workTree,
      ...(call.indexFile === undefined ? {} : { GIT_INDEX_FILE: call.indexFile }),
    },
    ...(call.input === undefined ? {} : { input: call.input }),
  });
}

export async function outputAt(place: Place, args: readonly string[], call: PlaceCall = {}): Promise<Result<Buffer>> {
  const result = await gitAt(place, args, call);
  return result.end === 'exit' && result.exitCode === 0 ? success(result.stdout) : failed(gitFailure(result));
}

export async function lineAt(place: Place, args: readonly string[], call: PlaceCall = {}): Promise<Result<string>> {
  const output = await outputAt(place, args, call);
  return output.ok ? success(output.value.toString('utf8').trim()) : output;
}

/** `!working-tree-encoding`, not `-`: git refuses to switch it off, but takes it for not said. */
const RAW_ATTRIBUTES = '* -text -filter -ident !eol !working-tree-encoding\n';

/** Makes the raw git folder, once for each repository. */
export async function prepareRawGit(place: Place): Promise<Result<null>> {
  const { rawGitDir, objectFormat } = place;
  const attributes = join(rawGitDir, 'info', 'attributes');
  if ((await readTextIfThere(attributes)) === RAW_ATTRIBUTES) return success(null);
  await makeFolderDurably(join(rawGitDir, '..'));
  const init = ['init', '--quiet', '--bare', '--template=', `--object-format=${objectFormat}`, rawGitDir];
  const made = await git(place.workTree, init, {
    env: { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined, GIT_OBJECT_DIRECTORY: undefined },
  });
  if (made.end !== 'exit' || made.exitCode !== 0) return failed(gitFailure(made));
  await makeFolderDurably(join(rawGitDir, 'info'));
  await makeFolderDurably(join(rawGitDir, 'objects', 'info'));
  if (!place.own) await replace(join(rawGitDir, 'objects', 'info', 'alternates'), '../../../objects\n');
  await replace(attributes, RAW_ATTRIBUTES);
  return success(null);
}

async function replace(path: string, text: string): Promise<void> {
  await rm(path, { force: true });
  await appendDurably(path, text);
}
