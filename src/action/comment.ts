/** One comment on the pull request, written anew by each run. */
import { createHash } from 'node:crypto';
import type { Answer, Call } from './github.js';

/** GitHub's limit. */
const MOST_CHARACTERS = 65_536;

export interface Wanted {
  readonly repository: string;
  readonly pullRequest: number;
  /** Tells the comments of several jobs or folders apart. */
  readonly key: string;
  readonly markdown: string;
  /** Address of the run. */
  readonly url: string;
  /** Is there something to say to somebody who has not been told anything yet? */
  readonly isNews: boolean;
}

export type Commented = 'created' | 'updated' | 'nothing to say' | { readonly status: number };

export async function comment(call: Call, wanted: Wanted): Promise<Commented> {
  const marker = markerOf(wanted.key);
  const issues = `/repos/${wanted.repository}/issues`;
  const found = await findComments(call, `${issues}/${wanted.pullRequest}/comments?per_page=100`, marker);
  if (!Array.isArray(found)) return found as { readonly status: number };
  const body = bodyOf(wanted, marker);
  for (const id of found as readonly number[]) {
    const answer = await call('PATCH', `${issues}/comments/${id}`, { body });
    if (isDone(answer)) return 'updated';
    // It is of somebody whose comments this token may not change.
    if (answer.status !== 403 && answer.status !== 404) return { status: answer.status };
  }
  if (!wanted.isNews) return 'nothing to say';
  const answer = await call('POST', `${issues}/${wanted.pullRequest}/comments`, { body });
  return isDone(answer) ? 'created' : { status: answer.status };
}

function markerOf(key: string): string {
  return `<!-- quality-orchestrator ${createHash('sha256').update(key).digest('hex').slice(0, 16)} -->`;
}

function bodyOf({ markdown, url }: Wanted, marker: string): string {
  const parts = [marker, markdown.trimEnd(), `\n[The run](${url})`];
  const whole = parts.join('\n');
  return whole.length <= MOST_CHARACTERS ? whole : parts.slice(0, 2).join('\n').slice(0, MOST_CHARACTERS);
}

interface Listed {
  readonly id?: unknown;
  readonly body?: unknown;
  readonly user?: { readonly type?: unknown } | null;
  readonly author_association?: unknown;
}

/** Anybody can copy the marker; what outsiders have written is theirs. */
function isOurs({ body, user, author_association: association }: Listed, marker: string): boolean {
  const isInsider = user?.type === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(String(association));
  return isInsider && typeof body === 'string' && body.startsWith(marker);
}

/** Ids of our comments, oldest first. */
async function findComments(
  call: Call,
  first: string,
  marker: string,
): Promise<readonly number[] | { readonly status: number }> {
  const ids: number[] = [];
  for (let path: string | null = first; path !== null;) {
    const answer: Answer = await call('GET', path);
    if (!isDone(answer) || !Array.isArray(answer.body)) return { status: answer.status };
    for (const listed of answer.body as readonly Listed[])
      if (typeof listed.id === 'number' && isOurs(listed, marker)) ids.push(listed.id);
    path = answer.next;
  }
  return ids;
}

function isDone({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}
