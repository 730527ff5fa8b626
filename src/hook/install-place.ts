/** Where the hooks of a repository are, and whose that folder is. */
import { gitOutput } from '../git/git.js';
import { type Repository, openRepository } from '../git/repository.js';
import { exists, realpath, stat } from '../host/disk.js';
import { basename, dirname, join, workspacePath } from '../host/paths.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';

export interface HookPlace {
  readonly repository: Repository;
  /** Folder of the hook files, absolute; there may be none yet. */
  readonly folder: string;
  /** `git`: git's own; `work-tree`: committed with the project; `shared`: somewhere else, for other repositories too. */
  readonly owner: 'git' | 'work-tree' | 'shared';
  /** husky starts the hooks in this folder: they need not be executable. `asleep`: it has not been switched on here. */
  readonly husky: 'awake' | 'asleep' | null;
}

export async function findHookPlace(cwd: string): Promise<Result<HookPlace>> {
  const repository = await openRepository(cwd);
  if (repository === null) return failed(noRepository(cwd));
  const named = await gitOutput(repository.workTree, ['rev-parse', '--path-format=absolute', '--git-path', 'hooks']);
  if (!named.ok) return named;
  const git = named.value.toString('utf8').replace(/\n$/, '');
  if ((await stat(git).catch(() => null))?.isDirectory() === false) return failed(switchedOff(git));
  const { folder, husky } = await huskyFolder(repository, git);
  const real = await realFolder(folder);
  return success({ repository, folder: real, owner: ownerOf(repository, real), husky });
}

function noRepository(cwd: string): Failure {
  return {
    kind: 'target-invalid',
    message: `${cwd} is in no git repository with a work tree`,
    next: 'Go into a repository, or make one with `git init`.',
  };
}

function switchedOff(path: string): Failure {
  return {
    kind: 'git-state',
    message: `Hooks are switched off here: core.hooksPath is ${path}, which is no folder`,
    next: '`git config --show-origin core.hooksPath` says where that is set; `git config --unset core.hooksPath` takes it away.',
  };
}

/** husky 9 keeps what git starts in a folder `_` of its own, older ones their `husky.sh`; people's hooks are above it. */
async function huskyFolder(
  { workTree, commonDir }: Repository,
  git: string,
): Promise<Pick<HookPlace, 'folder' | 'husky'>> {
  if (basename(git) === '_' && workspacePath(workTree, git) !== null) return { folder: dirname(git), husky: 'awake' };
  if (await exists(join(git, '_', 'husky.sh'))) return { folder: git, husky: null };
  const asleep = join(workTree, '.husky');
  if (git === join(commonDir, 'hooks') && (await exists(asleep))) return { folder: asleep, husky: 'asleep' };
  return { folder: git, husky: null };
}

async function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}

function ownerOf({ commonDir, workTree }: Repository, folder: string): HookPlace['owner'] {
  if (workspacePath(commonDir, folder) !== null) return 'git';
  return workspacePath(workTree, folder) === null ? 'shared' : 'work-tree';
}
