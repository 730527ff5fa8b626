/**
 * Remembers, for one run, which tools fail again and again. A tool that fails the same way for one batch after the other is
 * not asked any more; one that keeps ending its process has only so many tries, or a thousand guilty files would take hours.
 */
import type { Failure } from '../model/failure.js';
import type { Job, JobFile, JobOutcome } from '../model/job.js';

/** The same failure of the tool as a whole, without an answer in between. */
const SAME_IN_A_ROW = 3;
/** Processes lost without an answer in between: one guilty file among a thousand costs eleven. */
const LOST_IN_A_ROW = 12;
const LOST_IN_ALL = 40;
const TIMEOUTS_IN_ALL = 16;

export interface Circuit {
  /** Why this job's tools are not to be called any more; null while they are. */
  readonly openFor: (job: Job) => Failure | null;
  readonly answered: (job: Job, outcome: JobOutcome) => void;
  /** The process was lost with it, or it took too long. */
  readonly lost: (job: Job, failure: Failure) => void;
  /** The one file of this job is what the process was lost with: its tools do not get to see this content again. */
  readonly isolate: (job: Job, failure: Failure) => void;
  /** Why the tools of this job may not see the file. */
  readonly isolated: (job: Job, file: JobFile) => Failure | null;
}

interface Tally {
  failure: Failure | null;
  inARow: number;
  lostInARow: number;
  lost: number;
  timeouts: number;
  open: Failure | null;
}

export function createCircuit(onOpen: (tools: string, failure: Failure) => void): Circuit {
  const records = new Map<string, Tally>();
  const recordOf = (job: Job): Tally => {
    const key = keyOf(job);
    const record = records.get(key) ?? { failure: null, inARow: 0, lostInARow: 0, lost: 0, timeouts: 0, open: null };
    records.set(key, record);
    return record;
  };
  const guilty = new Map<string, { readonly uses: readonly string[]; readonly failure: Failure }[]>();
  const open = (job: Job, record: Tally, failure: Failure): void => {
    if (record.open !== null) return;
    record.open = failure;
    onOpen(job.links.map((link) => link[0]?.tool ?? '').join(' → '), failure);
  };
  return {
    openFor: (job) => recordOf(job).open,
    answered: (job, { failure, files }) => {
      const record = recordOf(job);
      record.lostInARow = 0;
      if (failure?.kind === 'interrupted') return;
      const whole = failure !== undefined && (files.length === 0 || job.links.length === 1);
      record.inARow = !whole ? 0 : isSame(record.failure, failure) ? record.inARow + 1 : 1;
      record.failure = failure ?? null;
      if (whole && record.inARow >= SAME_IN_A_ROW) open(job, record, failure);
    },
    lost: (job, failure) => {
      const record = recordOf(job);
      record.lostInARow += 1;
      record.lost += 1;
      if (failure.kind === 'tool-timeout') record.timeouts += 1;
      const tooMany =
        record.lostInARow >= LOST_IN_A_ROW || record.lost >= LOST_IN_ALL || record.timeouts >= TIMEOUTS_IN_ALL;
      if (tooMany) open(job, record, failure);
    },
    isolate: (job, failure) => {
      for (const file of job.files)
        guilty.set(fileKey(file), [...(guilty.get(fileKey(file)) ?? []), { uses: usesOf(job), failure }]);
    },
    isolated: (job, file) => {
      const uses = new Set(usesOf(job));
      // Of a chain nobody knows which tool it was: only what has all of them again is kept from the file.
      return guilty.get(fileKey(file))?.find((one) => one.uses.every((use) => uses.has(use)))?.failure ?? null;
    },
  };
}

function isSame(before: Failure | null, now: Failure): boolean {
  return before?.kind === now.kind && before.tool === now.tool && before.message === now.message;
}

function keyOf(job: Job): string {
  return `${job.action} ${usesOf(job).join(' ')}`;
}

function usesOf(job: Job): string[] {
  return [...(job.trigger === undefined ? [] : [job.trigger]), ...job.links.flat()].map((use) => use.id);
}

function fileKey({ path, hash }: JobFile): string {
  return `${path}\0${hash}`;
}
