/** Where jobs execute: programs are started by this process, everything else runs in workers. */
import pLimit from 'p-limit';
import { sleep } from '../host/clock.js';
import type { Failure } from '../model/failure.js';
import type { Job, JobOutcome } from '../model/job.js';
import { createCircuit } from './circuit.js';
import { createEngines } from './engines.js';
import { INTERRUPTED } from './failed.js';
import { heapArguments, keptBytes } from './heap.js';
import { type LimitChange, createPacer } from './pacer.js';
import { type Pool, createPool } from './pool.js';
import { type OnRetry, perform } from './retry.js';
import { runJob } from './run-job.js';
import type { Attempt } from './seat.js';

export interface RunnerSettings {
  readonly root: string;
  readonly cacheFolder: string;
  /** Absolute path of the built worker module. */
  readonly workerModule: string;
  /** Jobs at once to begin with, and at most. */
  readonly parallel: { readonly start: number; readonly most: number };
  /** How many cores this process may use. */
  readonly cores: number;
  /** The longest that any job may take. */
  readonly jobTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Bytes; workers share them. */
  readonly availableMemory: number;
  /** The user's own NODE_OPTIONS. */
  readonly nodeOptions: string | undefined;
  /** Called once for tools that are not asked any more in this run. */
  readonly onGivenUp?: (tools: string, failure: Failure) => void;
  readonly onLimit?: (change: LimitChange) => void;
}

/** When nobody waits for the answer any more, and what it is then. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly failure: Failure;
}

export interface RunOptions {
  readonly deadline: Deadline;
  readonly onRetry?: OnRetry;
  /** Its first attempt begins. */
  readonly onStart?: () => void;
}

export interface Runner {
  /** Settles when nothing of the job runs any more, whether it was done or stopped. */
  readonly run: (job: Job, options: RunOptions) => Promise<JobOutcome>;
  /** Resolves when no process is left. */
  readonly close: () => Promise<void>;
}

/** Before the second try. */
const BACK_OFF_MS = 250;

export function createRunner(settings: RunnerSettings): Runner {
  const pool = poolOf(settings);
  const circuit = createCircuit(settings.onGivenUp ?? (() => undefined));
  const oneAtATime = pLimit(1);
  return {
    run: (job, { deadline, onRetry = () => undefined, onStart = () => undefined }) => {
      const signal = AbortSignal.any([settings.signal, deadline.signal]);
      return perform(job, {
        attempt: (part) => pool.attempt(part, { signal, onStart, isNeedless: () => circuit.openFor(part) !== null }),
        circuit,
        onRetry,
        stopped: () => (settings.signal.aborted ? INTERRUPTED : deadline.signal.aborted ? deadline.failure : null),
        pause: () => sleep(BACK_OFF_MS, signal).catch(() => undefined),
        alone: oneAtATime,
      });
    },
    close: pool.close,
  };
}

/** ESLint in two workers on two cores was measured to be slower than in one: it is spread from four cores on. */
const SPREAD_DIVISOR = 2;

function poolOf(settings: RunnerSettings): Pool {
  const { root, cacheFolder, parallel, cores, availableMemory } = settings;
  const kept = keptBytes(availableMemory, parallel.most);
  const pacer = createPacer({
    ...parallel,
    cores,
    folder: root,
    onChange: (change) => {
      settings.onLimit?.(change);
      pool.assign();
    },
  });
  const pool = createPool({
    pacer,
    module: settings.workerModule,
    spread: (limit) => Math.max(1, Math.floor(limit / SPREAD_DIVISOR)),
    nodeArguments: heapArguments(availableMemory, parallel.most, settings.nodeOptions),
    open: { type: 'open', root, cacheFolder, timeoutMs: settings.jobTimeoutMs, keptBytes: kept },
    runHere: (job, signal) => attemptHere(job, settings, signal),
  });
  return pool;
}

/** There is nothing to keep from one job to the next: each starts its programs anew, in its own time. */
async function attemptHere(job: Job, settings: RunnerSettings, signal: AbortSignal): Promise<Attempt> {
  const { root, cacheFolder } = settings;
  const engineOf = createEngines({ root, cacheFolder, timeoutMs: job.timeoutMs, signal });
  const outcome = await runJob(root, job, engineOf);
  // What a tool says of being stopped is its own affair; an answer that was complete before counts.
  return signal.aborted && isIncomplete(outcome) ? { end: 'aborted' } : { end: 'outcome', outcome };
}

function isIncomplete({ failure, files }: JobOutcome): boolean {
  return failure !== undefined || files.some((file) => file.failure !== undefined);
}
