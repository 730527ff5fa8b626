/** What earlier runs did: shown, or taken back. */
import { nearest } from './config/suggest.js';
import type { EditRecord } from './model/edit.js';
import type { EventOf } from './model/event.js';
import type { Failure } from './model/failure.js';
import { type Result, failed, success } from './model/result.js';
import { type RunState, foldEvents, netEdits } from './model/run-state.js';
import { patchOf } from './patch.js';
import { appendEvent, readEvents } from './runs/event-log.js';
import { listRuns, runFolder } from './runs/run-folder.js';
import { readBlob } from './safety/blobs.js';
import { undoRun } from './safety/undo.js';

export interface PastRun {
  readonly id: string;
  readonly folder: string;
  readonly state: RunState;
}

/** The run with this id, or with the only id that begins so; the newest one when none is named. */
export async function findRun(
  root: string,
  id: string | undefined,
  wanted: (run: PastRun) => boolean = () => true,
): Promise<Result<PastRun>> {
  const ids = listRuns(root);
  if (id !== undefined) {
    const matches = ids.filter((one) => one === id || one.startsWith(id));
    if (matches.length === 1 && matches[0] !== undefined) return success(await openRun(root, matches[0]));
    const guess = nearest(id, ids);
    const message =
      matches.length === 0
        ? `There is no run "${id}" here`
        : `"${id}" names ${String(matches.length)} runs: ${matches.join(', ')}`;
    return failed({
      kind: 'run-unknown',
      message,
      ...(guess === null ? {} : { next: `Did you mean ${guess}? \`quality runs\` lists them all.` }),
    });
  }
  for (const one of [...ids].reverse()) {
    const past = await openRun(root, one);
    if (wanted(past)) return success(past);
  }
  return failed({ kind: 'run-unknown', message: 'There is no such run here yet' });
}

async function openRun(root: string, id: string): Promise<PastRun> {
  const folder = runFolder(root, id);
  return { id, folder, state: foldEvents(await readEvents(folder)) };
}

export async function pastRuns(root: string): Promise<readonly PastRun[]> {
  return Promise.all(listRuns(root).map((id) => openRun(root, id)));
}

export function changesOf(past: PastRun): readonly EditRecord[] {
  return netEdits(past.state.edits);
}

export function wroteSomething(past: PastRun): boolean {
  return past.state.written && changesOf(past).length > 0;
}

/** Is anything in the target that the run left there and that nobody has taken back yet? */
export function canBeRolledBack(past: PastRun): boolean {
  const { written, rolledBack } = past.state;
  if (!written || isRolledBack(past)) return false;
  return changesOf(past).some(({ path }) => rolledBack?.restored.includes(path) !== true);
}

/** Asked for by the user; recovery leaves what was proven before the run was cut off. */
export function isRolledBack({ state: { rolledBack } }: PastRun): boolean {
  return rolledBack !== null && rolledBack.by !== 'recovery';
}

/** Taken before the first write, whatever became of that. */
export function hasSnapshot(past: PastRun): boolean {
  return past.state.snapshot !== null;
}

export async function patchOfRun(past: PastRun, changes = changesOf(past)): Promise<string> {
  return patchOf(changes, (hash) => readBlob(past.folder, hash));
}

export interface RolledBack {
  readonly restored: readonly string[];
  /** Changed by someone else since the run: not touched. */
  readonly leftAlone: readonly string[];
  readonly failures: readonly Failure[];
}

/** Brings back what stood before the run, file by file, wherever the file still is as the run left it; once. */
export async function rollBackRun(root: string, past: PastRun): Promise<RolledBack> {
  if (isRolledBack(past) && past.state.rolledBack?.leftAlone.length === 0)
    return { restored: [], leftAlone: [], failures: [] };
  const undone = await undoRun({ root, runDir: past.folder });
  const result = { ...undone, leftAlone: undone.leftAlone.map((one) => one.path) };
  await noteRolledBack(past, 'rollback', result);
  return result;
}

/** Written into the run's own log, so that nobody takes what it did for what stands. */
export async function noteRolledBack(
  past: PastRun,
  by: EventOf<'rolled-back'>['by'],
  { restored, leftAlone, failures }: RolledBack,
): Promise<void> {
  // A run that had ended was not cut off itself, only its rollback was: it stands as before.
  const stands = by === 'recovery' && past.state.end !== null;
  if (failures.length === 0 && !stands)
    await appendEvent(past.folder, { type: 'rolled-back', by, restored, leftAlone });
}
