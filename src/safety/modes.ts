/** The permissions that files had at earlier moments of a run: contents that come back bring theirs with them. */
import { readJournals } from './journal.js';

/** Permission bits of the file when it last had the content with this hash; null where this run never replaced that. */
export type ModeWhen = (path: string, hash: string | null) => number | null;

export async function modesOf(runDir: string): Promise<ModeWhen> {
  const entries = (await readJournals(runDir)).flatMap((journal) => journal.entries);
  return (path, hash) =>
    hash === null ? null : (entries.findLast((entry) => entry.path === path && entry.before === hash)?.mode ?? null);
}
