/** Brings back what journal entries say stood there before, without a journal of its own: theirs stays open until it is done. */
import { mkdir, rm } from '../host/disk.js';
import { errorCode } from '../host/disk.js';
import { syncFolder } from '../host/durable.js';
import { basename, dirname, join } from '../host/paths.js';
import { forEachAtMost } from '../host/quick-read.js';
import type { Failure } from '../model/failure.js';
import { readBlob } from './blobs.js';
import type { JournalEntry } from './journal.js';
import { cleanUp, commit, dropSpares, needsTemp, removeEmptyFolders, stage, syncStaged } from './perform.js';
import { type Changed, type Prepared, type Write, prepare } from './prepare.js';
import { locate } from './target.js';

export interface TakenBack {
  /** Files that are again what they were. */
  readonly restored: readonly string[];
  /** Changed by someone else since: not touched. */
  readonly leftAlone: readonly Changed[];
  readonly failures: readonly Failure[];
}

export interface Place {
  readonly root: string;
  readonly runDir: string;
}

const LANES = 8;

type Outcome = 'restored' | 'as-before' | Changed | Failure;

/** Can be repeated after any interruption: what is back already is left as it is. */
export async function putBack(place: Place, entries: readonly JournalEntry[]): Promise<TakenBack> {
  const outcomes: { path: string; outcome: Outcome }[] = [];
  // What was made goes before what was deleted comes back: a folder and a file may have taken each other's place.
  const made = entries.filter((entry) => entry.after !== null);
  const deleted = entries.filter((entry) => entry.after === null);
  const each = async (entry: JournalEntry): Promise<void> => {
    const outcome = await putBackOne(place, entry).catch((error: unknown) => restoreFailure(entry.path, error));
    outcomes.push({ path: entry.path, outcome });
  };
  await forEachAtMost(LANES, made, each);
  await removeMadeFolders(place.root, made);
  await forEachAtMost(LANES, deleted, each);
  await makeFoldersAgain(place.root, entries);
  return {
    restored: outcomes.flatMap(({ path, outcome }) => (outcome === 'restored' ? path : [])),
    leftAlone: outcomes.flatMap(({ outcome }) => (typeof outcome === 'object' && 'found' in outcome ? outcome : [])),
    failures: outcomes.flatMap(({ outcome }) => (typeof outcome === 'object' && 'kind' in outcome ? outcome : [])),
  };
}

/** Where nothing is left in them. */
export async function removeMadeFolders(root: string, entries: readonly JournalEntry[]): Promise<void> {
  for (const { before, after, madeFolders } of entries)
    if (before === null && after !== null) await removeEmptyFolders(root, [...madeFolders].reverse());
}

export function restoreFailure(path: string, error: unknown): Failure {
  const why = errorCode(error) ?? (error instanceof Error ? error.message : String(error));
  return { kind: 'restore-failed', path, message: `Could not be brought back: ${why}` };
}

async function putBackOne(place: Place, entry: JournalEntry): Promise<Outcome> {
  const now = await locate(place.root, entry.path);
  if (!now.ok) return { ...now.failure, kind: 'restore-failed' };
  const { file, link } = now.value;
  const found = file?.hash ?? null;
  const linkAsBefore = entry.link === null || entry.link === link;
  if (found === entry.before && linkAsBefore && sameMode(entry, file?.mode)) return 'as-before';
  if (found !== entry.after) return { path: entry.path, expected: entry.after, found };
  return write(place, entry, await inverseOf(place.runDir, entry));
}

/** Only where nothing but the mode was changed does it tell one side from the other. */
function sameMode(entry: JournalEntry, mode: number | undefined): boolean {
  return entry.before !== entry.after || entry.mode === mode;
}

/** The write that undoes an entry. */
export async function inverseOf(
  runDir: string,
  entry: Pick<JournalEntry, 'path' | 'before' | 'after' | 'mode' | 'link'>,
): Promise<Write> {
  return {
    path: entry.path,
    before: entry.after,
    after: entry.before === null ? null : await readBlob(runDir, entry.before),
    mode: entry.mode,
    link: entry.link,
  };
}

async function write({ root }: Place, entry: JournalEntry, inverse: Write): Promise<Outcome> {
  const { prepared, changedMeanwhile, failures } = await prepare(root, [inverse], () => Promise.resolve());
  const [first] = prepared;
  if (first === undefined)
    return changedMeanwhile[0] ?? { ...failures[0], kind: 'restore-failed', message: failures[0]?.message ?? '' };
  // A name that the journal knows, so that an interrupted recovery leaves nothing unknown behind.
  const temp = join(dirname(first.entry.temp), `${basename(entry.temp)}${BACK}`);
  const own: Prepared = { ...first, entry: { ...first.entry, temp } };
  await rm(join(root, own.entry.temp), { force: true });
  if (needsTemp(own)) {
    await stage(root, own);
    await syncStaged(root, [own]);
  }
  const done = await commit(root, own);
  if (done) await dropSpares(root, [own]);
  else await cleanUp(root, own);
  await syncFolder(dirname(own.target.name)).catch(() => undefined);
  return done ? 'restored' : { path: entry.path, expected: entry.after, found: null };
}

const BACK = '.back';

/**
 * Where old content may have waited while it was brought back: beside the file, which may stand deeper than the new content
 * had waited if its folders were made for it, or higher up if a folder was gone.
 */
export function backTempsOf({ path, temp }: Pick<JournalEntry, 'path' | 'temp'>): readonly string[] {
  const name = `${basename(temp)}${BACK}`;
  const folders = new Set(['.']);
  for (const start of [path, temp])
    for (let folder = dirname(start); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  return [...folders].map((folder) => join(folder, name));
}

/** Empty folders that had made way for a file; not those that were themselves made by an earlier one of these entries. */
export async function makeFoldersAgain(
  root: string,
  oldestFirst: readonly Pick<JournalEntry, 'madeFolders' | 'removedFolders'>[],
): Promise<void> {
  const stoodThere = new Map<string, boolean>();
  const note = (folder: string, stood: boolean): void => {
    if (!stoodThere.has(folder)) stoodThere.set(folder, stood);
  };
  for (const { madeFolders, removedFolders } of oldestFirst) {
    for (const folder of madeFolders) note(folder, false);
    for (const folder of removedFolders) note(folder, true);
  }
  for (const [folder, stood] of stoodThere)
    if (stood) await mkdir(join(root, folder), { recursive: true }).catch(() => undefined);
}
