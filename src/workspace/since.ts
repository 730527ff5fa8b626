/** What changed since a branch, a tag or a commit. */
import { git, gitOutput, splitNul } from '../git/git.js';
import { type Result, failed, success } from '../model/result.js';
import { nearest } from '../config/suggest.js';
import type { Workspace } from './types.js';

/**
 * Files of the workspace that differ from the merge base of `ref` and HEAD: committed since, staged, changed or
 * untracked. Deleted files are not among them. Sorted by path.
 */
export async function filesChangedSince(workspace: Workspace, ref: string): Promise<Result<readonly string[]>> {
  const { root, repository } = workspace;
  if (repository === null)
    return failed({ kind: 'usage', message: '`--since` needs a git repository', next: `Run \`git init\` in ${root}.` });
  const base = await mergeBase(root, ref);
  if (!base.ok) return base;
  const [changed, untracked] = await Promise.all([
    gitOutput(root, ['diff', ...DIFF_ARGS, base.value, '--', '.']),
    gitOutput(root, ['ls-files', '-z', '--others', '--exclude-standard']),
  ]);
  if (!changed.ok) return changed;
  if (!untracked.ok) return untracked;
  const names = new Set([...splitNul(changed.value), ...splitNul(untracked.value)]);
  return success(workspace.files.map(({ path }) => path).filter((path) => names.has(path)));
}

/** No rename detection: both names matter. No drivers and no external programs: only whether bytes differ. */
const DIFF_ARGS = [
  '-z',
  '--name-only',
  '--relative',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=all',
];

async function mergeBase(root: string, ref: string): Promise<Result<string>> {
  const commit = await commitOf(root, ref);
  if (commit === null) return failed(await unknownRef(root, ref));
  const head = await commitOf(root, 'HEAD');
  if (head === null) return success(commit);
  const base = await git(root, ['merge-base', commit, head]);
  if (base.exitCode === 0) return success(firstLine(base.stdout));
  return failed({
    kind: 'usage',
    message: `\`${ref}\` and HEAD have no common ancestor here`,
    detail: base.stderr.toString('utf8').trim(),
    next: 'In a shallow clone fetch more of the history: `git fetch --unshallow`.',
  });
}

async function commitOf(root: string, ref: string): Promise<string | null> {
  const answer = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  return answer.exitCode === 0 ? firstLine(answer.stdout) : null;
}

function firstLine(output: Buffer): string {
  return output.toString('utf8').trim().split('\n').at(-1) ?? '';
}

async function unknownRef(root: string, ref: string) {
  const refs = await git(root, [
    'for-each-ref',
    '--format=%(refname:short)',
    'refs/heads',
    'refs/tags',
    'refs/remotes',
  ]);
  const near = nearest(ref, refs.stdout.toString('utf8').split('\n').filter(Boolean));
  return {
    kind: 'usage' as const,
    message: `git knows no branch, tag or commit \`${ref}\``,
    next: near === null ? 'List them with `git branch --all` and `git tag`.' : `Did you mean \`${near}\`?`,
  };
}
