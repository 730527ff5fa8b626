/** Takes edits back that were applied and whose journals are closed; through the transaction, like every other write. */
import { realpath } from '../host/disk.js';
import type { Failure } from '../model/failure.js';
import { type JournalEntry, readJournals } from './journal.js';
import { permissionsOf } from './modes.js';
import { removeEmptyFolders } from './perform.js';
import type { Changed, Write } from './prepare.js';
import { type Place, type TakenBack, inverseOf, makeFoldersAgain, restoreFailure } from './put-back.js';
import { locate } from './target.js';
import { type AppliedEdit, type Transaction, applyWrites } from './transaction.js';

/** Takes back these edits, given youngest first, wherever the file still is what the youngest of its edits made of it. */
export async function takeBack(transaction: Transaction, applied: readonly AppliedEdit[]): Promise<TakenBack> {
  const oldestFirst = [...applied].reverse();
  const backs = chainsOf(oldestFirst).map((chain): Undoing => {
    const [{ path, before, modes, link = null }] = chain;
    return { path, before, after: youngest(chain).after, mode: permissionsOf(modes.before), link };
  });
  return reverse(transaction, { backs, undone: oldestFirst });
}

/** Puts edits in again that were taken back, given oldest first. */
export async function putAgain(transaction: Transaction, applied: readonly AppliedEdit[]): Promise<TakenBack> {
  const forths = chainsOf(applied).map((chain): Undoing => {
    const { path, after, modes } = youngest(chain);
    return { path, before: after, after: chain[0].before, mode: permissionsOf(modes.after), link: null };
  });
  const taken = await reverse(transaction, { backs: forths, undone: [] });
  // Folders that had made way for a file, and stood there again while it was taken back; a file may stand there by now.
  const folders = applied.flatMap((edit) => edit.removedFolders);
  await removeEmptyFolders(await realpath(transaction.root), folders);
  return taken;
}

/**
 * Takes back everything that a run wrote, from the last edit of each file to the first, as far as the file's content is
 * what the edit made of it. Where someone else has written in between, it stops there: their content comes back, or stays.
 */
export async function undoRun({ root, runDir }: Place): Promise<TakenBack> {
  const entries = (await readJournals(runDir)).flatMap((journal) => journal.entries);
  const realRoot = await realpath(root);
  const undone = new Set<JournalEntry>();
  const backs: JournalEntry[] = [];
  const leftAlone: Changed[] = [];
  for (const chain of chainsOf(entries)) {
    const step = await unwind(realRoot, chain);
    if (step.leftAlone !== null) leftAlone.push(step.leftAlone);
    if (step.back !== null) backs.push(step.back);
    for (const entry of step.through) undone.add(entry);
  }
  const oldestFirst = entries.filter((entry) => undone.has(entry));
  const taken = await reverse({ root, runDir, name: 'undo' }, { backs, undone: oldestFirst });
  return { ...taken, leftAlone: [...leftAlone, ...taken.leftAlone] };
}

type Undoing = Parameters<typeof inverseOf>[1];

interface Reversal {
  /** For each file one edit, from what it was to what stands there now. */
  readonly backs: readonly Undoing[];
  /** All edits that are undone by that, oldest first. */
  readonly undone: readonly Pick<JournalEntry, 'madeFolders' | 'removedFolders'>[];
}

/** All files at once, from what stands now to what stood then: on the way, files and folders may have changed places often. */
async function reverse(transaction: Transaction, { backs, undone }: Reversal): Promise<TakenBack> {
  const { writes, failures } = await inversesOf(transaction.runDir, backs);
  const outcome = await applyWrites(transaction, writes);
  await makeFoldersAgain(await realpath(transaction.root), undone);
  return {
    restored: [...new Set(outcome.applied.map((edit) => edit.path))],
    leftAlone: outcome.changedMeanwhile,
    failures: [...failures, ...outcome.failures],
  };
}

/** A copy that is lost or damaged costs its own file, not the others. */
async function inversesOf(
  runDir: string,
  entries: readonly Undoing[],
): Promise<{ writes: readonly Write[]; failures: readonly Failure[] }> {
  const outcomes = await Promise.all(
    entries.map((entry) => inverseOf(runDir, entry).catch((error: unknown) => restoreFailure(entry.path, error))),
  );
  return {
    writes: outcomes.flatMap((one) => ('kind' in one ? [] : one)),
    failures: outcomes.flatMap((one) => ('kind' in one ? one : [])),
  };
}

type Chain<T> = readonly [T, ...T[]];

/** Edits of each file, oldest first. */
function chainsOf<T extends { readonly path: string }>(edits: readonly T[]): readonly Chain<T>[] {
  const chains = new Map<string, Chain<T>>();
  for (const edit of edits) {
    const chain = chains.get(edit.path);
    chains.set(edit.path, chain === undefined ? [edit] : [...chain, edit]);
  }
  return [...chains.values()];
}

function youngest<T>(chain: Chain<T>): T {
  return chain.at(-1) ?? chain[0];
}

interface Unwound {
  /** From what stands there to what is to stand there, as one entry; null when that is the same. */
  readonly back: JournalEntry | null;
  readonly through: readonly JournalEntry[];
  readonly leftAlone: Changed | null;
}

async function unwind(root: string, chain: Chain<JournalEntry>): Promise<Unwound> {
  const now = await standingAt(root, chain[0].path);
  const through = walkBack(chain, now.hash);
  const oldest = through.at(-1);
  const done = oldest === undefined ? isAsBefore(now, chain[0]) : through.length === chain.length;
  const expected = youngest(chain).after;
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
function walkBack(chain: Chain<JournalEntry>, found: string | null): JournalEntry[] {
  const through: JournalEntry[] = [];
  let state = found;
  for (const entry of [...chain].reverse()) {
    if (entry.after !== state) break;
    through.push(entry);
    state = entry.before;
  }
  return through;
}
