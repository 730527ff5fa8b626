/**
 * How many jobs may run at once, adjusted while they run: half under pressure, more while that helps. Pure: a state and
 * what was observed give the next state. What keeps the machine busy counts only where it is not our own doing.
 */

import type { Load } from './load.js';

export interface Observation {
  readonly load: Load;
  readonly seconds: number;
  /** Jobs under way, and those that only the limit holds back. */
  readonly running: number;
  readonly waiting: number;
  /** Processes that hold memory, idle workers among them. */
  readonly holding: number;
  /** Jobs that ended in this time, and what they were estimated to cost. */
  readonly ended: number;
  readonly work: number;
}

export interface Pace {
  readonly limit: number;
  readonly most: number;
  /** Of others, smoothed. */
  readonly otherCores: number;
  /** The most that one job was seen to hold on average, 0 before anything was seen; and by how much it grows a second. */
  readonly jobMemory: number;
  readonly growth: number;
  /** Since the limit was last changed. */
  readonly period: { readonly seconds: number; readonly ended: number; readonly work: number };
  /** The limit before the last change, and what was done each second under it. */
  readonly before: { readonly limit: number; readonly rate: number } | null;
  /** Seconds for which the limit is not raised, or lowered for the sake of the disk; longer after each vain try. */
  readonly hold: number;
  readonly nextHold: number;
}

export interface Decision {
  readonly state: Pace;
  readonly limit: number;
  /** Why the limit is another one than before; null where it is not. */
  readonly reason: string | null;
}

const MEBIBYTE = 1024 ** 2;
/** Share of memory in use, and of cores that are busy, from which on the machine counts as loaded. */
export const BUSY = { load: 1, memory: 0.8, cores: 0.9 } as const;
/** Below these it is idle: the limit is doubled instead of raised by one. */
const IDLE = { cores: 0.25, memory: 0.5 } as const;
/** What is left to others whatever happens; with less, nothing runs side by side. */
const FLOOR = { memory: 128 * MEBIBYTE, disk: 64 * MEBIBYTE } as const;
/** Before anything was seen: a worker with ESLint and Prettier holds 200 to 500 MiB. */
const EXPECTED_JOB_MEMORY = 512 * MEBIBYTE;
/** Workers grow: one less is wanted before they hold what they will hold in so many seconds, one more has to fit after. */
const AHEAD = { keep: 5, raise: 10 } as const;
/** And is to be wanted for longer than a moment. */
const ROOM = 1.05;
/** Others that keep less of a core busy than this are the usual bustle of a machine. */
const BUSTLE = { cores: 0.5, share: 0.1 } as const;
/** Everything waiting for memory, something for the disk, in so much of the time. */
const PRESSURE = { memory: 0.1, io: 0.3 } as const;
/** A step back for the sake of the disk must make that much faster. */
const GAIN = 1.03;
/** So many jobs tell how fast it goes. */
const TELLING_JOBS = 6;
const HOLD = { first: 8, most: 128, factor: 4 } as const;
const SMOOTHING = 0.5;

export function startPace(limit: number, most: number): Pace {
  const period = { seconds: 0, ended: 0, work: 0 };
  const nothing = { otherCores: 0, jobMemory: 0, growth: 0, before: null, hold: 0 };
  return { ...nothing, limit, most, period, nextHold: HOLD.first };
}

/** How many jobs memory has room for below the bound. */
export function jobsThatFit(
  load: Pick<Load, 'availableMemory' | 'totalMemory'>,
  jobs: { readonly held: number; readonly each: number },
): number {
  const room = load.availableMemory + jobs.held - (1 - BUSY.memory) * load.totalMemory;
  return Math.max(1, Math.floor(room / (jobs.each || EXPECTED_JOB_MEMORY)));
}

export function adjust(before: Pace, observed: Observation): Decision {
  const state = noted(before, observed);
  const next = forced(state, observed) ?? tried(state) ?? raised(state, observed);
  const isRaise = next !== null && next.limit > state.limit;
  if (next === null || (isRaise && isShort(observed.load))) return { state, limit: state.limit, reason: null };
  if (next.limit === state.limit) return { state: next.state ?? state, limit: state.limit, reason: null };
  const changed = { ...startPeriod(next.state ?? state), limit: next.limit };
  return { state: changed, limit: next.limit, reason: next.reason };
}

interface Step {
  readonly limit: number;
  readonly reason: string;
  readonly state?: Pace;
}

function noted(state: Pace, { load, seconds, holding, ended, work }: Observation): Pace {
  const { otherCores: others } = load;
  const each = holding === 0 || load.jobMemory === null ? 0 : load.jobMemory / holding;
  return {
    ...state,
    otherCores: others === null ? 0 : smoothed(state.otherCores, others),
    jobMemory: Math.max(state.jobMemory, each),
    growth: state.jobMemory === 0 ? 0 : smoothed(state.growth, Math.max(0, each - state.jobMemory) / seconds),
    period: {
      seconds: state.period.seconds + seconds,
      ended: state.period.ended + ended,
      work: state.period.work + work,
    },
    hold: Math.max(0, state.hold - seconds),
  };
}

function smoothed(before: number, now: number): number {
  return before + SMOOTHING * (now - before);
}

function startPeriod(state: Pace): Pace {
  return { ...state, period: { seconds: 0, ended: 0, work: 0 } };
}

