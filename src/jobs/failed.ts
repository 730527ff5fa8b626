/** Outcomes of jobs that came to nothing, and of jobs that were done in parts. */
import type { Failure } from '../model/failure.js';
import type { FileOutcome, Job, JobFile, JobOutcome } from '../model/job.js';
import { together } from './cache/answers.js';
import type { Attempt } from './seat.js';
import { isFileGrained, toolNames, usesOf } from './uses.js';

/** A process was lost, or took too long. */
export interface Loss {
  readonly failure: Failure;
  /** Id of the use that was at work; null where nobody knows. */
  readonly use: string | null;
}

export const INTERRUPTED: Failure = { kind: 'interrupted', message: 'Stopped before it was done' };

export function lossOf(job: Job, ended: Extract<Attempt, { end: 'timeout' | 'crash' }>): Loss {
  const { use } = ended;
  const names = usesOf(job).filter(({ id }) => id === use);
  const tool = names[0]?.tool ?? toolNames(job).join(' → ');
  return { use, failure: ended.end === 'timeout' ? tooLong(job, tool) : crashed(tool, ended) };
}

export function tooLong(job: Job, tool: string): Failure {
  return { kind: 'tool-timeout', tool, message: `${tool} took longer than ${String(job.timeoutMs / 1000)} s` };
}

function crashed(tool: string, { how, output }: Extract<Attempt, { end: 'crash' }>): Failure {
  const outOfMemory = /heap out of memory|allocation failed/i.test(output);
  return {
    kind: 'tool-crashed',
    tool,
    message: outOfMemory ? `${tool} ran out of memory` : `The process running ${tool} ended: ${how}`,
    detail: output,
    ...(outOfMemory ? { next: 'Give it more with NODE_OPTIONS=--max-old-space-size=<MiB>, or exclude the file.' } : {}),
  };
}

/** The failure stands with the file when it is alone, with the job otherwise. */
export function failedJob(job: Job, failure: Failure): JobOutcome {
  const [only, ...others] = job.files;
  if (only === undefined || others.length > 0 || !isFileGrained(job)) return { files: [], diagnostics: [], failure };
  return { files: [failedFile(only, failure)], diagnostics: [] };
}

function failedFile({ path, hash }: JobFile, failure: Failure): FileOutcome {
  return { path, hash, status: 'failed', diagnostics: [], failure: { ...failure, path } };
}

/** What the parts of a file-grained job say together. */
export function joinOutcomes(outcomes: readonly JobOutcome[]): JobOutcome {
  const [only, ...others] = outcomes;
  if (only !== undefined && others.length === 0) return only;
  const failure = outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
  const dependsOn = together(outcomes.map((outcome) => outcome.dependsOn));
  const peaks = outcomes.flatMap(({ peakMemory }) => peakMemory ?? []);
  return {
    files: outcomes.flatMap((outcome) => outcome.files),
    diagnostics: outcomes.flatMap((outcome) => outcome.diagnostics),
    edits: outcomes.flatMap((outcome) => outcome.edits ?? []),
    ...(failure === undefined ? {} : { failure }),
    ...(dependsOn === undefined ? {} : { dependsOn }),
    ...(peaks.length === 0 ? {} : { peakMemory: Math.max(...peaks) }),
    log: outcomes.map((outcome) => outcome.log ?? '').join(''),
  };
}
