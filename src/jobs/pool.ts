/**
 * Worker processes, started when a job asks for one and kept for the run. Tools of the project run in them: their crashes,
 * their memory and their `process.cwd()` cannot hurt the main process.
 */
import { type WorkerProcess, startWorkerProcess } from '../host/worker-process.js';
import type { Job, JobOutcome } from '../model/job.js';
import { type Loaded, NOTHING_LOADED, chooseJob, nowLoaded } from './choose.js';
import type { WorkerReply, WorkerRequest } from './worker.js';

/** How one attempt in a worker ended; `use` is the id of the one that was at work then, null where that is not known. */
export type Attempt =
  | { readonly end: 'outcome'; readonly outcome: JobOutcome }
  | { readonly end: 'timeout'; readonly use: string | null }
  | { readonly end: 'crash'; readonly use: string | null; readonly how: string; readonly output: string }
  | { readonly end: 'aborted' }
  /** Its time came when nobody wanted the answer any more. */
  | { readonly end: 'needless' };

export interface AttemptOptions {
  readonly signal: AbortSignal;
  /** Asked when a process is free for the job. */
  readonly isNeedless: () => boolean;
}

export interface PoolSettings {
  readonly module: string;
  readonly size: number;
  /** In how many workers the same tool may be loaded. */
  readonly spread: number;
  readonly nodeArguments: readonly string[];
  readonly open: Extract<WorkerRequest, { type: 'open' }>;
}

interface Waiting {
  readonly job: Job;
  readonly isNeedless: () => boolean;
  readonly settle: (attempt: Attempt) => void;
}

interface Seat {
  readonly process: WorkerProcess;
  loaded: Loaded;
  current: Waiting | null;
  timer: NodeJS.Timeout | undefined;
  /** Id of the use that was last at work for the current job. */
  at: string | null;
  /** Bytes that it took after its first job. */
  atFirst: number | null;
  /** We are ending it, and so its job, if it has one, ends. */
  ending: Attempt | null;
}

export interface Pool {
  /** Settles when nothing of the job runs any more. */
  readonly attempt: (job: Job, options: AttemptOptions) => Promise<Attempt>;
  /** Resolves when no process is left. */
  readonly close: () => Promise<void>;
}

/** Where one job alone takes more than a worker may keep, a fresh one would be no smaller: then only growth counts. */
const OUTGROWN = 1.5;

export function createPool(settings: PoolSettings): Pool {
  const seats = new Set<Seat>();
  const queue: Waiting[] = [];
  const state = { closed: false };

  const settle = (seat: Seat, attempt: Attempt): void => {
    clearTimeout(seat.timer);
    const { current } = seat;
    seat.current = null;
    current?.settle(attempt);
  };

  /** Its job is settled when it is gone. */
  const stop = (seat: Seat, attempt: Attempt): void => {
    if (seat.ending !== null) return;
    seat.ending = attempt;
    clearTimeout(seat.timer);
    seat.process.kill();
  };

  const hear = (seat: Seat, reply: WorkerReply): void => {
    if (seat.ending !== null) return;
    if (reply.type === 'turn') {
      seat.at = reply.use;
      return;
    }
    seat.atFirst ??= reply.memory;
    settle(seat, { end: 'outcome', outcome: reply.outcome });
    if (reply.memory > Math.max(settings.open.keptBytes, seat.atFirst * OUTGROWN)) stop(seat, { end: 'aborted' });
    // A little later: what this outcome teaches (isNeedless) is to be known when the next job is chosen.
    setImmediate(assign);
  };

  const startSeat = (): Seat => {
    const seat: Seat = {
      process: startWorkerProcess(settings.module, settings.nodeArguments, {
        onMessage: (message) => hear(seat, message as WorkerReply),
        onExit: ({ how, output }) => {
          seats.delete(seat);
          settle(seat, seat.ending ?? { end: 'crash', use: seat.at, how, output });
          setImmediate(assign);
        },
      }),
      loaded: NOTHING_LOADED,
      current: null,
      timer: undefined,
      at: null,
      atFirst: null,
      ending: null,
    };
    seat.process.send(settings.open);
    seats.add(seat);
    return seat;
  };

  const give = (seat: Seat, waiting: Waiting): void => {
    const { job } = waiting;
    Object.assign(seat, { current: waiting, at: null, loaded: nowLoaded(seat.loaded, job) });
    seat.timer = setTimeout(() => stop(seat, { end: 'timeout', use: seat.at }), job.timeoutMs);
    seat.process.send({ type: 'job', job } satisfies WorkerRequest);
  };

  const takeFor = (seat: Seat | null): Waiting | undefined => {
    const others = [...seats].filter((one) => one !== seat).map(({ loaded }) => loaded);
    const jobs = queue.map(({ job }) => job);
    const place = chooseJob(jobs, seat?.loaded ?? NOTHING_LOADED, { others, spread: settings.spread });
    return place < 0 ? undefined : queue.splice(place, 1)[0];
  };

  const dropNeedless = (): void => {
    for (const waiting of queue.filter((one) => one.isNeedless())) {
      queue.splice(queue.indexOf(waiting), 1);
      waiting.settle({ end: 'needless' });
    }
  };

  const assign = (): void => {
    dropNeedless();
    for (const seat of [...seats].filter((one) => one.current === null && one.ending === null)) {
      const waiting = takeFor(seat);
      if (waiting !== undefined) give(seat, waiting);
    }
    while (seats.size < settings.size) {
      const waiting = takeFor(null);
      if (waiting === undefined) return;
      give(startSeat(), waiting);
    }
  };

  const abort = (waiting: Waiting): void => {
    const place = queue.indexOf(waiting);
    if (place >= 0) queue.splice(place, 1);
    const seat = [...seats].find((one) => one.current === waiting);
    if (seat === undefined) waiting.settle({ end: 'aborted' });
    else stop(seat, { end: 'aborted' });
  };

  return {
    attempt: (job, { signal, isNeedless }) =>
      new Promise<Attempt>((resolve) => {
        if (signal.aborted || state.closed) {
          resolve({ end: 'aborted' });
          return;
        }
        const onAbort = (): void => abort(waiting);
        const waiting: Waiting = {
          job,
          isNeedless,
          settle: (attempt) => {
            signal.removeEventListener('abort', onAbort);
            resolve(attempt);
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        queue.push(waiting);
        assign();
      }),
    close: async () => {
      state.closed = true;
      for (const waiting of queue.splice(0)) waiting.settle({ end: 'aborted' });
      for (const seat of seats) stop(seat, { end: 'aborted' });
      await Promise.all([...seats].map(({ process }) => process.ended));
    },
  };
}
