/** What has happened on GitHub, from the environment and the event's payload. Nothing in the payload is trusted. */
import { readTextIfThere } from '../host/disk.js';

export interface GithubEvent {
  /** `push`, `pull_request`, `merge_group`, `schedule`… */
  readonly name: string;
  readonly pullRequest: number | null;
  /** It comes from a repository in which this run has no rights. */
  readonly isFromFork: boolean;
  /** The commit that the event's changes are to be compared with. */
  readonly base: string | null;
  /** Hash of the commit that GitHub has started the run for. */
  readonly commit: string;
  /** The run is for the merge of a pull request with its base, which GitHub makes for the purpose. */
  readonly isTestMerge: boolean;
}

export async function readEvent(env: NodeJS.ProcessEnv): Promise<GithubEvent> {
  const payload = parsed(await readTextIfThere(env.GITHUB_EVENT_PATH ?? ''));
  const number = at(payload, 'pull_request', 'number');
  const head = at(payload, 'pull_request', 'head', 'repo', 'full_name');
  const isPullRequest = at(payload, 'pull_request') !== undefined;
  return {
    name: env.GITHUB_EVENT_NAME ?? '',
    pullRequest: typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null,
    // The repository of the head is null when it has been deleted.
    isFromFork: isPullRequest && head !== env.GITHUB_REPOSITORY,
    base: baseOf(payload),
    commit: env.GITHUB_SHA ?? '',
    isTestMerge: /^refs\/pull\/\d+\/merge$/.test(env.GITHUB_REF ?? ''),
  };
}

const BASES = [['pull_request', 'base', 'sha'], ['merge_group', 'base_sha'], ['before']] as const;

function baseOf(payload: unknown): string | null {
  const hashes = BASES.map((place) => at(payload, ...place));
  const isHash = (hash: unknown): hash is string => typeof hash === 'string' && /^(?!0+$)[0-9a-f]{40,64}$/.test(hash);
  return hashes.find(isHash) ?? null;
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
