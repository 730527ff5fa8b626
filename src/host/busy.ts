/**
 * How busy others keep this machine now. The load of a machine is an average over a minute, and what a test run or another
 * command has left in it is over when a commit begins.
 */
import { readFileSync } from 'node:fs';
import { TICKS, timesOf } from './process-times.js';

interface Sample {
  /** Seconds; of all cores together, and of this process and its workers. */
  readonly at: number;
  readonly busy: number;
  readonly own: number;
}

/** Processes of ours. */
const workers = new Set<number>();

/** What it takes from now on is not what others do: tools are loaded while it is still planned how many may run. */
export function countAsOwn(pid: number): void {
  workers.add(pid);
}

/** Before anything else is done, where this is loaded first. */
const atStart = sample();

/** Longer ago is not now; in less time the kernel's clock has hardly ticked (of two cores it ticks twice in 10 ms). */
const WINDOW = { least: 0.04, most: 10 } as const;

/**
 * Cores that others have kept busy since this process began; null where the system does not say. Programs that we have
 * started count as others, workers aside: while it is planned they are few, and short.
 */
export function coresBusyWithOthers(): number | null {
  const now = sample();
  if (now === null || atStart === null) return null;
  const seconds = now.at - atStart.at;
  if (seconds < WINDOW.least || seconds > WINDOW.most) return null;
  return Math.max(0, (now.busy - atStart.busy - (now.own - atStart.own)) / seconds);
}

function sample(): Sample | null {
  const busy = busySeconds();
  const { user, system } = process.cpuUsage();
  const ofWorkers = [...workers].reduce((sum, pid) => sum + (timesOf(pid)?.seconds ?? 0), 0);
  return busy === null ? null : { at: performance.now() / 1000, busy, own: (user + system) / 1e6 + ofWorkers };
}

/** What other guests of the same hardware take stands in none of Node's numbers. null: not a Linux. */
export function busySeconds(): number | null {
  const line = procStat()?.split('\n', 1)[0]?.trim().split(/\s+/).slice(1).map(Number);
  if (line === undefined) return null;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line;
  return (user + nice + system + irq + softirq + steal) / TICKS;
}

function procStat(): string | null {
  try {
    return readFileSync('/proc/stat', 'utf8');
  } catch {
    return null;
  }
}
