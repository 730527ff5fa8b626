/** Where jobs execute: programs are started by this process, everything else runs in workers. */
import pLimit from 'p-limit';
import { sleep } from '../host/clock.js';
import type { Failure } from '../model/failure.js';
import type { Job, JobOutcome } from '../model/job.js';
import type { Load } from '../model/load.js';
import { createCircuit } from './circuit.js';
import { type EarlyNote, type EarlyWorkers, type Shape, joinShapes, shapeOf } from './early.js';
import { createEngines } from './engines.js';
import { INTERRUPTED } from './failed.js';
import { FEW_FILES, keptBytes, nodeArgumentsFor } from './heap.js';
import { type LimitChange, createPacer } from './pacer.js';
import { type Pool, createPool } from './pool.js';
import { type OnRetry, perform } from './retry.js';
import { runJob } from './run-job.js';
import type { Attempt } from './seat.js';
import { spreadOf } from './spread.js';

export interface RunnerSettings {
  readonly root: string;
  readonly cacheFolder: string;
  /** Absolute path of the built worker module. */
  readonly workerModule: string;
  /** How many files may be looked at. */
  readonly files: number;
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
  /** Workers that were started before the run was planned, and what a later run needs to know to do the same. */
  readonly early?: {
    readonly workers: EarlyWorkers | null;
    readonly keep: (used: Omit<EarlyNote, 'build' | 'files'>) => Promise<void>;
    /** Takes over the wait for what nothing else waits for: the end of workers that are killed already. */
    readonly leave: (ended: Promise<void>) => void;
  };
  readonly onLimit?: (change: LimitChange) => void;
  /** Every few seconds while jobs run. */
  readonly onLoad?: (load: Load) => void;
}

/** When nobody waits for the answer any more, and what it is then. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly failure: Failure;
}

export interface RunOptions {
  readonly deadline: Deadline;
  readonly onRetry?: OnRetry;
  /** An attempt begins, in the worker of this number; null: it needs none. */
  readonly onStart?: (worker: number | null) => void;
}

export interface Runner {
  /** Settles when nothing of the job runs any more, whether it was done or stopped. */
  readonly run: (job: Job, options: RunOptions) => Promise<JobOutcome>;
  /** Ends all processes. Resolves when none is left, or when whoever has started workers early waits for that. */
  readonly close: () => Promise<void>;
}

/** Before the second try. */
const BACK_OFF_MS = 250;

export function createRunner(settings: RunnerSettings): Runner {
  const start = startOf(settings);
  const pool = poolOf(settings, start);
  const shapes: Shape[] = [];
  const circuit = createCircuit(settings.onGivenUp ?? (() => undefined));
  const oneAtATime = pLimit(1);
  return {
    run: async (job, { deadline, onRetry = () => undefined, onStart = () => undefined }) => {
      const signal = AbortSignal.any([settings.signal, deadline.signal]);
      const outcome = await perform(job, {
        attempt: (part) => pool.attempt(part, { signal, onStart, isNeedless: () => circuit.openFor(part) !== null }),
        circuit,
        onRetry,
        stopped: () => (settings.signal.aborted ? INTERRUPTED : deadline.signal.aborted ? deadline.failure : null),
        pause: () => sleep(BACK_OFF_MS, signal).catch(() => undefined),
        alone: oneAtATime,
      });
      const shape = shapeOf(job, outcome);
      if (shape !== null) shapes.push(shape);
      return outcome;
    },
    close: async () => {
      const ended = pool.close();
      if (settings.early === undefined) return ended;
      settings.early.leave(ended);
      settings.early.leave(settings.early.keep({ ...start, shapes: joinShapes(shapes) }));
    },
  };
}

/** How each worker begins. */
type Start = Pick<EarlyNote, 'nodeArguments' | 'open'>;

function startOf({ root, cacheFolder, parallel, availableMemory, jobTimeoutMs, nodeOptions }: RunnerSettings): Start {
  const kept = keptBytes(availableMemory, parallel.most);
  return {
    nodeArguments: nodeArgumentsFor(availableMemory, parallel.most, nodeOptions),
    open: { type: 'open', root, cacheFolder, timeoutMs: jobTimeoutMs, keptBytes: kept },
  };
}

function poolOf(settings: RunnerSettings, start: Start): Pool {
  const { root, parallel, cores } = settings;
  const pacer = createPacer({
    ...parallel,
    cores,
    folder: root,
    onLoad: settings.onLoad ?? (() => undefined),
    onChange: (change) => {
      settings.onLimit?.(change);
      pool.assign();
    },
  });
  const pool = createPool({
    pacer,
    module: settings.workerModule,
    spread: spreadOf,
    open: start.open,
    nodeArguments: start.nodeArguments[settings.files <= FEW_FILES ? 'few' : 'many'],
    early: settings.early?.workers?.take(start) ?? [],
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
