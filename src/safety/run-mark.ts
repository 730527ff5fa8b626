/**
 * Says that a run is under way and how far its writes are proven. Where a run is marked and its process has died, recovery
 * takes back not only what was half written but everything that nobody had proven yet. Or it says that the snapshot from
 * before the run is being restored: recovery then goes on with that. Or it names the index that is put in place at last.
 */
import { namesNow, readTextIfThere, rename, rm } from '../host/disk.js';
import { syncFolder, writeNewDurably } from '../host/durable.js';
import { type ProcessIdentity, ownIdentity } from '../host/identity.js';
import { join } from '../host/paths.js';
import type { IndexStep } from '../git/index-step.js';
import { readJournals } from './journal.js';

export interface RunMark {
  readonly owner: ProcessIdentity;
  /** Journals up to this number are proven: they stay. */
  readonly proven: number;
  readonly restore?: RestoreMark;
  readonly index?: IndexStep;
}

/** Numbers of the snapshot that is brought back and of the one that holds what was there before that. */
export interface RestoreMark {
  readonly snapshot: number;
  readonly before: number;
}

/** In the folder of a run, as long as it is marked. */
export const MARK_FILE = 'unproven.json';

function markFile(runDir: string): string {
  return join(runDir, MARK_FILE);
}

/** The run begins to write. After a power cut its folder must be found again: the names of those above it are synced, too. */
export async function markRun(runDir: string): Promise<void> {
  await writeMark(runDir, { owner: await ownIdentity(), proven: 0 });
  for (const above of ['..', '../..', '../../..']) await syncFolder(join(runDir, above));
}

/** The run writes files and then puts a new index in its place: with that, and not before, all of it is done. */
export async function markIndexRun(runDir: string, index: IndexStep): Promise<void> {
  await writeMark(runDir, { owner: await ownIdentity(), proven: await lastJournal(runDir), index });
  for (const above of ['..', '../..', '../../..']) await syncFolder(join(runDir, above));
}

/** Everything that was written so far may stay, whatever happens from here on. */
export async function settleRun(runDir: string): Promise<void> {
  await writeMark(runDir, { owner: await ownIdentity(), proven: await lastJournal(runDir) });
}

export async function markRestore(runDir: string, restore: RestoreMark): Promise<void> {
  await writeMark(runDir, { owner: await ownIdentity(), proven: await lastJournal(runDir), restore });
}

async function lastJournal(runDir: string): Promise<number> {
  return (await readJournals(runDir)).at(-1)?.seq ?? 0;
}

/** The run, or the restore, is over, one way or the other, and what stands is what is to stand. */
export async function unmarkRun(runDir: string): Promise<void> {
  if (!namesNow(runDir).includes(MARK_FILE)) return;
  await rm(markFile(runDir), { force: true });
  await syncFolder(runDir);
}

export async function readMark(runDir: string): Promise<RunMark | null> {
  const text = await readTextIfThere(markFile(runDir));
  return text === null ? null : (JSON.parse(text) as RunMark);
}

async function writeMark(runDir: string, mark: RunMark): Promise<void> {
  const temp = `${markFile(runDir)}.new`;
  await rm(temp, { force: true });
  await writeNewDurably(temp, JSON.stringify(mark));
  await rename(temp, markFile(runDir));
  await syncFolder(runDir);
}
