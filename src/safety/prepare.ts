/** From edits to what exactly will be done to which file; looks, and changes nothing. */
import { randomUUID } from 'node:crypto';
import { exists, isWritable, readdir } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { dirname, join, workspacePath } from '../host/paths.js';
import { withExecutable } from '../host/permissions.js';
import { forEachAtMost } from '../host/quick-read.js';
import type { Edit } from '../model/edit.js';
import type { Failure } from '../model/failure.js';
import type { JournalEntry } from './journal.js';
import { type FoundFile, type Target, locate } from './target.js';

/** What undo needs beyond what a tool can ask for. */
export interface Write extends Edit {
  /** Permission bits to set, whatever they were. */
  readonly mode?: number | null;
  /** Make a symlink with this text instead of a file. */
  readonly link?: string | null;
}

export interface Prepared {
  readonly write: Write;
  readonly target: Target;
  readonly entry: JournalEntry;
  /** Permission bits after; null leaves them to the system, as for any new file. */
  readonly mode: number | null;
}

/** A file that is not what the job read. `found` is its hash; null where no file stands. */
export interface Changed {
  readonly path: string;
  readonly expected: string | null;
  readonly found: string | null;
}

export interface Preparation {
  readonly prepared: readonly Prepared[];
  readonly changedMeanwhile: readonly Changed[];
  readonly failures: readonly Failure[];
}

const LANES = 16;

/** `onBefore` is given every content that will be replaced. */
export async function prepare(
  root: string,
  writes: readonly Write[],
  onBefore: (hash: string, bytes: Uint8Array) => Promise<void>,
): Promise<Preparation> {
  const batch: Batch = { root, id: randomUUID().slice(0, 8), leaving: new Set() };
  const outcomes = new Map<Write, Prepared | Changed | Failure>();
  const numbers = new Map(writes.map((write, number) => [write, number]));
  const work = async (write: Write): Promise<void> => {
    const outcome = await prepareOne(write, batch, numbers.get(write) ?? 0);
    outcomes.set(write, outcome);
    if (!('entry' in outcome)) return;
    const { file } = outcome.target;
    if (file !== null && outcome.entry.before !== null) await onBefore(outcome.entry.before, file.bytes);
    if (file !== null && write.after === null) batch.leaving.add(file.identity);
  };
  // Deletions first: a new name for a file that goes is no obstacle where letter case does not count.
  const goes = (write: Write): boolean => write.after === null && write.before !== null;
  await forEachAtMost(LANES, writes.filter(goes), work);
  await forEachAtMost(
    LANES,
    writes.filter((write) => !goes(write)),
    work,
  );
  return sorted(writes.flatMap((write) => outcomes.get(write) ?? []));
}

function sorted(outcomes: readonly (Prepared | Changed | Failure)[]): Preparation {
  return {
    prepared: outcomes.flatMap((one) => ('entry' in one ? withoutBytes(one) : [])),
    changedMeanwhile: outcomes.flatMap((one) => ('found' in one ? one : [])),
    failures: outcomes.flatMap((one) => ('kind' in one ? one : [])),
  };
}

/** The contents of all files at once would be much to hold. */
function withoutBytes(prepared: Prepared): Prepared {
  const { target } = prepared;
  const file = target.file === null ? null : { ...target.file, bytes: Buffer.alloc(0) };
  return { ...prepared, target: { ...target, file } };
}

interface Batch {
  readonly root: string;
  readonly id: string;
  /** Files that are deleted by other writes of this batch. */
  readonly leaving: Set<string>;
}

async function prepareOne(write: Write, batch: Batch, number: number): Promise<Prepared | Changed | Failure> {
  const located = await locate(batch.root, write.path);
  if (!located.ok) return located.failure;
  const target = asIfGone(located.value, write, batch.leaving);
  const found = target.file?.hash ?? null;
  if (found !== write.before) return { path: write.path, expected: write.before, found };
  const obstacle = await obstacleTo(write, target);
  if (obstacle !== null) return obstacle;
  const folder = target.kind === 'file' ? dirname(target.real) : target.above;
  const relative = (path: string): string => pathIn(batch.root, path);
  return {
    write,
    target,
    mode: modeAfter(write, target.file),
    entry: {
      path: write.path,
      before: write.before,
      after: write.after === null ? null : hashBytes(write.after),
      mode: target.file?.mode ?? null,
      link: write.after === null ? target.link : null,
      temp: relative(join(folder, `.quality-${batch.id}-${String(number)}.tmp`)),
      madeFolders: target.missing.map(relative),
      removedFolders: target.kind === 'folder' ? (await foldersIn(target.real)).map(relative) : [],
    },
  };
}

function asIfGone(target: Target, write: Write, leaving: ReadonlySet<string>): Target {
  const same = write.before === null && target.file !== null && leaving.has(target.file.identity);
  return same ? { ...target, kind: 'nothing', file: null } : target;
}

async function obstacleTo(write: Write, target: Target): Promise<Changed | Failure | null> {
  const message = await whyNot(write, target);
  if (message === null) return null;
  // It has gone since it was read.
  const isGone = message === READ_ONLY && !(await exists(target.real));
  if (isGone) return { path: write.path, expected: write.before, found: null };
  return { kind: 'file-unwritable', path: write.path, message };
}

async function whyNot(write: Write, target: Target): Promise<string | null> {
  if (target.kind === 'other') return 'Neither a file nor a folder stands there';
  if (target.kind === 'folder' && write.after !== null && target.link !== null)
    return 'A symlink to a folder stands there';
  if (target.file === null) return null;
  // The owner of a folder could replace the file all the same; who made it read-only did not want that.
  const readOnly = (target.file.mode & 0o222) === 0 || !(await isWritable(target.real));
  return readOnly ? READ_ONLY : null;
}

const READ_ONLY = 'The file is read-only';

function modeAfter(write: Write, file: FoundFile | null): number | null {
  if (write.mode !== undefined && write.mode !== null) return write.mode;
  if (file === null) return null;
  return write.executable === undefined ? file.mode : withExecutable(file.mode, write.executable);
}

/** The folder and all below it, deepest first. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => foldersIn(join(folder, entry.name)));
  return [...(await Promise.all(below)).flat(), folder];
}

/** Symlinks on the way to a file may leave the root's own spelling, but never the root. */
function pathIn(realRoot: string, absolute: string): string {
  const path = workspacePath(realRoot, absolute);
  if (path === null) throw new Error(`${absolute} lies outside ${realRoot}`);
  return path;
}
