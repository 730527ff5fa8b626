/** The snapshots that are kept, and which of them may go. */
import { exists, readTextIfThere, rm } from '../host/disk.js';
import { join } from '../host/paths.js';
import { type Result, success } from '../model/result.js';
import { findModes } from './kept-modes.js';
import { type Place, SNAPSHOT_REFS, copyFolder, gitAt, outputAt, placeOf } from './place.js';
import { type Snapshot, TARGET, type Target, treesOf } from './snapshot.js';

/** Snapshots of this target's repository, oldest run first. */
export async function listSnapshots({ root, repository }: Target): Promise<Result<readonly Snapshot[]>> {
  const place = placeOf(root, repository);
  if (place.own && !(await exists(place.gitDir))) return success([]);
  const format = ['refname', 'objectname', 'parent', 'committerdate:unix', 'contents:subject'];
  const fields = format.map((field) => `%(${field})`).join('%00');
  const output = await outputAt(place, ['for-each-ref', `--format=${fields}`, SNAPSHOT_REFS]);
  if (!output.ok) return output;
  const lines = output.value
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  const snapshots = await Promise.all(lines.map((line) => fromLine(place, line)));
  return success(snapshots.sort((a, b) => (a.run === b.run ? a.number - b.number : a.run < b.run ? -1 : 1)));
}

async function fromLine(place: Place, line: string): Promise<Snapshot> {
  const [ref = '', commit = '', parents = '', time = '0', subject = ''] = line.split('\0');
  const [run = '', number = ''] = ref.slice(SNAPSHOT_REFS.length).split('/');
  const folder = copyFolder(place, run, Number(number));
  const indexFile = join(folder, 'index');
  return {
    run,
    number: Number(number),
    ref,
    commit,
    trees: treesOf(subject.slice(subject.lastIndexOf('(')), commit, parents.split(' ').at(-1)),
    gitDir: place.gitDir,
    place,
    indexFile: (await exists(indexFile)) ? indexFile : null,
    modes: await findModes(folder),
    root: place.own ? place.workTree : await readTextIfThere(join(folder, TARGET)),
    takenAt: Number(time),
    skipped: [],
  };
}

/** Whether one of these runs has left any, without asking git. */
export async function haveSnapshots({ root, repository }: Target, runs: readonly string[]): Promise<boolean> {
  const place = placeOf(root, repository);
  if (place.own) return exists(place.gitDir);
  const have = await Promise.all(runs.map((run) => exists(copyFolder(place, run))));
  return have.includes(true);
}

/** The next free number of a run. */
export async function nextSnapshotNumber(target: Target, runId: string): Promise<Result<number>> {
  const listed = await listSnapshots(target);
  if (!listed.ok) return listed;
  return success(1 + Math.max(0, ...listed.value.filter((one) => one.run === runId).map((one) => one.number)));
}

export interface PruneOptions {
  /** Snapshots of this many runs are kept, the newest. */
  readonly keepRuns: number;
  /** Kept besides, whatever their age: a failed run needs its own. */
  readonly protectedRuns: readonly string[];
}

/** Deletes the snapshots of older runs, of this target or of one that is gone; returns their refs. */
export async function pruneSnapshots(target: Target, options: PruneOptions): Promise<Result<readonly string[]>> {
  const listed = await listSnapshots(target);
  if (!listed.ok) return listed;
  const ours = await asyncFilter(listed.value, ({ root }) => isNobodyElses(root, target));
  const runs = [...new Set(ours.map((one) => one.run))];
  const kept = new Set([...runs.slice(Math.max(0, runs.length - options.keepRuns)), ...options.protectedRuns]);
  const old = ours.filter((one) => !kept.has(one.run));
  if (old.length === 0) return success([]);
  const place = placeOf(target.root, target.repository);
  const deletions = old.map((one) => `delete ${one.ref} ${one.commit}\n`).join('');
  const deleted = await outputAt(place, ['update-ref', '--stdin'], { input: Buffer.from(deletions) });
  if (!deleted.ok) return deleted;
  for (const run of new Set(old.map((one) => one.run)))
    await rm(copyFolder(place, run), { recursive: true, force: true });
  // Only in a repository that is ours alone; the user's is theirs to pack.
  if (place.own) await gitAt(place, ['-c', 'gc.autoDetach=false', 'gc', '--auto', '--quiet']);
  return success(old.map((one) => one.ref));
}

/** Other work trees look after their own, as long as they are there. */
async function isNobodyElses(root: string | null, target: Target): Promise<boolean> {
  return root === null || root === target.root || !(await exists(root));
}

async function asyncFilter<T>(items: readonly T[], holds: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(holds));
  return items.filter((_, index) => kept[index]);
}
