import type { Readings } from '../host/machine.js';
import { BUSY, jobsThatFit } from '../model/concurrency.js';
import type { Priority, Strategy, StrategyName } from '../model/plan.js';

const MEBIBYTE = 1024 * 1024;
const SMALL = { files: 50, bytes: MEBIBYTE };
const LARGE = { files: 1000, bytes: 100 * MEBIBYTE };
/** Percent of the last ten seconds. */
const WAITING = 10;

export interface Wishes {
  readonly priority: Priority;
  readonly maxParallel: number | undefined;
  readonly parallelExecution: boolean;
}

/** How to pace a run (DESIGN, planning). Pure: the same files, machine and wishes give the same strategy. */
export function chooseStrategy(
  size: { readonly files: number; readonly bytes: number },
  readings: Readings,
  wishes: Wishes,
): Strategy {
  const name = nameOf(size, wishes.priority);
  return {
    name,
    reason:
      wishes.priority === 'balanced'
        ? `${String(size.files)} files, ${(size.bytes / MEBIBYTE).toFixed(1)} MiB`
        : `priority ${wishes.priority}`,
    ...chooseParallel(name, readings, wishes),
    batchSize: BATCH[name],
    gateEvery: name === 'conservative' ? 'step' : 'run',
  };
}

const BATCH: Readonly<Record<StrategyName, number>> = {
  simple: 50,
  balanced: 64,
  performance: 128,
  conservative: 32,
  comprehensive: 64,
};

function nameOf(size: { readonly files: number; readonly bytes: number }, priority: Priority): StrategyName {
  if (priority === 'safety') return 'conservative';
  if (priority === 'thorough') return 'comprehensive';
  if (priority === 'speed' || size.files > LARGE.files || size.bytes > LARGE.bytes) return 'performance';
  return size.files < SMALL.files || size.bytes < SMALL.bytes ? 'simple' : 'balanced';
}

type Parallel = Pick<Strategy, 'parallel' | 'mostParallel' | 'parallelReason'>;

function chooseParallel(name: StrategyName, readings: Readings, wishes: Wishes): Parallel {
  if (!wishes.parallelExecution) return { parallel: 1, mostParallel: 1, parallelReason: 'parallelExecution is off' };
  if (name === 'conservative')
    return { parallel: 1, mostParallel: 1, parallelReason: 'one at a time: priority safety' };
  const cores = Math.max(1, Math.floor(readings.cores));
  const mostParallel = Math.min(cores, wishes.maxParallel ?? cores);
  const room = jobsThatFit(readings, { held: 0, each: 0 });
  if (room < mostParallel)
    return { parallel: room, mostParallel, parallelReason: `memory has room for ${String(room)}` };
  const half = Math.max(1, Math.floor(cores / 2));
  if (isLoaded(readings) && half < mostParallel)
    return { parallel: half, mostParallel, parallelReason: 'the machine is busy' };
  return {
    parallel: mostParallel,
    mostParallel,
    parallelReason: mostParallel < cores ? 'maxParallel' : 'one for each core',
  };
}

/** The load is an average of the last minute: where nothing has waited since, or the others are at rest now, it is over. */
export function isLoaded({ cores, loadPerCore, cpuPressure, otherCores = null }: Readings): boolean {
  return loadPerCore > BUSY.load && (cpuPressure ?? 100) > WAITING && (otherCores ?? cores) > cores / 2;
}
