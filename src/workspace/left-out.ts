/** Is a path, which need not exist, left out before anybody looks at it? */
import { git } from '../git/git.js';
import { isHidden } from './exclusion.js';
import type { Workspace } from './types.js';
import { isLeftOutOfWalk } from './walk.js';

type Place = Pick<Workspace, 'root' | 'repository'>;

/** By an ignore file, as part of a repository of its own, or as git's own or ours. */
export async function isLeftOut({ root, repository }: Place, path: string): Promise<boolean> {
  if (isHidden(path)) return true;
  if (repository === null) return isLeftOutOfWalk(root, path);
  if (!(await isIgnored(root, path))) return false;
  // A folder that git ignores as a whole is looked at as if it were in no repository.
  const isWholeIgnored = repository.prefix !== '' && (await isIgnored(root, '.'));
  return isWholeIgnored ? isLeftOutOfWalk(root, path) : true;
}

/** Not where it is tracked in spite of it. Below a submodule or a link git refuses to say. */
async function isIgnored(root: string, path: string): Promise<boolean> {
  const answer = await git(root, ['check-ignore', '--quiet', '--', path]);
  return answer.exitCode !== 1;
}
