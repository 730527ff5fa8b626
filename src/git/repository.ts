import { realpath } from '../host/disk.js';
import { workspacePath } from '../host/paths.js';
import { git } from './git.js';

/** A repository with a work tree, as seen from the target folder. Bare repositories and `.git` itself are none. */
export interface Repository {
  /** Absolute, symlinks resolved. */
  readonly workTree: string;
  /** This work tree's own git folder: index, HEAD, MERGE_HEAD. Absolute. */
  readonly gitDir: string;
  /** What linked work trees share: objects, refs, config. Absolute. */
  readonly commonDir: string;
  readonly objectFormat: 'sha1' | 'sha256';
  /** The target folder relative to the work tree, `/` between folders; "" when they are the same. */
  readonly prefix: string;
}

/** The repository that `folder` lies in, or null. `GIT_DIR` and `GIT_WORK_TREE` are respected, as git does. */
export async function openRepository(folder: string): Promise<Repository | null> {
  const asked = ['--show-toplevel', '--absolute-git-dir', '--git-common-dir', '--show-object-format'];
  const result = await git(folder, ['rev-parse', '--path-format=absolute', ...asked]);
  if (result.end !== 'exit' || result.exitCode !== 0) return null;
  const [workTree, gitDir, commonDir, objectFormat] = result.stdout.toString('utf8').split('\n');
  if (workTree === undefined || gitDir === undefined || commonDir === undefined || workTree === '') return null;
  const prefix = workspacePath(workTree, await realpath(folder));
  if (prefix === null) return null;
  return { workTree, gitDir, commonDir, objectFormat: objectFormat === 'sha256' ? 'sha256' : 'sha1', prefix };
}
