/** One worker process, with the job that it is at work on. */
import { type WorkerListeners, type WorkerProcess, startWorkerProcess } from '../host/worker-process.js';
import type { Job, JobOutcome } from '../model/job.js';
import { type Loaded, NOTHING_LOADED, nowLoaded } from './choose.js';
import type { EarlyWorker } from './early.js';
import type { WorkerReply, WorkerRequest } from './worker.js';

/** How one attempt ended; `use` is the id of the one that was at work then, null where that is not known. */
export type Attempt =
  | { readonly end: 'outcome'; readonly outcome: JobOutcome }
  | { readonly end: 'timeout'; readonly use: string | null }
  | { readonly end: 'crash'; readonly use: string | null; readonly how: string; readonly output: string }
  | { readonly end: 'aborted' }
  /** Its time came when nobody wanted the answer any more. */
  | { readonly end: 'needless' };

export interface Waiting {
  readonly job: Job;
  readonly isNeedless: () => boolean;
  readonly onStart: (worker: number | null) => void;
  readonly settle: (attempt: Attempt) => void;
}

export interface SeatSettings {
  /** Another one for each of those that are there at the same time. */
  readonly number: number;
  readonly module: string;
  readonly nodeArguments: readonly string[];
  readonly open: Extract<WorkerRequest, { type: 'open' }>;
  /** It has ended a job, or has ended itself. */
  readonly onFree: (seat: Seat) => void;
}

export interface Seat {
  readonly number: number;
  readonly loaded: () => Loaded;
  /** What it is at work on; null: nothing. */
  readonly current: () => Waiting | null;
  readonly give: (waiting: Waiting) => void;
  /** Ends the process; its job is settled when it is gone. */
  readonly stop: (attempt: Attempt) => void;
  /** It takes no job any more. */
  readonly isEnding: () => boolean;
  readonly isGone: () => boolean;
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<void>;
}

interface State {
  loaded: Loaded;
  current: Waiting | null;
  timer: NodeJS.Timeout | undefined;
  /** Id of the use that was last at work for the current job. */
  at: string | null;
  /** Bytes that it took after its first job. */
  atFirst: number | null;
  /** We are ending it, and so its job, if it has one, ends. */
  ending: Attempt | null;
  isGone: boolean;
}

/** Where one job alone takes more than a worker may keep, a fresh one would be no smaller: then only growth counts. */
const OUTGROWN = 1.5;

/** `early`: a process that is there already. */
export function startSeat(settings: SeatSettings, early?: EarlyWorker): Seat {
  const { open } = settings;
  const state: State = {
    loaded: early?.loaded ?? NOTHING_LOADED,
    current: null,
    timer: undefined,
    at: null,
    atFirst: null,
    ending: null,
    isGone: false,
  };
  const settle = (attempt: Attempt): void => {
    clearTimeout(state.timer);
    const { current } = state;
    state.current = null;
    current?.settle(attempt);
  };
  const stop = (attempt: Attempt): void => {
    if (state.ending !== null) return;
    state.ending = attempt;
    clearTimeout(state.timer);
    worker.kill();
  };
  const hear = (reply: WorkerReply): void => {
    // What it was given to begin with is nobody's job.
    if (state.ending !== null || state.current?.job.id !== reply.job) return;
    if (reply.type === 'turn') {
      state.at = reply.use;
      return;
    }
    state.atFirst ??= reply.memory;
    settle({ end: 'outcome', outcome: reply.outcome });
    if (reply.memory > Math.max(open.keptBytes, state.atFirst * OUTGROWN)) stop({ end: 'aborted' });
    settings.onFree(seat);
  };
  const listeners: WorkerListeners = {
    onMessage: (message) => hear(message as WorkerReply),
    onExit: ({ how, output }) => {
      state.isGone = true;
      settle(state.ending ?? { end: 'crash', use: state.at, how, output });
      settings.onFree(seat);
    },
  };
  const worker: WorkerProcess =
    early?.process ?? startWorkerProcess(settings.module, settings.nodeArguments, listeners);
  const seat: Seat = {
    number: settings.number,
    loaded: () => state.loaded,
    current: () => state.current,
    give: (waiting) => {
      const { job } = waiting;
      Object.assign(state, { current: waiting, at: null, loaded: nowLoaded(state.loaded, job) });
      state.timer = setTimeout(() => stop({ end: 'timeout', use: state.at }), job.timeoutMs);
      worker.send({ type: 'job', job } satisfies WorkerRequest);
    },
    stop,
    isEnding: () => state.ending !== null,
    isGone: () => state.isGone,
    ended: worker.ended,
  };
  if (early === undefined) worker.send(open);
  else early.listen(listeners);
  return seat;
}
