/**
 * Worker processes, started when a job asks for one and kept for the run. Tools of the project run in them: their crashes,
 * their memory and their `process.cwd()` cannot hurt the main process.
 *
 * Order: jobs are taken in the order in which they came, except that a job whose leading tool is loaded in `spread` workers
 * already waits for one of those: loading ESLint twice on two cores was measured to be slower than waiting. Such a worker
 * exists by definition and takes the job when it is free, so no job waits for ever.
 */
import { type WorkerProcess, startWorkerProcess } from '../host/worker-process.js';
import type { Job, JobOutcome } from '../model/job.js';
import type { WorkerReply, WorkerRequest } from './worker.js';

/** How one attempt in a worker ended. */
export type Attempt =
  | { readonly end: 'outcome'; readonly outcome: JobOutcome }
  | { readonly end: 'timeout' }
  | { readonly end: 'crash'; readonly how: string; readonly output: string }
  | { readonly end: 'aborted' }
  /** Its time came when nobody wanted the answer any more. */
  | { readonly end: 'needless' };

export interface AttemptOptions {
  readonly signal: AbortSignal | undefined;
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
  process: WorkerProcess;
  readonly tools: Set<string>;
  current: Waiting | null;
  timer: NodeJS.Timeout | undefined;
}

export interface Pool {
  readonly attempt: (job: Job, options: AttemptOptions) => Promise<Attempt>;
  /** Resolves when no process is left. */
  readonly close: () => Promise<void>;
}

function leadingTool(job: Job): string {
  return job.trigger?.tool ?? job.links[0]?.[0]?.tool ?? '';
}

export function toolsOf(job: Job): string[] {
  return [
    ...new Set([...(job.trigger === undefined ? [] : [job.trigger.tool]), ...job.links.flat().map((use) => use.tool)]),
  ];
}

export function createPool(settings: PoolSettings): Pool {
  const seats = new Set<Seat>();
  const ending = new Set<Promise<void>>();
  const queue: Waiting[] = [];

  const end = (seat: Seat, attempt: Attempt): void => {
    clearTimeout(seat.timer);
    const { current } = seat;
    seat.current = null;
    current?.settle(attempt);
  };

  const startSeat = (): Seat => {
    const seat: Seat = {
      tools: new Set(),
      current: null,
      timer: undefined,
      process: startWorkerProcess(settings.module, settings.nodeArguments, {
        onMessage: (message) => {
          end(seat, { end: 'outcome', outcome: (message as WorkerReply).outcome });
          // A little later: what this outcome teaches (isNeedless) is to be known when the next job is chosen.
          setImmediate(assign);
        },
        onExit: ({ how, output }) => {
          seats.delete(seat);
          end(seat, { end: 'crash', how, output });
          setImmediate(assign);
        },
      }),
    };
    seat.process.send(settings.open);
    seats.add(seat);
    return seat;
  };

  const stopSeat = (seat: Seat, attempt: Attempt): void => {
    seats.delete(seat);
    end(seat, attempt);
    seat.process.kill();
    const { ended } = seat.process;
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
    assign();
  };

  const give = (seat: Seat, waiting: Waiting): void => {
    seat.current = waiting;
    seat.tools.add(leadingTool(waiting.job));
    seat.timer = setTimeout(() => stopSeat(seat, { end: 'timeout' }), waiting.job.timeoutMs);
    seat.process.send({ type: 'job', job: waiting.job } satisfies WorkerRequest);
  };

  const mayTake = (job: Job, seat: Seat | null): boolean => {
    const tool = leadingTool(job);
    if (seat?.tools.has(tool) === true) return true;
    return [...seats].filter((one) => one.tools.has(tool)).length < settings.spread;
  };

  const takeFor = (seat: Seat | null): Waiting | undefined => {
    const known = queue.findIndex(({ job }) => seat?.tools.has(leadingTool(job)) === true);
    const place = known >= 0 ? known : queue.findIndex(({ job }) => mayTake(job, seat));
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
    for (const seat of [...seats].filter((one) => one.current === null)) {
      const waiting = takeFor(seat);
      if (waiting !== undefined) give(seat, waiting);
    }
    while (seats.size < settings.size) {
      const waiting = takeFor(null);
      if (waiting === undefined) return;
      give(startSeat(), waiting);
    }
  };

  return {
    attempt: (job, { signal, isNeedless }) =>
      new Promise<Attempt>((resolve) => {
        if (signal?.aborted === true) {
          resolve({ end: 'aborted' });
          return;
        }
        const waiting: Waiting = {
          job,
          isNeedless,
          settle: (attempt) => {
            signal?.removeEventListener('abort', abort);
            resolve(attempt);
          },
        };
        const abort = (): void => {
          const place = queue.indexOf(waiting);
          if (place >= 0) queue.splice(place, 1);
          const seat = [...seats].find((one) => one.current === waiting);
          if (seat === undefined) waiting.settle({ end: 'aborted' });
          else stopSeat(seat, { end: 'aborted' });
        };
        signal?.addEventListener('abort', abort, { once: true });
        queue.push(waiting);
        assign();
      }),
    close: async () => {
      for (const seat of [...seats]) stopSeat(seat, { end: 'aborted' });
      await Promise.all(ending);
    },
  };
}
