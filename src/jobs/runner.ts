/** Where jobs execute, and what is tried again when they fail (DESIGN, when something fails). */
import pLimit from 'p-limit';
import type { Failure } from '../model/failure.js';
import type { FileOutcome, Job, JobFile, JobOutcome } from '../model/job.js';
import type { ToolUse } from '../model/tool-use.js';
import { sleep } from '../host/clock.js';
import { toolOf } from '../tools/registry.js';
import { type Circuit, createCircuit } from './circuit.js';
import { createEngines } from './engines.js';
import { heapArguments } from './heap.js';
import { type Attempt, createPool, toolsOf } from './pool.js';
import { runJob } from './run-job.js';

export interface RunnerSettings {
  readonly root: string;
  readonly cacheFolder: string;
  /** Absolute path of the built worker module. */
  readonly workerModule: string;
  readonly workers: number;
  /** In how many workers the same tool may be loaded. */
  readonly spread: number;
  readonly jobTimeoutMs: number;
  readonly signal?: AbortSignal;
  /** Bytes; workers share them. */
  readonly availableMemory: number;
  /** The user's own NODE_OPTIONS. */
  readonly nodeOptions: string | undefined;
  /** Called once for tools that are not asked any more in this run. */
  readonly onGivenUp?: (tools: string, failure: Failure) => void;
}

export type OnRetry = (job: Job, files: number, reason: string) => void;

export interface Runner {
  readonly run: (job: Job, onRetry: OnRetry) => Promise<JobOutcome>;
  /** Resolves when no process is left. */
  readonly close: () => Promise<void>;
}

/** Before the second try, so that whatever was short of memory or time can recover. */
const BACK_OFF_MS = 250;
/** A part of a batch that took too long gets less time, but always enough to start the tool. */
const LEAST_TIMEOUT_MS = 30_000;

export function createRunner(settings: RunnerSettings): Runner {
  const pool = createPool({
    module: settings.workerModule,
    size: settings.workers,
    spread: settings.spread,
    nodeArguments: heapArguments(settings.availableMemory, settings.workers, settings.nodeOptions),
    open: { type: 'open', root: settings.root, cacheFolder: settings.cacheFolder, timeoutMs: settings.jobTimeoutMs },
  });
  const { engineOf, close } = createEngines({ ...settings, timeoutMs: settings.jobTimeoutMs });
  const circuit = createCircuit(settings.onGivenUp ?? (() => undefined));
  // Second tries run one at a time, whatever runs beside them: less pressure than before is the point.
  const oneAtATime = pLimit(1);
  const attempt = async (job: Job): Promise<Attempt> =>
    runsInMain(job)
      ? { end: 'outcome', outcome: await runJob(settings.root, job, engineOf) }
      : pool.attempt(job, { signal: settings.signal, isNeedless: () => circuit.openFor(job) !== null });
  const { signal } = settings;
  return {
    run: async (job, onRetry) => {
      const recovery: Recovery = { attempt, circuit, onRetry, ...(signal === undefined ? {} : { signal }) };
      const { healthy, kept } = withoutIsolated(job, circuit);
      if (healthy.files.length === 0 && kept.length > 0) return { files: kept, diagnostics: [] };
      const first = await tryOnce(healthy, recovery);
      const outcome =
        'outcome' in first ? first.outcome : await oneAtATime(() => tryAgain(healthy, first.failure, recovery));
      return kept.length === 0 ? outcome : { ...outcome, files: [...outcome.files, ...kept] };
    },
    close: async () => {
      await pool.close();
      await close();
    },
  };
}

function runsInMain(job: Job): boolean {
  const uses = [...job.links.flat(), ...(job.trigger === undefined ? [] : [job.trigger])];
  return uses.every((use: ToolUse) => toolOf(use).runsIn === 'main');
}

/** Files that have cost a process already are not given to the same tools again. */
function withoutIsolated(job: Job, circuit: Circuit): { healthy: Job; kept: FileOutcome[] } {
  const kept: FileOutcome[] = [];
  const files = job.files.filter((file) => {
    const failure = isFileGrained(job) ? circuit.isolated(job, file) : null;
    if (failure !== null) kept.push(failedFile(file, failure));
    return failure === null;
  });
  return { healthy: kept.length === 0 ? job : { ...job, files }, kept };
}

interface Recovery {
  readonly attempt: (job: Job) => Promise<Attempt>;
  readonly circuit: Circuit;
  readonly onRetry: OnRetry;
  readonly signal?: AbortSignal;
}

type Tried = { readonly outcome: JobOutcome } | { readonly failure: Failure };

/** An answer, or what is to be tried again: too slow, or the process was lost. */
async function tryOnce(job: Job, recovery: Recovery): Promise<Tried> {
  const { attempt, circuit, signal } = recovery;
  const open = circuit.openFor(job);
  if (open !== null) return { outcome: { files: [], diagnostics: [], failure: open } };
  if (signal?.aborted === true) return { outcome: interrupted(job) };
  const ended = await attempt(job);
  if (ended.end === 'needless') return tryOnce(job, recovery);
  if (ended.end === 'aborted') return { outcome: interrupted(job) };
  if (ended.end === 'outcome' && ended.outcome.failure?.kind !== 'tool-timeout') {
    circuit.answered(job, ended.outcome);
    return { outcome: ended.outcome };
  }
  const failure = ended.end === 'outcome' ? timeoutOf(job, ended.outcome.failure) : failureOf(job, ended);
  circuit.lost(job, failure);
  return { failure };
}

