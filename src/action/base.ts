/**
 * The commit to compare with. A checkout in a workflow is shallow: what is missing of the history is fetched, a little
 * more each time, until the commit and HEAD have an ancestor in common.
 */
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import type { GithubEvent } from './event.js';
import { type Checkout, ask, callRemote } from './remote.js';

/** null: the event proposes no change of anything. A failure: there is one, and it cannot be had. */
export async function baseOfEvent(checkout: Checkout, event: GithubEvent): Promise<Result<string | null>> {
  const merged = await mergedInto(checkout, event);
  if (merged !== null) return success(merged);
  if (event.base === null) return success(null);
  // After a push by force, the commit before may be nowhere.
  const found = await withCommonAncestor(checkout, event.base);
  return found.ok || event.name !== 'push' ? found : success(null);
}

/** A branch, a tag or a commit that the workflow file names. */
export async function baseOfRef(checkout: Checkout, ref: string): Promise<Result<string>> {
  const known = await commitOf(checkout, ref);
  if (known !== null) return withCommonAncestor(checkout, known);
  const branch = ref.replace(/^(?:refs\/(?:heads|remotes\/origin)\/|origin\/)/, '');
  const name = /^[0-9a-f]{40,64}$/.test(ref) || ref.startsWith('refs/') ? ref : `refs/heads/${branch}`;
  for (const wanted of new Set([name, `refs/tags/${ref}`])) {
    if ((await ask(checkout, 'check-ref-format', '--allow-onelevel', wanted)) === null) continue;
    const fetched = await fetch(checkout, ['--depth=1', 'origin', wanted]);
    const commit = fetched.ok ? await commitOf(checkout, 'FETCH_HEAD') : null;
    if (commit !== null) return withCommonAncestor(checkout, commit);
  }
  return failed({
    kind: 'usage',
    message: `since: there is no branch, tag or commit "${ref}" here, and it could not be fetched`,
  });
}

/** The first parent of the merge that GitHub makes to try a pull request: newer than the base that the event names. */
async function mergedInto(checkout: Checkout, event: GithubEvent): Promise<string | null> {
  if (!event.isTestMerge || (await commitOf(checkout, 'HEAD')) !== event.commit) return null;
  const parent = async (): Promise<string | null> => commitOf(checkout, 'HEAD^1');
  return (await parent()) ?? ((await fetch(checkout, ['--depth=2', 'origin', event.commit])).ok ? parent() : null);
}

const DEEPER = ['--deepen=50', '--deepen=1000', '--unshallow'];

async function withCommonAncestor(checkout: Checkout, hash: string): Promise<Result<string>> {
  const isEnough = async (): Promise<boolean> => (await ask(checkout, 'merge-base', hash, 'HEAD')) !== null;
  if (await isEnough()) return success(hash);
  // The server deepens only what leads to the commits that it is asked for: HEAD's own history needs to be among them.
  const head = (await commitOf(checkout, 'HEAD')) ?? 'HEAD';
  let last: Result<null> = success(null);
  if ((await commitOf(checkout, hash)) === null) last = await fetch(checkout, ['--depth=1', 'origin', hash]);
  for (const deeper of DEEPER) {
    if (await isEnough()) return success(hash);
    if (!last.ok || (await ask(checkout, 'rev-parse', '--is-shallow-repository')) !== 'true') break;
    last = await fetch(checkout, [deeper, 'origin', hash, head]);
  }
  return (await isEnough()) ? success(hash) : failed(missing(hash, last));
}

function missing(hash: string, last: Result<null>): Failure {
  const detail = last.ok ? undefined : last.failure.detail;
  return {
    kind: 'usage',
    message: `the commit ${hash} to compare with is not in this checkout, or has no ancestor in common with it`,
    next: 'Give actions/checkout `fetch-depth: 0`.',
    ...(detail === undefined ? {} : { detail }),
  };
}

async function fetch(checkout: Checkout, args: readonly string[]): Promise<Result<null>> {
  return callRemote(checkout, ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', ...args]);
}

async function commitOf(checkout: Checkout, ref: string): Promise<string | null> {
  return ask(checkout, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
}
