/** The commit that work began from: where HEAD and a branch, a tag or a commit parted. In a shallow clone, as well as it tells. */
import { nearest } from '../config/suggest.js';
import { git, gitFailure } from '../git/git.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';

export interface MergeBase {
  readonly commit: string;
  /** False in a shallow clone that does not reach back so far: then it is the revision itself. */
  readonly isExact: boolean;
}

export async function mergeBaseWith(root: string, ref: string): Promise<Result<MergeBase>> {
  const commit = await commitOf(root, ref);
  if (commit === null) return failed(await notHere(root, ref));
  const head = await commitOf(root, 'HEAD');
  if (head === null) return success({ commit, isExact: true });
  const base = await git(root, ['merge-base', commit, head]);
  if (base.exitCode === 0) return success({ commit: firstLine(base.stdout), isExact: true });
  if (base.exitCode !== 1) return failed(gitFailure(base));
  if (await isShallow(root)) return success({ commit, isExact: (await parentsOf(root, head)).includes(commit) });
  return failed({
    kind: 'usage',
    message: `\`${ref}\` and HEAD have no common ancestor`,
    next: 'Name a revision that HEAD goes back to.',
  });
}

async function commitOf(root: string, ref: string): Promise<string | null> {
  const answer = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  return answer.exitCode === 0 ? firstLine(answer.stdout) : null;
}

function firstLine(output: Buffer): string {
  return output.toString('utf8').trim().split('\n').at(-1) ?? '';
}

/** As the commit itself names them, whether they are in a shallow clone or not. */
async function parentsOf(root: string, commit: string): Promise<readonly string[]> {
  const raw = await git(root, ['cat-file', 'commit', commit]);
  const [head = ''] = raw.stdout.toString('utf8').split('\n\n', 1);
  return head.split('\n').flatMap((line) => (line.startsWith('parent ') ? line.slice('parent '.length) : []));
}

async function isShallow(root: string): Promise<boolean> {
  const answer = await git(root, ['rev-parse', '--is-shallow-repository']);
  return answer.stdout.toString('utf8').trim() === 'true';
}

const IN_A_WORKFLOW = 'or let actions/checkout have `fetch-depth: 0`';

async function notHere(root: string, ref: string): Promise<Failure> {
  if (/^0{40}(?:0{24})?$/.test(ref))
    return { kind: 'usage', message: `\`${ref}\` is no commit: what was pushed is new`, next: await aBranch(root) };
  const [remotes, shallow] = await Promise.all([namesOfRemotes(root), isShallow(root)]);
  const fetch = `git fetch ${shallow ? '--depth=1 ' : ''}`;
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref)) {
    const next = `Fetch it: \`${fetch}${remotes[0] ?? 'origin'} ${ref}\`; ${IN_A_WORKFLOW}.`;
    return { kind: 'usage', message: `The commit ${ref} is not in this clone`, next };
  }
  if (shallow && /[~^]/.test(ref))
    return { kind: 'usage', message: `This shallow clone does not reach back to \`${ref}\``, next: DEEPER };
  const near = nearest(ref, await namesOfRefs(root));
  const message = `git knows no branch, tag or commit \`${ref}\``;
  if (near !== null) return { kind: 'usage', message, next: `Did you mean \`${near}\`?` };
  const branch = branchOf(ref, remotes, shallow);
  if (branch === null) return { kind: 'usage', message, next: 'List them with `git branch --all` and `git tag`.' };
  return { kind: 'usage', message, next: `Fetch it: \`${fetch}${branch}\`; ${IN_A_WORKFLOW}.` };
}

/** As git fetches it; null where it is none that could be fetched. */
function branchOf(ref: string, remotes: readonly string[], shallow: boolean): string | null {
  const named = remotes.find((name) => ref.startsWith(`${name}/`));
  const remote = named ?? (shallow ? remotes[0] : undefined);
  if (remote === undefined) return null;
  const branch = named === undefined ? ref : ref.slice(named.length + 1);
  return `${remote} ${branch}:refs/remotes/${remote}/${branch}`;
}

const DEEPER = `Fetch more of it: \`git fetch --deepen=50\`; ${IN_A_WORKFLOW}.`;

async function namesOfRefs(root: string): Promise<string[]> {
  const refs = await git(root, [
    'for-each-ref',
    '--format=%(refname:short)',
    'refs/heads',
    'refs/tags',
    'refs/remotes',
  ]);
  return refs.stdout.toString('utf8').split('\n').filter(Boolean);
}

/** `origin` first. */
async function namesOfRemotes(root: string): Promise<string[]> {
  const names = (await git(root, ['remote'])).stdout.toString('utf8').split('\n').filter(Boolean);
  return names.sort((a, b) => Number(b === 'origin') - Number(a === 'origin'));
}

/** `--new-only` without `--since`: nothing is guessed, but the right thing is named where the clone knows it. */
export async function noRevision(root: string): Promise<Failure> {
  return { kind: 'usage', message: '`--new-only` needs `--since <ref>`', next: await aBranch(root) };
}

/** The default branch as the clone knows it. */
async function aBranch(root: string): Promise<string> {
  const head = await git(root, ['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']);
  const refs = await namesOfRefs(root);
  const found = [firstLine(head.stdout), 'origin/main', 'origin/master', 'main', 'master'].find((name) =>
    refs.includes(name),
  );
  return found === undefined
    ? 'Name what to compare with, such as `--since origin/main`.'
    : `Name what to compare with: \`--since ${found}\`.`;
}
