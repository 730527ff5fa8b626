/** Calls of git that talk to GitHub: with the rights that the checkout has left behind, else with the token. */
import { git, gitFailure } from '../git/git.js';
import type { ProcessResult } from '../host/process.js';
import { type Result, failed, success } from '../model/result.js';
import { NO_HOOKS, gitSettings } from './environment.js';

export interface Checkout {
  /** Top of the work tree. */
  readonly root: string;
  readonly token: string | null;
}

/** git's answer when it has done its work, trimmed; else null. */
export async function ask({ root }: Checkout, ...args: readonly string[]): Promise<string | null> {
  const result = await git(root, args, { env: gitSettings([NO_HOOKS]) });
  return result.end === 'exit' && result.exitCode === 0 ? result.stdout.toString('utf8').trim() : null;
}

/** Both at once would be two headers of the same name, which GitHub refuses. */
export async function callRemote(checkout: Checkout, args: readonly string[]): Promise<Result<null>> {
  const { root, token } = checkout;
  const first = await git(root, args, { env: gitSettings([NO_HOOKS]) });
  if (isDone(first)) return success(null);
  if (token === null) return failed(gitFailure(first));
  const second = await git(root, args, { env: gitSettings([NO_HOOKS, authorization(token)]) });
  return isDone(second) ? success(null) : failed(gitFailure(second));
}

function isDone({ end, exitCode }: ProcessResult): boolean {
  return end === 'exit' && exitCode === 0;
}

function authorization(token: string): readonly [string, string] {
  const server = process.env.GITHUB_SERVER_URL ?? 'https://github.com';
  const secret = Buffer.from(`x-access-token:${token}`).toString('base64');
  return [`http.${server}/.extraheader`, `AUTHORIZATION: basic ${secret}`];
}
