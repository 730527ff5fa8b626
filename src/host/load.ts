/**
 * What keeps this machine busy, from one look at it to the next. Each look reads one small file for each process of the
 * machine, synchronously: some milliseconds, so not more often than once a second.
 */
import { readFileSync, readdirSync, statfsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { Load } from '../model/load.js';
import { busySeconds } from './busy.js';
import { memoryOf } from './machine.js';
import { type ProcessTimes, timesOf } from './process-times.js';

export interface LoadMeter {
  /** Since the last look; the first one only takes the counters down and gives null. */
  readonly look: () => Load | null;
}

/** `cores`: how many this process may use; `folder`: where jobs write. */
export function createLoadMeter(cores: number, folder: string): LoadMeter {
  const last: { counters: Counters | null } = { counters: null };
  return {
    look: () => {
      const before = last.counters;
      const now = readCounters();
      last.counters = now;
      return before === null ? null : { ...between(before, now, cores), freeDisk: freeDisk(folder) };
    },
  };
}

/** All times in seconds, counted from a start that does not matter. */
interface Counters {
  readonly at: number;
  /** Of all cores together. */
  readonly busy: number;
  readonly own: number | null;
  readonly held: number | null;
  readonly waiting: Readonly<Record<keyof Load['waiting'], number | null>>;
}

function between(before: Counters, now: Counters, cores: number): Omit<Load, 'freeDisk'> {
  const seconds = Math.max(0.001, now.at - before.at);
  const rate = (from: number | null, to: number | null): number | null =>
    from === null || to === null ? null : Math.max(0, (to - from) / seconds);
  const share = (of: keyof Load['waiting']): number | null => {
    const value = rate(before.waiting[of], now.waiting[of]);
    return value === null ? null : Math.min(1, value);
  };
  const busy = rate(before.busy, now.busy) ?? 0;
  const own = rate(before.own, now.own);
  return {
    ...memoryOf(),
    cores,
    machineCores: Math.max(cpus().length, availableParallelism()),
    ownCores: own,
    otherCores: own === null ? null : Math.max(0, busy - own),
    waiting: { cpu: share('cpu'), memory: share('memory'), io: share('io') },
    jobMemory: now.held,
  };
}

function readCounters(): Counters {
  const family = process.platform === 'linux' ? ownFamily() : null;
  return {
    at: performance.now() / 1000,
    busy: busyOfAll(),
    own: family?.seconds ?? null,
    held: family?.held ?? null,
    waiting: { cpu: waited('cpu', 'some'), memory: waited('memory', 'full'), io: waited('io', 'some') },
  };
}

function busyOfAll(): number {
  const cpuSeconds = (): number =>
    cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0) / 1000;
  return busySeconds() ?? cpuSeconds();
}

/** This process and its descendants: their time, and the memory of the descendants. */
function ownFamily(): { readonly seconds: number; readonly held: number } | null {
  const children = new Map<number, ProcessTimes[]>();
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (timesOf(Number(name)) ?? []) : []));
  for (const one of all) children.set(one.parent, [...(children.get(one.parent) ?? []), one]);
  const family = all.filter(({ pid }) => pid === process.pid);
  for (const { pid } of family) family.push(...(children.get(pid) ?? []));
  const [self, ...others] = family;
  if (self === undefined) return null;
  const bytesOfPage = process.memoryUsage.rss() / Math.max(1, self.pages);
  return {
    seconds: sumOf(family.map((one) => one.seconds)),
    held: sumOf(others.map((one) => one.pages)) * bytesOfPage,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Seconds so far in which some or all that could run waited for it. */
function waited(of: keyof Load['waiting'], who: 'some' | 'full'): number | null {
  const match = new RegExp(`^${who} .*total=(\\d+)`, 'm').exec(read(`/proc/pressure/${of}`) ?? '');
  return match === null ? null : Number(match[1]) / 1e6;
}

function freeDisk(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