function interrupted(job: Job): JobOutcome {
  return failedJob(job, { kind: 'interrupted', message: 'Stopped before it was done' });
}

/**
 * A batch is tried again in halves, one after the other, until the guilty file stands alone; what cannot be halved is tried
 * once more as it is. Parts of a batch that took too long get half its time, so that all tries together take no more than
 * two or three times as long as the first one.
 */
async function tryAgain(job: Job, failure: Failure, recovery: Recovery): Promise<JobOutcome> {
  recovery.onRetry(job, job.files.length, failure.message);
  await sleep(BACK_OFF_MS, recovery.signal).catch(() => undefined);
  const parts = halves(job);
  if (parts.length === 1) {
    const second = await tryOnce(job, recovery);
    return 'outcome' in second ? second.outcome : isolate(job, second.failure, recovery);
  }
  const outcomes: JobOutcome[] = [];
  for (const part of parts) outcomes.push(await trySmaller(withLessTime(part, failure), recovery));
  return joinOutcomes(outcomes);
}

async function trySmaller(job: Job, recovery: Recovery): Promise<JobOutcome> {
  const tried = await tryOnce(job, recovery);
  if ('outcome' in tried) return tried.outcome;
  if (job.files.length === 1) return isolate(job, tried.failure, recovery);
  recovery.onRetry(job, job.files.length, tried.failure.message);
  const outcomes: JobOutcome[] = [];
  for (const part of halves(job)) outcomes.push(await trySmaller(withLessTime(part, tried.failure), recovery));
  return joinOutcomes(outcomes);
}

function isolate(job: Job, failure: Failure, { circuit }: Recovery): JobOutcome {
  if (isFileGrained(job) && job.files.length === 1) circuit.isolate(job, failure);
  return failedJob(job, failure);
}

function withLessTime(job: Job, failure: Failure): Job {
  if (failure.kind !== 'tool-timeout') return job;
  return { ...job, timeoutMs: Math.max(Math.floor(job.timeoutMs / 2), Math.min(job.timeoutMs, LEAST_TIMEOUT_MS)) };
}

function halves(job: Job): Job[] {
  const middle = Math.ceil(job.files.length / 2);
  if (job.files.length < 2 || !isFileGrained(job)) return [job];
  const part = (files: readonly JobFile[], name: string): Job => ({ ...job, id: `${job.id}${name}`, files });
  return [part(job.files.slice(0, middle), 'a'), part(job.files.slice(middle), 'b')];
}

function isFileGrained(job: Job): boolean {
  return job.links.flat().every((use) => toolOf(use).grain === 'file');
}

function timeoutOf(job: Job, own?: Failure): Failure {
  const tools = toolsOf(job).join(' → ');
  if (own !== undefined) return { ...own, kind: 'tool-timeout' };
  return { kind: 'tool-timeout', tool: tools, message: `${tools} took longer than ${String(job.timeoutMs / 1000)} s` };
}

function failureOf(job: Job, ended: Exclude<Attempt, { end: 'outcome' | 'aborted' | 'needless' }>): Failure {
  if (ended.end === 'timeout') return timeoutOf(job);
  const tools = toolsOf(job).join(' → ');
  const outOfMemory = /heap out of memory|allocation failed/i.test(ended.output);
  return {
    kind: 'tool-crashed',
    tool: tools,
    message: outOfMemory ? `${tools} ran out of memory` : `The process running ${tools} ended: ${ended.how}`,
    detail: ended.output,
    ...(outOfMemory ? { next: 'Give it more with NODE_OPTIONS=--max-old-space-size=<MiB>, or exclude the file.' } : {}),
  };
}

/** The failure stands with the file when it is alone, with the job otherwise. */
function failedJob(job: Job, failure: Failure): JobOutcome {
  const [only, ...others] = job.files;
  if (only === undefined || others.length > 0 || !isFileGrained(job)) return { files: [], diagnostics: [], failure };
  return { files: [failedFile(only, failure)], diagnostics: [] };
}

function failedFile({ path, hash }: JobFile, failure: Failure): FileOutcome {
  return { path, hash, status: 'failed', diagnostics: [], failure: { ...failure, path } };
}

function joinOutcomes(outcomes: readonly JobOutcome[]): JobOutcome {
  const failure = outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
  return {
    files: outcomes.flatMap((outcome) => outcome.files),
    diagnostics: outcomes.flatMap((outcome) => outcome.diagnostics),
    edits: outcomes.flatMap((outcome) => outcome.edits ?? []),
    ...(failure === undefined ? {} : { failure }),
    log: outcomes.map((outcome) => outcome.log ?? '').join(''),
  };
}
