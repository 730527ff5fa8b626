/**
 * Which job runs when, and where: tools of the project in worker processes, where their crashes, their memory and their
 * `process.cwd()` cannot hurt this one; programs are started from here. A worker is started when a job asks for one, and
 * kept for the run as long as the limit allows for it.
 */
import type { Job } from '../model/job.js';
import { NOTHING_LOADED, chooseJob } from './choose.js';
import { SEAT_START_MS, costOf, leadTool, remainingByTool } from './cost.js';
import type { Pacer } from './pacer.js';
import type { EarlyWorker } from './early.js';
import { type Attempt, type Seat, type SeatSettings, type Waiting, startSeat } from './seat.js';
import { runsInMain } from './uses.js';

export interface AttemptOptions {
  readonly signal: AbortSignal;
  /** Asked when there is room for the job. */
  readonly isNeedless: () => boolean;
  /** Told the number of the worker; null: it needs none. */
  readonly onStart: (worker: number | null) => void;
}

export interface PoolSettings extends Omit<SeatSettings, 'onFree' | 'number'> {
  readonly pacer: Pacer;
  /** In how many workers the tool that leads a job may be loaded under this limit, with so many milliseconds of its jobs left. */
  readonly spread: (job: Job, limit: number, left: number) => number;
  /** Processes to begin with. */
  readonly early?: readonly EarlyWorker[];
  /** Runs a job that needs no worker. */
  readonly runHere: (job: Job, signal: AbortSignal) => Promise<Attempt>;
}

export interface Pool {
  /** Settles when nothing of the job runs any more. */
  readonly attempt: (job: Job, options: AttemptOptions) => Promise<Attempt>;
  /** To be called when the limit has changed. */
  readonly assign: () => void;
  /** Resolves when no process is left. */
  readonly close: () => Promise<void>;
}

interface Queued extends Waiting {
  readonly signal: AbortSignal;
  /** For bugs. */
  readonly fail: (error: unknown) => void;
}

