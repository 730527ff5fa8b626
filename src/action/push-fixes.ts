/** Fixes as a commit on the branch that is checked out. */
import { git } from '../git/git.js';
import { type Result, failed, success } from '../model/result.js';
import { NO_HOOKS, gitSettings } from './environment.js';
import type { GithubEvent } from './event.js';
import { type Checkout, ask, callRemote } from './remote.js';

/** As GitHub names the user behind the token of a workflow. */
const AUTHOR = [
  ['user.name', 'github-actions[bot]'],
  ['user.email', '41898282+github-actions[bot]@users.noreply.github.com'],
] as const;

/** The branch that may be pushed to. null: there is no right to, and the fixes stay a patch. */
export async function branchToPush(checkout: Checkout, event: GithubEvent): Promise<Result<string | null>> {
  if (event.isFromFork || event.name === 'merge_group') return success(null);
  const branch = await ask(checkout, 'symbolic-ref', '--quiet', 'HEAD');
  if (branch !== null) return success(branch);
  return failed({
    kind: 'usage',
    message: 'fix: commit needs a branch, and no branch is checked out',
    next: 'Give actions/checkout `ref: ${{ github.head_ref }}`.',
  });
}

export interface Fixes {
  readonly branch: string;
  /** From the top of the repository. */
  readonly paths: readonly string[];
  readonly message: string;
}

/** Nothing else goes into the commit. A branch that has moved on meanwhile is not overwritten. */
export async function pushFixes(checkout: Checkout, { branch, paths, message }: Fixes): Promise<Result<null>> {
  const input = paths.map((path) => `${path}\0`).join('');
  const listed = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  const calls = [
    { args: ['add', '--all', ...listed], input },
    { args: ['commit', '--quiet', '--only', '--no-verify', '--no-gpg-sign', `--message=${message}`, ...listed], input },
  ];
  for (const { args, input: paths } of calls) {
    const result = await git(checkout.root, ['--literal-pathspecs', ...args], {
      input: paths,
      env: gitSettings([NO_HOOKS, ...AUTHOR]),
    });
    if (result.exitCode !== 0)
      return failed({
        kind: 'tool-crashed',
        message: `git ${String(args[0])} failed`,
        detail: result.stderr.toString('utf8').trim(),
      });
  }
  return callRemote(checkout, ['push', '--quiet', '--no-verify', 'origin', `HEAD:${branch}`]);
}
