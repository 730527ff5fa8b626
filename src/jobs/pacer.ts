/** Feeds the limit on jobs with what the machine says, every few seconds while jobs run. */
import { ticks } from '../host/clock.js';
import { type LoadMeter, createLoadMeter } from '../host/load.js';
import type { Load } from '../model/load.js';
import { type Pace, adjust, startPace } from '../model/concurrency.js';

export interface PacerSettings {
  /** Jobs at once to begin with, and at most. */
  readonly start: number;
  readonly most: number;
  /** How many cores this process may use. */
  readonly cores: number;
  /** On the file system that jobs write to. */
  readonly folder: string;
  readonly onChange: (change: LimitChange) => void;
  /** Told of each look, whether it changes anything or not. */
  readonly onLoad: (load: Load) => void;
}

export interface LimitChange {
  readonly limit: number;
  readonly before: number;
  readonly reason: string;
}

export interface Pacer {
  readonly limit: () => number;
  /** How many jobs are under way and wait, whenever that changes. */
  readonly note: (now: { readonly running: number; readonly waiting: number; readonly holding: number }) => void;
  /** A job has ended that was expected to cost so much. */
  readonly ended: (cost: number) => void;
  readonly stop: () => void;
}

/** Between two looks; longer where the last ones have changed nothing. */
const INTERVAL_MS = { first: 1000, most: 4000, factor: 1.25 } as const;

/** What happened since the last look. */
interface Since {
  at: number;
  ended: number;
  work: number;
}

/** Nothing is read unless jobs have run for a second; the limit is left alone where none waits, or there is but one. */
export function createPacer(settings: PacerSettings): Pacer {
  const state: { pace: Pace; timer: NodeJS.Timeout | undefined; interval: number; meter: LoadMeter | null } = {
    pace: startPace(settings.start, settings.most),
    timer: undefined,
    interval: INTERVAL_MS.first,
    meter: null,
  };
  const now = { running: 0, waiting: 0, holding: 0 };
  const since: Since = { at: 0, ended: 0, work: 0 };

  const look = (): void => {
    state.meter ??= createLoadMeter(settings.cores, settings.folder);
    const load = state.meter.look();
    const { at, ended, work } = since;
    Object.assign(since, { at: ticks(), ended: 0, work: 0 });
    if (load === null) return;
    settings.onLoad(load);
    state.interval = longer(state.interval);
    if (now.waiting > 0 && settings.most > 1) adjustTo(load, { at, ended, work });
  };

  const adjustTo = (load: Load, { at, ended, work }: Since): void => {
    const before = state.pace.limit;
    const isHeldBack = now.running >= before;
    const seconds = (since.at - at) / 1000;
    const observed = { ...now, load, seconds, waiting: isHeldBack ? now.waiting : 0, ended, work };
    const decision = adjust(state.pace, observed);
    state.pace = decision.state;
    if (decision.reason === null) return;
    state.interval = INTERVAL_MS.first;
    settings.onChange({ limit: decision.limit, before, reason: decision.reason });
  };

  const lookLater = (): void => {
    state.timer = setTimeout(() => {
      look();
      // Unless what was seen has brought it to an end.
      if (state.timer !== undefined) lookLater();
    }, state.interval).unref();
  };

  const stop = (): void => {
    clearTimeout(state.timer);
    Object.assign(state, { timer: undefined, meter: null, interval: INTERVAL_MS.first });
  };

  return {
    limit: () => state.pace.limit,
    note: (counts) => {
      Object.assign(now, counts);
      if (counts.running === 0 && counts.waiting === 0) stop();
      else if (state.timer === undefined) lookLater();
    },
    ended: (cost) => {
      since.ended += 1;
      since.work += cost;
    },
    stop,
  };
}

function longer(interval: number): number {
  return Math.min(INTERVAL_MS.most, interval * INTERVAL_MS.factor);
}