export function createPool(settings: PoolSettings): Pool {
  const { pacer } = settings;
  const seats = new Set<Seat>();
  const programs = new Set<Queued>();
  const queue: Queued[] = [];
  const state = { closed: false };

  const running = (): number => programs.size + [...seats].filter((seat) => seat.current() !== null).length;
  const liveSeats = (): Seat[] => [...seats].filter((seat) => !seat.isEnding());
  const idleSeats = (): Seat[] => liveSeats().filter((seat) => seat.current() === null);

  const take = (waiting: Queued, worker: number | null): Queued => {
    queue.splice(queue.indexOf(waiting), 1);
    waiting.onStart(worker);
    return waiting;
  };

  const addSeat = (early?: EarlyWorker): Seat => {
    const own = {
      ...settings,
      number: lowestFree([...seats].map((one) => one.number)),
      onFree: (free: Seat) => {
        if (free.isGone()) seats.delete(free);
        // A little later: what this outcome teaches (isNeedless) is to be known when the next job is chosen.
        setImmediate(assign);
      },
    };
    const seat = startSeat(own, early);
    seats.add(seat);
    return seat;
  };

  const startProgram = (waiting: Queued): void => {
    programs.add(waiting);
    const { job, signal } = take(waiting, null);
    const ended = (settle: () => void): void => {
      programs.delete(waiting);
      settle();
      setImmediate(assign);
    };
    settings.runHere(job, signal).then(
      (attempt) => ended(() => waiting.settle(attempt)),
      (error: unknown) => ended(() => waiting.fail(error)),
    );
  };

  const choose = (seat: Seat | null): Queued | undefined => {
    const others = [...seats].filter((one) => one !== seat).map((one) => one.loaded());
    const waiting = queue.filter(({ job }) => !runsInMain(job));
    const jobs = waiting.map(({ job }) => job);
    const left = remainingByTool(jobs);
    return waiting[
      chooseJob(jobs, seat?.loaded() ?? NOTHING_LOADED, {
        others,
        spread: (job) => settings.spread(job, pacer.limit(), left.get(leadTool(job)) ?? 0),
      })
    ];
  };

  /** Small work waits for a worker that exists: starting one would take longer. */
  const isWorthSeat = ({ job }: Queued): boolean => {
    const live = liveSeats();
    const loaded = new Set(live.flatMap((seat) => [...seat.loaded().tools]));
    return live.length === 0 || costOf({ ...job, cost: remaining(job) }, loaded) >= SEAT_START_MS;
  };

  const remaining = (job: Job): number => remainingByTool(queue.map((one) => one.job)).get(leadTool(job)) ?? 0;

  const nextForSeat = (): { readonly waiting: Queued; readonly seat: Seat | null } | null => {
    const ready = idleSeats().flatMap((seat) => {
      const waiting = choose(seat);
      return waiting === undefined ? [] : [{ waiting, seat }];
    });
    // Where two could take the same job, the one that has loaded its tool does.
    const hasTool = ({ waiting, seat }: (typeof ready)[number]): boolean =>
      seat.loaded().tools.has(leadTool(waiting.job));
    const next = ready.find(hasTool) ?? ready[0];
    if (next !== undefined) return next;
    const waiting = seats.size < pacer.limit() ? choose(null) : undefined;
    return waiting !== undefined && isWorthSeat(waiting) ? { waiting, seat: null } : null;
  };

  const giveTo = (seat: Seat, waiting: Queued): void => seat.give(take(waiting, seat.number));

  /** False: there is nothing that can be started. */
  const startOne = (): boolean => {
    const program = costliest(queue.filter(({ job }) => runsInMain(job)));
    const next = nextForSeat();
    if (program !== undefined && (next === null || program.job.cost >= remaining(next.waiting.job)))
      startProgram(program);
    else if (next !== null) giveTo(next.seat ?? addSeat(), next.waiting);
    else return false;
    return true;
  };

  const dropNeedless = (): void => {
    for (const waiting of queue.filter((one) => one.isNeedless())) {
      queue.splice(queue.indexOf(waiting), 1);
      waiting.settle({ end: 'needless' });
    }
  };

  const assign = (): void => {
    dropNeedless();
    let isMore = true;
    while (isMore && running() < pacer.limit()) isMore = startOne();
    const surplus = liveSeats().length - pacer.limit();
    for (const seat of idleSeats().slice(0, Math.max(0, surplus))) seat.stop({ end: 'aborted' });
    pacer.note({ running: running(), waiting: queue.length, holding: seats.size + programs.size });
  };

  const abort = (waiting: Queued): void => {
    const place = queue.indexOf(waiting);
    // A program hears the signal itself.
    if (programs.has(waiting)) return;
    if (place >= 0) queue.splice(place, 1);
    const seat = [...seats].find((one) => one.current() === waiting);
    if (seat === undefined) waiting.settle({ end: 'aborted' });
    else seat.stop({ end: 'aborted' });
  };

  for (const worker of settings.early ?? []) addSeat(worker);

  return {
    attempt: (job, { signal, isNeedless, onStart }) =>
      new Promise<Attempt>((resolve, reject) => {
        if (signal.aborted || state.closed) {
          resolve({ end: 'aborted' });
          return;
        }
        const onAbort = (): void => abort(waiting);
        const waiting: Queued = {
          job,
          signal,
          isNeedless,
          onStart,
          fail: reject,
          settle: (attempt) => {
            signal.removeEventListener('abort', onAbort);
            if (attempt.end === 'outcome') pacer.ended(job.cost);
            resolve(attempt);
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        queue.push(waiting);
        // A little later: of all jobs that are given at once, the one to begin with is chosen.
        setImmediate(assign);
      }),
    assign,
    close: async () => {
      state.closed = true;
      pacer.stop();
      for (const waiting of queue.splice(0)) waiting.settle({ end: 'aborted' });
      for (const seat of seats) seat.stop({ end: 'aborted' });
      await Promise.all([...seats].map(({ ended }) => ended));
    },
  };
}

function lowestFree(taken: readonly number[]): number {
  return Array.from({ length: taken.length + 1 }, (_, index) => index + 1).find((one) => !taken.includes(one)) ?? 1;
}

function costliest(waiting: readonly Queued[]): Queued | undefined {
  return waiting.reduce<Queued | undefined>(
    (best, one) => (best && best.job.cost >= one.job.cost ? best : one),
    undefined,
  );
}
