import type { Readings } from '../host/machine.js';
import type { Priority, Strategy, StrategyName } from '../model/plan.js';

const MEBIBYTE = 1024 * 1024;
const SMALL = { files: 50, bytes: MEBIBYTE };
const LARGE = { files: 1000, bytes: 100 * MEBIBYTE };
/** Load for each core, and share of memory in use, from which the machine counts as busy; and below which as idle. */
const BUSY = { load: 1, memory: 0.8 };

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
  const { parallel, reason } = chooseParallel(name, readings, wishes);
  return {
    name,
    reason:
      wishes.priority === 'balanced'
        ? `${String(size.files)} files, ${(size.bytes / MEBIBYTE).toFixed(1)} MiB`
        : `priority ${wishes.priority}`,
    parallel,
    parallelReason: reason,
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

function chooseParallel(name: StrategyName, readings: Readings, wishes: Wishes): { parallel: number; reason: string } {
  if (!wishes.parallelExecution) return { parallel: 1, reason: 'parallelExecution is off' };
  if (name === 'conservative') return { parallel: 1, reason: 'one at a time: priority safety' };
  const cores = Math.max(1, Math.floor(readings.cores));
  const used = 1 - readings.availableMemory / readings.totalMemory;
  const busy = readings.loadPerCore > BUSY.load || used > BUSY.memory;
  const wanted = busy ? Math.max(1, Math.floor(cores / 2)) : cores;
  if (wishes.maxParallel !== undefined && wishes.maxParallel < wanted)
    return { parallel: wishes.maxParallel, reason: 'maxParallel' };
  return { parallel: wanted, reason: busy ? 'the machine is busy' : 'one for each core' };
}
