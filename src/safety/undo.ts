/** Takes edits back that were applied and whose journals are closed; through the transaction, like every other write. */
import { realpath } from '../host/disk.js';
import type { Failure } from '../model/failure.js';
import { type JournalEntry, readJournals } from './journal.js';
import type { Changed, Write } from './prepare.js';
import { type Place, type TakenBack, inverseOf, makeFoldersAgain, restoreFailure } from './put-back.js';
import { locate } from './target.js';
import { type AppliedEdit, type Transaction, applyWrites } from './transaction.js';

/** Takes back these edits, wherever the file still is what they made of it. */
export async function takeBack(transaction: Transaction, applied: readonly AppliedEdit[]): Promise<TakenBack> {
  const entries = (await readJournals(transaction.runDir)).flatMap((journal) => journal.entries);
  const steps = [...applied].reverse().map((edit) => entryOf(edit, entries));
  const { writes, failures } = await inversesOf(transaction.runDir, steps);
  const outcome = await applyWrites(transaction, writes);
  await makeFoldersAgain(transaction.root, steps);
  return takenBack(
    outcome.applied.map((edit) => edit.path),
    outcome.changedMeanwhile,
    [...failures, ...outcome.failures],
  );
}

function entryOf(edit: AppliedEdit, entries: readonly JournalEntry[]): JournalEntry {
  const same = (entry: JournalEntry): boolean =>
    entry.path === edit.path && entry.before === edit.before && entry.after === edit.after;
  const entry = entries.findLast(same);
  if (entry === undefined) throw new Error(`No journal of this run holds the edit of ${edit.path}`);
  return entry;
}

/**
 * Takes back everything that a run wrote, from the last edit of each file to the first, as far as the file's content is
 * what the edit made of it. Where someone else has written in between, it stops there: their content comes back, or stays.
 */
export async function undoRun({ root, runDir }: Place): Promise<TakenBack> {
  const chains = chainsOf((await readJournals(runDir)).flatMap((journal) => journal.entries));
  const realRoot = await realpath(root);
  const undone: JournalEntry[] = [];
  const backs: JournalEntry[] = [];
  const leftAlone: Changed[] = [];
  for (const chain of chains.values()) {
    const step = await unwind(realRoot, chain);
    if (step.leftAlone !== null) leftAlone.push(step.leftAlone);
    if (step.back === null) continue;
    undone.push(...step.through);
    backs.push(step.back);
  }
  const { writes, failures } = await inversesOf(runDir, backs);
  const outcome = await applyWrites({ root, runDir, name: 'undo' }, writes);
  await makeFoldersAgain(realRoot, undone);
  const paths = outcome.applied.map((edit) => edit.path);
  return takenBack(paths, [...leftAlone, ...outcome.changedMeanwhile], [...failures, ...outcome.failures]);
}

/** A copy that is lost or damaged costs its own file, not the others. */
async function inversesOf(
  runDir: string,
  entries: readonly JournalEntry[],
): Promise<{ writes: readonly Write[]; failures: readonly Failure[] }> {
  const outcomes = await Promise.all(
    entries.map((entry) => inverseOf(runDir, entry).catch((error: unknown) => restoreFailure(entry.path, error))),
  );
  return {
    writes: outcomes.flatMap((one) => ('kind' in one ? [] : one)),
    failures: outcomes.flatMap((one) => ('kind' in one ? one : [])),
  };
}

function takenBack(
  restored: readonly string[],
  leftAlone: readonly Changed[],
  failures: readonly Failure[],
): TakenBack {
  return { restored: [...new Set(restored)], leftAlone, failures };
}

type Chain = readonly [JournalEntry, ...JournalEntry[]];

/** Entries of each file, oldest first. */
function chainsOf(entries: readonly JournalEntry[]): Map<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const entry of entries) {
    const chain = chains.get(entry.path);
    chains.set(entry.path, chain === undefined ? [entry] : [...chain, entry]);
  }
  return chains;
}

interface Unwound {
  /** From what stands there to what is to stand there, as one entry; null when that is the same. */
  readonly back: JournalEntry | null;
  readonly through: readonly JournalEntry[];
  readonly leftAlone: Changed | null;
}

async function unwind(root: string, chain: Chain): Promise<Unwound> {
  const now = await standingAt(root, chain[0].path);
  const through = walkBack(chain, now.hash);
  const oldest = through.at(-1);
  const done = oldest === undefined ? isAsBefore(now, chain[0]) : through.length === chain.length;
  const expected = chain[chain.length - 1]?.after ?? null;
  const leftAlone = done ? null : { path: chain[0].path, expected, found: now.hash };
  const nothingToDo = oldest === undefined || (isAsBefore(now, oldest) && now.mode === oldest.mode);
  return { back: nothingToDo ? null : { ...oldest, after: now.hash }, through, leftAlone };
}

interface StandingNow {
  readonly hash: string | null;
  readonly mode: number | null;
  readonly link: string | null;
}

async function standingAt(root: string, path: string): Promise<StandingNow> {
  const now = await locate(root, path);
  if (!now.ok) return { hash: null, mode: null, link: null };
  const { file, link } = now.value;
  return { hash: file?.hash ?? null, mode: file?.mode ?? null, link };
}

function isAsBefore(now: StandingNow, entry: JournalEntry): boolean {
  return now.hash === entry.before && (entry.link === null || entry.link === now.link);
}

/** Newest first, as long as each edit's result is what the one after it, or the disk, began with. */
function walkBack(chain: Chain, found: string | null): JournalEntry[] {
  const through: JournalEntry[] = [];
  let state = found;
  for (const entry of [...chain].reverse()) {
    if (entry.after !== state) break;
    through.push(entry);
    state = entry.before;
  }
  return through;
}
