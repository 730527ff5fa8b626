/** Where jobs execute, and what is tried again when they fail (DESIGN, when something fails). */
import type { Failure } from '../model/failure.js';
import type { FileOutcome, Job, JobFile, JobOutcome } from '../model/job.js';
import type { ToolUse } from '../model/tool-use.js';
import { sleep } from '../host/clock.js';
import { toolOf } from '../tools/registry.js';
import { createEngines } from './engines.js';
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
}

export type OnRetry = (job: Job, files: number, reason: string) => void;

export interface Runner {
  readonly run: (job: Job, onRetry: OnRetry) => Promise<JobOutcome>;
  readonly close: () => Promise<void>;
}

/** Before the second try, so that whatever was short of memory or time can recover. */
const BACK_OFF_MS = 250;

export function createRunner(settings: RunnerSettings): Runner {
  const pool = createPool({
    module: settings.workerModule,
    size: settings.workers,
    spread: settings.spread,
    nodeArguments: [],
    open: { type: 'open', root: settings.root, cacheFolder: settings.cacheFolder, timeoutMs: settings.jobTimeoutMs },
  });
  const { engineOf, close } = createEngines({ ...settings, timeoutMs: settings.jobTimeoutMs });
  const attempt = async (job: Job): Promise<Attempt> =>
    runsInMain(job)
      ? { end: 'outcome', outcome: await runJob(settings.root, job, engineOf) }
      : pool.attempt(job, settings.signal);
  return {
    run: async (job, onRetry) =>
      runWithRecovery(job, attempt, {
        onRetry,
        triesLeft: 2,
        ...(settings.signal === undefined ? {} : { signal: settings.signal }),
      }),
    close: async () => {
      pool.close();
      await close();
    },
  };
}

function runsInMain(job: Job): boolean {
  const uses = [...job.links.flat(), ...(job.trigger === undefined ? [] : [job.trigger])];
  return uses.every((use: ToolUse) => toolOf(use).runsIn === 'main');
}

interface Recovery {
  readonly onRetry: OnRetry;
  readonly triesLeft: number;
  readonly signal?: AbortSignal;
}

type TryOnce = (job: Job) => Promise<Attempt>;

/** A time-out is retried once in halves; a worker that died, in halves until the guilty file stands alone. */
async function runWithRecovery(job: Job, attempt: TryOnce, recovery: Recovery): Promise<JobOutcome> {
  const ended = await attempt(job);
  if (ended.end === 'outcome' && ended.outcome.failure?.kind !== 'tool-timeout') return ended.outcome;
  if (ended.end === 'aborted') return failedJob(job, { kind: 'interrupted', message: 'Stopped before it was done' });
  const failure = ended.end === 'outcome' ? timeoutOf(job) : failureOf(job, ended);
  const parts = halves(job);
  // Halves of a batch that killed its worker are smaller each time, which is what ends the trying.
  const isolating = parts.length > 1 && failure.kind !== 'tool-timeout';
  const triesLeft = isolating ? recovery.triesLeft : recovery.triesLeft - 1;
  if (triesLeft === 0 || recovery.signal?.aborted === true) return failedJob(job, failure);
  recovery.onRetry(job, job.files.length, failure.message);
  await sleep(BACK_OFF_MS, recovery.signal).catch(() => undefined);
  const outcomes: JobOutcome[] = [];
  // One after the other: less pressure than before is the point.
  for (const part of parts) outcomes.push(await runWithRecovery(part, attempt, { ...recovery, triesLeft }));
  return joinOutcomes(outcomes);
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

function timeoutOf(job: Job): Failure {
  const tools = toolsOf(job).join(' → ');
  return { kind: 'tool-timeout', tool: tools, message: `${tools} took longer than ${job.timeoutMs / 1000} s` };
}

function failureOf(job: Job, ended: Exclude<Attempt, { end: 'outcome' | 'aborted' }>): Failure {
  if (ended.end === 'timeout') return timeoutOf(job);
  const tools = toolsOf(job).join(' → ');
  return {
    kind: 'tool-crashed',
    tool: tools,
    message: `The process running ${tools} ended: ${ended.how}`,
    detail: ended.output,
  };
}

/** The failure stands with the file when it is alone, with the job otherwise. */
function failedJob(job: Job, failure: Failure): JobOutcome {
  const [only, ...others] = job.files;
  if (only === undefined || others.length > 0 || !isFileGrained(job)) return { files: [], diagnostics: [], failure };
  const file: FileOutcome = {
    path: only.path,
    hash: only.hash,
    status: 'failed',
    diagnostics: [],
    failure: { ...failure, path: only.path },
  };
  return { files: [file], diagnostics: [] };
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
