/** What changed since a branch, a tag or a commit. */
import { diffNames } from '../git/diff-names.js';
import { gitOutput, splitNul } from '../git/git.js';
import { type Result, failed, success } from '../model/result.js';
import { mergeBaseWith } from './merge-base.js';
import type { Workspace } from './types.js';

/**
 * Files of the workspace that differ from the merge base of `ref` and HEAD: committed since, staged, changed or
 * untracked. Deleted files are not among them. Sorted by path.
 */
export async function filesChangedSince(workspace: Workspace, ref: string): Promise<Result<readonly string[]>> {
  const { root, repository } = workspace;
  if (repository === null)
    return failed({ kind: 'usage', message: '`--since` needs a git repository', next: `Run \`git init\` in ${root}.` });
  const base = await mergeBaseWith(root, ref);
  if (!base.ok) return base;
  const [changed, untracked] = await Promise.all([
    diffNames({ root, repository }, [base.value.commit, '--', '.']),
    gitOutput(root, ['ls-files', '-z', '--others', '--exclude-standard']),
  ]);
  if (!changed.ok) return changed;
  if (!untracked.ok) return untracked;
  const names = new Set([...changed.value, ...splitNul(untracked.value)]);
  return success(workspace.files.map(({ path }) => path).filter((path) => names.has(path)));
}
