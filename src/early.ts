/** Tools begin to be loaded while it is still planned what they will do. */
import { readMachine } from './host/machine.js';
import { hashText } from './host/hash.js';
import { ownBuild, ownFolder } from './host/own-package.js';
import { join } from './host/paths.js';
import { type EarlyWorkers, earlyFile, joinShapes, readEarlyNote, startEarly, writeEarlyNote } from './jobs/early.js';
import type { RunnerSettings } from './jobs/runner.js';
import type { Request } from './open.js';
import { isLoaded } from './planner/strategy.js';
import { findUnfinished } from './safety/recover.js';
import type { Target } from './target.js';

export interface Early extends NonNullable<RunnerSettings['early']> {
  /** Resolves when nothing is left of workers, whether somebody took them or not. */
  readonly close: () => Promise<void>;
}

/** `changed`: hashes by workspace path of files that may have to be looked at; none: then nothing is started. */
export async function startWorkersEarly(
  { root }: Target,
  request: Request,
  changed: ReadonlyMap<string, string>,
): Promise<Early> {
  const file = earlyFile(root, kindOf(request));
  const build = ownBuild();
  const isAsked = request.cache !== false && changed.size > 0;
  const note = isAsked ? await readEarlyNote(file, build) : null;
  const workers: EarlyWorkers | null =
    note !== null && (await findUnfinished(root)).length === 0
      ? startEarly(note, { module: workerModule(), changed, most: mostWorkers(request) })
      : null;
  const left: Promise<void>[] = [];
  return {
    workers,
    // A process with much memory takes its time to go: nobody has to wait for that before other things are done.
    leave: (ended) => void left.push(ended),
    keep: (used) => {
      const shapes = joinShapes([...used.shapes, ...(note?.shapes ?? [])]);
      return writeEarlyNote(file, { ...used, build, shapes, files: Object.fromEntries(changed) }, note);
    },
    close: async () => {
      await Promise.all([workers?.close(), ...left]);
    },
  };
}

export function workerModule(): string {
  return join(ownFolder(), 'dist', 'worker.js');
}

/** Runs that are asked for the same have the same kinds of jobs, on whichever files. */
function kindOf({ workflow, only, mode, grain }: Request): string {
  return hashText(JSON.stringify([workflow, only, mode === 'staged', grain])).slice(0, 16);
}

/** On a busy machine one has to do, whatever the plan will be. */
function mostWorkers({ maxParallel = Infinity }: Request): number {
  const readings = readMachine();
  return isLoaded(readings) ? 1 : Math.max(1, Math.min(Math.floor(readings.cores), maxParallel));
}
