/** What is tried again when a process is lost or takes too long, and what takes over in the end. */
import type { Failure } from '../model/failure.js';
import type { Job, JobFile, JobOutcome } from '../model/job.js';
import type { Circuit } from './circuit.js';
import { INTERRUPTED, type Loss, failedJob, joinOutcomes, lossOf, tooLong } from './failed.js';
import type { Attempt } from './seat.js';
import { isFileGrained, toolNames, withoutUse } from './uses.js';

export type OnRetry = (job: Job, files: number, reason: string) => void;

export interface Recovery {
  readonly attempt: (job: Job) => Promise<Attempt>;
  readonly circuit: Circuit;
  readonly onRetry: OnRetry;
  /** Why nothing of the job is to be tried any more; null while it is. */
  readonly stopped: () => Failure | null;
  /** Waits until whatever was short of memory or time may have recovered. */
  readonly pause: () => Promise<void>;
  /** Runs second tries one at a time, whatever runs beside them: less pressure than before is the point. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A part of a batch that took too long gets less time, but always enough to start the tool. */
const LEAST_TIMEOUT_MS = 30_000;

/** Files that have cost a process already are not given to the same tool again. */
export async function perform(job: Job, recovery: Recovery): Promise<JobOutcome> {
  const lost = new Map<JobFile, Loss>();
  for (const file of isFileGrained(job) ? job.files : []) {
    const loss = recovery.circuit.isolated(job, file);
    if (loss !== null) lost.set(file, loss);
  }
  if (lost.size === 0) return performAll(job, recovery);
  const healthy = job.files.filter((file) => !lost.has(file));
  const outcomes = healthy.length === 0 ? [] : [await performAll({ ...job, files: healthy }, recovery)];
  for (const [file, loss] of lost) outcomes.push(await fallBack({ ...job, files: [file] }, loss, recovery));
  return joinOutcomes(outcomes);
}

async function performAll(job: Job, recovery: Recovery): Promise<JobOutcome> {
  const first = await tryOnce(job, recovery);
  if ('outcome' in first) return first.outcome;
  return recovery.alone(() => tryAgain(job, first.loss, { ...recovery, alone: (work) => work() }));
}

type Tried = { readonly outcome: JobOutcome } | { readonly loss: Loss };

/** An answer, or what is to be tried again. */
async function tryOnce(job: Job, recovery: Recovery): Promise<Tried> {
  const { attempt, circuit, stopped } = recovery;
  const open = circuit.openFor(job);
  if (open !== null) return { outcome: await fallBack(job, open, recovery) };
  const reason = stopped();
  if (reason !== null) return { outcome: failedJob(job, reason) };
  const ended = await attempt(job);
  if (ended.end === 'needless') return tryOnce(job, recovery);
  if (ended.end === 'aborted') return { outcome: failedJob(job, stopped() ?? INTERRUPTED) };
  if (ended.end === 'outcome' && ended.outcome.failure?.kind !== 'tool-timeout') {
    circuit.answered(job, ended.outcome);
    return { outcome: ended.outcome };
  }
  const loss = ended.end === 'outcome' ? { failure: ownTimeout(job, ended.outcome), use: null } : lossOf(job, ended);
  circuit.lost(job, loss);
  return { loss };
}

/** A program that the job started took too long: what alternatives its link has were tried in the job itself. */
function ownTimeout(job: Job, { failure }: JobOutcome): Failure {
  return failure ?? tooLong(job, toolNames(job).join(' → '));
}

/**
 * A batch is tried again in halves, one after the other, until the guilty file stands alone; what cannot be halved is tried
 * once more as it is. Parts of a batch that took too long get half its time, so that all tries together take no more than
 * two or three times as long as the first one.
 */
async function tryAgain(job: Job, loss: Loss, recovery: Recovery): Promise<JobOutcome> {
  recovery.onRetry(job, job.files.length, loss.failure.message);
  await recovery.pause();
  const parts = halves(job);
  if (parts.length > 1) return inParts(parts, loss, recovery);
  const second = await tryOnce(job, recovery);
  return 'outcome' in second ? second.outcome : isolate(job, second.loss, recovery);
}

async function inParts(parts: readonly Job[], loss: Loss, recovery: Recovery): Promise<JobOutcome> {
  const outcomes: JobOutcome[] = [];
  for (const part of parts) outcomes.push(await trySmaller(withLessTime(part, loss.failure), recovery));
  return joinOutcomes(outcomes);
}

async function trySmaller(job: Job, recovery: Recovery): Promise<JobOutcome> {
  const tried = await tryOnce(job, recovery);
  if ('outcome' in tried) return tried.outcome;
  if (job.files.length === 1) return isolate(job, tried.loss, recovery);
  recovery.onRetry(job, job.files.length, tried.loss.failure.message);
  return inParts(halves(job), tried.loss, recovery);
}

function isolate(job: Job, loss: Loss, recovery: Recovery): Promise<JobOutcome> {
  if (isFileGrained(job) && job.files.length === 1) recovery.circuit.isolate(job, loss);
  return fallBack(job, loss, recovery);
}

/** What one tool could not do, the next alternative of its link does; where there is none, the job has failed. */
async function fallBack(job: Job, { failure, use }: Loss, recovery: Recovery): Promise<JobOutcome> {
  const next = use === null ? null : withoutUse(job, use);
  if (next === null || recovery.stopped() !== null) return failedJob(job, failure);
  recovery.onRetry(job, job.files.length, `${failure.message}; going on with ${toolNames(next).join(' → ')}`);
  const outcome = await perform(next, recovery);
  return { ...outcome, files: outcome.files.map((file) => ({ ...file, isStandIn: true })) };
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
