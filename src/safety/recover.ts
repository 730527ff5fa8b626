/** What a run that was killed has left half done is found and taken back. To be done while holding the write lock. */
import { settleIndexStep } from '../git/index-step.js';
import { placeOf } from '../git/place.js';
import { openRepository } from '../git/repository.js';
import { isSameFile, namesNow, readIfThere, realpath, rm } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { lifeOf } from '../host/identity.js';
import { join } from '../host/paths.js';
import { listRuns, runFolder } from '../runs/run-folder.js';
import {
  JOURNAL_FOLDER,
  type Journal,
  type JournalEntry,
  hasOpenJournal,
  readJournals,
  retireJournal,
  spareOf,
} from './journal.js';
import { type TakenBack, backTempsOf, putBack, removeMadeFolders } from './put-back.js';
import { MARK_FILE, type RestoreMark, type RunMark, readMark, unmarkRun } from './run-mark.js';

export interface UnfinishedRun {
  readonly run: string;
  /** Absolute. */
  readonly runDir: string;
  /** Files that may be half way between two contents, or whose new content nobody has proven. */
  readonly paths: readonly string[];
  /** It is not the run that was cut off but the restore of its snapshot. */
  readonly restore: RestoreMark | null;
}

export interface RecoverOptions {
  /** Also runs of other machines, of whom nobody here can know whether they live. */
  readonly force?: boolean;
}

/** Runs whose process is dead and whose writes were not closed or, where the run was marked, not proven. */
export async function findUnfinished(root: string, options: RecoverOptions = {}): Promise<readonly UnfinishedRun[]> {
  const found: UnfinishedRun[] = [];
  for (const run of listRuns(root)) {
    const runDir = runFolder(root, run);
    // Of nearly all there is nothing left, and all of them are looked at by every command.
    if (!mayBeUnfinished(runDir)) continue;
    const left = await leftBy(runDir, options);
    if (left === null) continue;
    const paths = new Set(left.journals.flatMap((journal) => journal.entries.map((entry) => entry.path)));
    found.push({ run, runDir, paths: [...paths].sort(), restore: left.restore });
  }
  return found;
}

function mayBeUnfinished(runDir: string): boolean {
  const names = namesNow(runDir);
  return names.includes(MARK_FILE) || (names.includes(JOURNAL_FOLDER) && hasOpenJournal(runDir));
}

interface Left {
  readonly mark: RunMark | null;
  /** To take back, newest first. */
  readonly journals: readonly Journal[];
  readonly restore: RestoreMark | null;
}

/** null where there is nothing to recover. */
async function leftBy(runDir: string, { force = false }: RecoverOptions): Promise<Left | null> {
  const mark = await readMark(runDir);
  if (mark === null && !hasOpenJournal(runDir)) return null;
  const journals = await readJournals(runDir);
  const owners = [
    ...(mark === null ? [] : [mark.owner]),
    ...journals.flatMap((one) => (one.open && one.at > 0 ? one.owner : [])),
  ];
  for (const owner of owners) {
    const life = await lifeOf(owner);
    if (life === 'alive' || (life === 'elsewhere' && !force)) return null;
  }
  return {
    mark,
    journals: journals.filter((one) => one.open || (mark !== null && one.seq > mark.proven)).reverse(),
    restore: mark?.restore ?? null,
  };
}

/**
 * Brings back the contents from before, file by file, wherever the file is what the run made of it; what was changed since
 * is left alone and listed. Can itself be killed at any moment and begun again.
 */
export async function recoverRun(
  root: string,
  { runDir }: Pick<UnfinishedRun, 'runDir'>,
  options: RecoverOptions = {},
): Promise<TakenBack> {
  const place = { root: await realpath(root), runDir };
  const outcomes: TakenBack[] = [];
  const left = await leftBy(runDir, options);
  if (left !== null && (await isSettledByIndex(place.root, left))) {
    await unmarkRun(runDir);
    return sumOf([]);
  }
  for (const journal of left?.journals ?? []) {
    const outcome = await putBack(place, journal.entries);
    outcomes.push(outcome);
    if (outcome.failures.length > 0) return sumOf(outcomes);
    for (const entry of journal.entries) await removeTemps(place.root, entry);
    // Those in which something of ours was left until now.
    await removeMadeFolders(place.root, journal.entries);
    await retireJournal(journal);
  }
  // A restore is not over yet.
  if ((left?.restore ?? null) === null) await unmarkRun(runDir);
  return sumOf(outcomes);
}

/** The new index has come into its place: all files were written before, and all of it stays. */
async function isSettledByIndex(root: string, { mark, journals }: Left): Promise<boolean> {
  if (mark?.index === undefined) return false;
  const place = placeOf(root, await openRepository(root));
  const isDone = await settleIndexStep(place, mark.index);
  return isDone && !journals.some((journal) => journal.open);
}

/** The whole tree is back by other means: nothing of the run is left to take back. */
export async function dropUnfinished(runDir: string): Promise<void> {
  for (const journal of await readJournals(runDir)) if (journal.open) await retireJournal(journal);
  await unmarkRun(runDir);
}

async function removeTemps(root: string, entry: JournalEntry): Promise<void> {
  for (const temp of [entry.temp, ...backTempsOf(entry)]) {
    if ((await readIfThere(join(root, temp))) !== null) await rm(join(root, temp));
    const spare = join(root, spareOf(temp));
    const bytes = await readIfThere(spare);
    // Any other content is someone's who wrote at the very moment of the crash: it stays under this name, if it is the only one.
    const isKnown = bytes !== null && [entry.before, entry.after].includes(hashBytes(bytes));
    if (isKnown || (await isSameFile(spare, join(root, entry.path)))) await rm(spare, { force: true });
  }
}

function sumOf(outcomes: readonly TakenBack[]): TakenBack {
  return {
    restored: [...new Set(outcomes.flatMap((one) => one.restored))],
    leftAlone: outcomes.flatMap((one) => one.leftAlone),
    failures: outcomes.flatMap((one) => one.failures),
  };
}
