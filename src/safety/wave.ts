/** One go of a transaction: a set of writes, no path twice. See transaction.ts for what holds at which moment. */
import { syncFolder } from '../host/durable.js';
import { dirname } from '../host/paths.js';
import { forEachAtMost } from '../host/quick-read.js';
import type { EditRecord } from '../model/edit.js';
import type { Failure } from '../model/failure.js';
import { openBlobWriter } from './blobs.js';
import { type Journal, type JournalEntry, closeJournal, openJournal, readJournals, removeJournal } from './journal.js';
import { SYMLINK, fileMode, modeOnDisk } from './modes.js';
import { cleanUp, commit, dropSpares, needsTemp, removeEmptyFolders, stage, syncStaged } from './perform.js';
import { type Changed, type Prepared, type Write, prepare } from './prepare.js';
import { putBack } from './put-back.js';
import { locate } from './target.js';
import { isDiskFull, writeFailure } from './trouble.js';

export interface Transaction {
  /** The target folder, absolute. */
  readonly root: string;
  /** Folder of the run; journals and contents go there. */
  readonly runDir: string;
  /** For people who read the journal: the step. */
  readonly name: string;
}

/** With the folders that came and went with it: whoever takes it back needs them. */
export type AppliedEdit = Omit<EditRecord, 'tools'> & Pick<JournalEntry, 'madeFolders' | 'removedFolders'>;

export interface Applied {
  readonly applied: readonly AppliedEdit[];
  /** Not written: the file is not what the job read. */
  readonly changedMeanwhile: readonly Changed[];
  /** Not written either. After `disk-full` none of the writes made together is left in the target. */
  readonly failures: readonly Failure[];
}

const LANES = 16;

/** `root` must be free of symlinks. */
export async function applyWave(transaction: Transaction, writes: readonly Write[]): Promise<Applied> {
  try {
    return await attempt(transaction, writes);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return { applied: [], changedMeanwhile: [], failures: [diskFull(writes)] };
  }
}

async function attempt(transaction: Transaction, writes: readonly Write[]): Promise<Applied> {
  const { root, runDir, name } = transaction;
  const blobs = await openBlobWriter(runDir);
  try {
    const { prepared, changedMeanwhile, failures } = await prepare(root, writes, blobs.add);
    if (prepared.length === 0) return { applied: [], changedMeanwhile, failures };
    for (const { write, entry } of prepared)
      if (write.after !== null && entry.after !== null) await blobs.add(entry.after, write.after, false);
    await blobs.keep();
    const entries = prepared.map((one) => one.entry);
    const journal = await openJournal(runDir, name, entries);
    const outcome = await perform(transaction, journal, prepared);
    return {
      applied: outcome.applied,
      changedMeanwhile: [...changedMeanwhile, ...outcome.changedMeanwhile],
      failures: [...failures, ...outcome.failures],
    };
  } finally {
    await blobs.drop();
  }
}

function diskFull(writes: readonly Write[]): Failure {
  const needed = writes.reduce((sum, write) => sum + 2 * (write.after?.byteLength ?? 0), 0);
  return { kind: 'disk-full', message: `The disk is full; about ${String(Math.ceil(needed / 1024))} KiB were needed` };
}

/** Which of the prepared writes came about, and what became of the others. */
interface Progress {
  readonly done: Set<Prepared>;
  readonly changed: Changed[];
  readonly failures: Failure[];
}

async function perform(transaction: Transaction, journal: Journal, prepared: readonly Prepared[]): Promise<Applied> {
  const { root } = transaction;
  const progress: Progress = { done: new Set(), changed: [], failures: [] };
  try {
    const staged = await stageAll(root, prepared, progress);
    await putInPlace(root, staged, progress);
    await dropSpares(root, progress.done);
    await pruneFolders(transaction, progress);
    await syncFolders(progress);
    await cleanUpRest(root, prepared, progress);
    await closeJournal(
      journal,
      prepared.flatMap((one, index) => (progress.done.has(one) ? [] : index)),
    );
  } catch (error) {
    await takeAllBack(transaction, { journal, prepared, progress });
    throw error;
  }
  return {
    applied: await Promise.all(prepared.filter((one) => progress.done.has(one)).map(recordOf)),
    changedMeanwhile: progress.changed,
    failures: progress.failures,
  };
}

