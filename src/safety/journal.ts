/**
 * What is about to be written, on disk before anything is. While a journal's name says `open`, its writes may be half done;
 * the rename that closes it is the moment from which they count as done.
 */
import { randomUUID } from 'node:crypto';
import { now } from '../host/clock.js';
import { namesNow, readTextIfThere, readdir, rename, rm } from '../host/disk.js';
import { appendDurably, makeFolderDurably, syncFolder, writeNewDurably } from '../host/durable.js';
import { type ProcessIdentity, ownIdentity } from '../host/identity.js';
import { basename, dirname, join } from '../host/paths.js';

/** One file that is to be written, as it was and as it will be. Paths are relative to the target. */
export interface JournalEntry {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Permission bits before; null where there was no file. */
  readonly mode: number | null;
  /** Text of the symlink that is deleted; null for everything else. */
  readonly link: string | null;
  /** Where the new content waits; `spareOf` it is the other name that we may leave behind. */
  readonly temp: string;
  /** Folders that are made for it, top down. */
  readonly madeFolders: readonly string[];
  /** Empty folders in whose place it comes, bottom up. */
  readonly removedFolders: readonly string[];
}

export interface Journal {
  /** Absolute; changes when it is closed. */
  readonly file: string;
  readonly seq: number;
  readonly name: string;
  readonly open: boolean;
  readonly owner: ProcessIdentity;
  readonly at: number;
  /** Those of a closed journal were written; those of an open one perhaps. Empty when nothing can have been written. */
  readonly entries: readonly JournalEntry[];
}

const OPEN = '.open.jsonl';
const CLOSED = '.jsonl';

export function spareOf(temp: string): string {
  return `${temp}~`;
}

/** In the folder of a run, where it has written. */
export const JOURNAL_FOLDER = 'journal';

function journalFolder(runDir: string): string {
  return join(runDir, JOURNAL_FOLDER);
}

/** Durable when this resolves. */
export async function openJournal(runDir: string, name: string, entries: readonly JournalEntry[]): Promise<Journal> {
  const folder = journalFolder(runDir);
  await makeFolderDurably(folder);
  const seq = 1 + Math.max(0, ...(await readdir(folder)).map(seqOf));
  const file = join(folder, `${String(seq).padStart(4, '0')}-${randomUUID().slice(0, 8)}${OPEN}`);
  const header = { version: 1, name, owner: await ownIdentity(), at: now(), count: entries.length };
  const journal = { file, seq, open: true, entries, name, owner: header.owner, at: header.at };
  try {
    await writeNewDurably(file, [header, ...entries].map((line) => `${JSON.stringify(line)}\n`).join(''));
    await syncFolder(folder);
  } catch (error) {
    await removeJournal(journal);
    throw error;
  }
  return journal;
}

/** Nothing of it was written, or all of it was taken back. */
export async function removeJournal(journal: Journal): Promise<void> {
  await rm(journal.file, { force: true });
}

/** From here on the writes are done, those with these numbers excepted. */
export async function closeJournal(journal: Journal, notWritten: readonly number[]): Promise<void> {
  if (notWritten.length > 0) await appendDurably(journal.file, `${JSON.stringify({ notWritten })}\n`);
  await rename(journal.file, `${journal.file.slice(0, -OPEN.length)}${CLOSED}`);
  await syncFolder(dirname(journal.file));
}

/** Recovery has taken back what it says; it is kept for people, and read by nobody. */
export async function retireJournal(journal: Journal): Promise<void> {
  await rename(journal.file, `${journal.file}.taken-back`);
  await syncFolder(dirname(journal.file));
}

/** All journals of a run, oldest first. */
export async function readJournals(runDir: string): Promise<readonly Journal[]> {
  const names = journalNames(runDir);
  const journals = await Promise.all(names.map((name) => readJournal(join(journalFolder(runDir), name))));
  return journals.sort((a, b) => a.seq - b.seq || a.at - b.at);
}

/** Cheap: looks at names only. */
export function hasOpenJournal(runDir: string): boolean {
  return journalNames(runDir).some((name) => name.endsWith(OPEN));
}

function journalNames(runDir: string): readonly string[] {
  return namesNow(journalFolder(runDir)).filter((name) => name.endsWith(CLOSED));
}

interface Header {
  readonly name: string;
  readonly owner: ProcessIdentity;
  readonly at: number;
  readonly count: number;
}

const NOBODY: ProcessIdentity = { pid: 0, started: null, boot: null, host: '', pidSpace: null };

/** A journal that a power cut left incomplete was not durable yet, so nothing of it was written: it has no entries. */
async function readJournal(file: string): Promise<Journal> {
  const [header, ...lines] = ((await readTextIfThere(file)) ?? '').split('\n').filter((line) => line !== '');
  const parsed = parse(header) as Header | null;
  const seq = seqOf(basename(file));
  const open = file.endsWith(OPEN);
  if (parsed === null) return { file, seq, open, entries: [], name: '', owner: NOBODY, at: 0 };
  const entries = lines.slice(0, parsed.count).map((line) => parse(line) as JournalEntry | null);
  const end = parse(lines[parsed.count]) as { notWritten: number[] } | null;
  const not = new Set(end?.notWritten);
  const complete = entries.length === parsed.count && !entries.includes(null);
  return {
    file,
    seq,
    open,
    name: parsed.name,
    owner: parsed.owner,
    at: parsed.at,
    entries: complete ? entries.filter((entry, index): entry is JournalEntry => entry !== null && !not.has(index)) : [],
  };
}

function parse(line: string | undefined): unknown {
  try {
    return line === undefined ? null : (JSON.parse(line) as unknown);
  } catch {
    return null;
  }
}

function seqOf(name: string): number {
  return Number.parseInt(name, 10) || 0;
}