/** What cannot wait: memory, the disk, and others who want the machine as well. */
function forced(state: Pace, { load, running }: Observation): Step | null {
  if (load.availableMemory < FLOOR.memory)
    return { limit: 1, reason: `${mebibytes(load.availableMemory)} of memory left` };
  if (load.freeDisk !== null && load.freeDisk < FLOOR.disk)
    return { limit: 1, reason: `${mebibytes(load.freeDisk)} of disk left` };
  // What was asked for last has not come about yet: jobs that run are not ended.
  if (running > state.limit) return null;
  return forMemory(state, load) ?? forOthers(state, load);
}

function forMemory(state: Pace, load: Load): Step | null {
  const { jobMemory: held } = load;
  const used = usedMemory(load);
  const waited = load.waiting.memory ?? 0;
  if (waited > PRESSURE.memory)
    return stepBack(state, half(state), `all wait for memory ${percent(waited)} of the time`);
  const fit = held === null ? half(state) : jobsThatFit(load, { held, each: expected(state, AHEAD.keep) });
  if (used > BUSY.memory) return stepBack(state, Math.min(fit, half(state)), `${percent(used)} of memory in use`);
  if (held === null || state.jobMemory === 0) return null;
  return stepBack(state, fit, `memory has room for ${String(fit)} jobs: ${percent(used)} in use`);
}

function isShort(load: Load): boolean {
  return usedMemory(load) > BUSY.memory || (load.waiting.memory ?? 0) > PRESSURE.memory;
}

/** What a job will hold in so many seconds; 0 before anything was seen. */
function expected({ jobMemory, growth }: Pace, seconds: number): number {
  return jobMemory + growth * seconds;
}

function forOthers(state: Pace, load: Load): Step | null {
  const { otherCores: others } = state;
  const isBustle = others <= Math.max(BUSTLE.cores, BUSTLE.share * load.machineCores);
  const isFull = others + (load.ownCores ?? 0) >= BUSY.cores * load.machineCores;
  if (isBustle || !isFull) return null;
  return stepBack(state, Math.max(freeCores(state, load), half(state)), othersReason(state, load));
}

function othersReason({ otherCores }: Pace, { machineCores }: Load): string {
  return `others keep ${otherCores.toFixed(1)} of ${String(machineCores)} cores busy`;
}

function stepBack(state: Pace, limit: number, reason: string): Step | null {
  const next = Math.max(1, limit);
  return next < state.limit ? { limit: next, reason, state: { ...state, before: null, hold: HOLD.first / 2 } } : null;
}

function half({ limit }: Pace): number {
  return Math.max(1, Math.floor(limit / 2));
}

/** Cores that others leave to us. */
function freeCores({ otherCores }: Pace, { cores, machineCores }: Load): number {
  return Math.max(1, Math.round(Math.min(cores, machineCores - otherCores)));
}

/** Enough has ended under this limit to tell how fast it is. */
function isMeasured({ period, limit }: Pace): boolean {
  return period.ended >= Math.max(TELLING_JOBS, limit);
}

function rateOf({ period }: Pace): number {
  return period.seconds === 0 ? 0 : period.work / period.seconds;
}

/** Was the last change of use? If not, it is taken back and not tried again for a while. */
function tried(state: Pace): Step | null {
  const { before, limit, nextHold } = state;
  if (before === null || !isMeasured(state)) return null;
  const isGood = rateOf(state) > before.rate * (limit > before.limit ? 1 : GAIN);
  if (isGood) return { limit, reason: '', state: { ...state, before: null } };
  const held = { ...state, before: null, hold: nextHold, nextHold: Math.min(HOLD.most, nextHold * HOLD.factor) };
  return {
    limit: before.limit,
    reason: `no faster with ${String(limit)} than with ${String(before.limit)}`,
    state: held,
  };
}

function raised(state: Pace, observed: Observation): Step | null {
  const { load, waiting } = observed;
  if (state.before !== null || state.hold > 0 || state.period.seconds < 2) return null;
  const before = isMeasured(state) ? { limit: state.limit, rate: rateOf(state) } : null;
  if (isDiskBound(load)) {
    const step = stepBack(state, half(state), `jobs wait for the disk ${percent(load.waiting.io ?? 0)} of the time`);
    return step === null || before === null ? null : { ...step, state: { ...state, before } };
  }
  if (waiting === 0) return null;
  const room = jobsThatFit(load, { held: load.jobMemory ?? 0, each: ROOM * expected(state, AHEAD.raise) });
  const limit = Math.min(state.most, room, freeCores(state, load), state.limit + increase(state, load));
  if (limit <= state.limit) return null;
  return { limit, reason: `${String(freeCores(state, load))} cores are free`, state: { ...state, before } };
}

function isDiskBound({ waiting, ownCores, cores }: Load): boolean {
  return (waiting.io ?? 0) > PRESSURE.io && (ownCores ?? 0) < BUSY.cores * cores;
}

function increase({ limit, otherCores }: Pace, load: Load): number {
  const isIdle = otherCores < IDLE.cores * load.machineCores && usedMemory(load) < IDLE.memory;
  return isIdle ? limit : 1;
}

function usedMemory({ availableMemory, totalMemory }: Pick<Load, 'availableMemory' | 'totalMemory'>): number {
  return 1 - availableMemory / totalMemory;
}

function percent(share: number): string {
  return `${String(Math.round(share * 100))} %`;
}

function mebibytes(bytes: number): string {
  return `${String(Math.floor(bytes / MEBIBYTE))} MiB`;
}