async function recordOf(prepared: Prepared): Promise<AppliedEdit> {
  const { path, before, after, link, mode, madeFolders, removedFolders } = prepared.entry;
  const modeBefore = link !== null ? SYMLINK : mode === null ? null : fileMode(mode);
  const modes = { before: modeBefore, after: await modeNow(prepared) };
  return { path, before, after, modes, madeFolders, removedFolders, ...(link === null ? {} : { link }) };
}

async function modeNow({ write, target, mode }: Prepared): Promise<string | null> {
  if (write.after === null) return null;
  // A new file has what the system gave it.
  return mode === null || (write.link ?? null) !== null ? modeOnDisk(target.name) : fileMode(mode);
}

async function stageAll(root: string, prepared: readonly Prepared[], progress: Progress): Promise<readonly Prepared[]> {
  const failed = new Set<Prepared>();
  await forEachAtMost(LANES, prepared.filter(needsTemp), async (one) => {
    await stage(root, one).catch((error: unknown) => {
      if (isDiskFull(error)) throw error;
      failed.add(one);
      progress.failures.push(writeFailure(one.entry.path, error));
    });
  });
  const staged = prepared.filter((one) => !failed.has(one));
  await syncStaged(root, staged.filter(needsTemp));
  return staged;
}

/** Deletions first: a file may take the place of a folder that they empty, or the other way round. */
async function putInPlace(root: string, staged: readonly Prepared[], progress: Progress): Promise<void> {
  const goes = (one: Prepared): boolean => one.write.after === null;
  for (const one of [...staged.filter(goes), ...staged.filter((other) => !goes(other))]) {
    try {
      if (await commit(root, one)) progress.done.add(one);
      else await reportChange(root, one, progress);
    } catch (error) {
      if (isDiskFull(error)) throw error;
      progress.failures.push(writeFailure(one.entry.path, error));
    }
  }
}

async function reportChange(root: string, { entry: { path, before } }: Prepared, progress: Progress): Promise<void> {
  const now = await locate(root, path);
  // Another edit of the same call has made a folder of the path; to look again would find the same.
  if (now.ok && now.value.kind === 'folder')
    progress.failures.push({ kind: 'file-unwritable', path, message: 'Cannot be written: a folder stands there' });
  else progress.changed.push({ path, expected: before, found: now.ok ? (now.value.file?.hash ?? null) : null });
}

/** Folders that this run made go with the last file in them. */
async function pruneFolders({ root, runDir }: Transaction, { done }: Progress): Promise<void> {
  const deleted = [...done].filter((one) => one.entry.after === null);
  if (deleted.length === 0) return;
  const made = new Set(
    (await readJournals(runDir)).flatMap((one) => one.entries.flatMap((entry) => entry.madeFolders)),
  );
  for (const { entry } of deleted) {
    const folders: string[] = [];
    for (let folder = dirname(entry.path); made.has(folder); folder = dirname(folder)) folders.push(folder);
    await removeEmptyFolders(root, folders);
  }
}

async function syncFolders({ done }: Progress): Promise<void> {
  const folders = new Set(
    [...done].flatMap(({ target }) => [dirname(target.real), dirname(target.name), target.above]),
  );
  // A folder may have been pruned, or replaced by a file, since.
  await forEachAtMost(LANES, folders, (folder) => syncFolder(folder).catch(() => undefined));
}

async function cleanUpRest(root: string, prepared: readonly Prepared[], { done }: Progress): Promise<void> {
  for (const one of prepared) if (!done.has(one)) await cleanUp(root, one);
}

interface Attempt {
  readonly journal: Journal;
  readonly prepared: readonly Prepared[];
  readonly progress: Progress;
}

/** Where this cannot be done either, the journal stays open: the next command of ours tries again. */
async function takeAllBack({ root, runDir }: Transaction, { journal, prepared, progress }: Attempt): Promise<void> {
  await cleanUpRest(root, prepared, progress);
  await dropSpares(root, progress.done);
  const done = [...progress.done].reverse().map((one) => one.entry);
  const { failures } = await putBack({ root, runDir }, done);
  if (failures.length === 0) await removeJournal(journal);
}
