/**
 * Remembers, for one run, which tools fail again and again. A tool that fails the same way for one batch after the other is
 * not asked any more; one that keeps ending its process has only so many tries, or a thousand guilty files would take hours.
 */
import type { Failure } from '../model/failure.js';
import type { Job, JobFile, JobOutcome } from '../model/job.js';
import type { Loss } from './failed.js';
import { usesOf } from './uses.js';

/** The same failure of the tool as a whole, without an answer in between. */
const SAME_IN_A_ROW = 3;
/** Processes lost without an answer in between: one guilty file among a thousand costs eleven. */
const LOST_IN_A_ROW = 12;
const LOST_IN_ALL = 40;
const TIMEOUTS_IN_ALL = 16;

export interface Circuit {
  /** Why this job's tools are not to be called any more; null while they are. */
  readonly openFor: (job: Job) => Loss | null;
  readonly answered: (job: Job, outcome: JobOutcome) => void;
  readonly lost: (job: Job, loss: Loss) => void;
  /** The one file of this job is what the process was lost with: the tool does not get to see this content again. */
  readonly isolate: (job: Job, loss: Loss) => void;
  /** Why one of the tools of this job may not see the file. */
  readonly isolated: (job: Job, file: JobFile) => Loss | null;
}

interface Tally {
  failure: Failure | null;
  inARow: number;
  lostInARow: number;
  lost: number;
  timeouts: number;
  open: Loss | null;
}

export function createCircuit(onOpen: (tools: string, failure: Failure) => void): Circuit {
  const records = new Map<string, Tally>();
  const recordOf = (job: Job): Tally => {
    const key = keyOf(job);
    const record = records.get(key) ?? { failure: null, inARow: 0, lostInARow: 0, lost: 0, timeouts: 0, open: null };
    records.set(key, record);
    return record;
  };
  const guilty = new Map<string, { readonly uses: readonly string[]; readonly loss: Loss }[]>();
  const open = (job: Job, record: Tally, loss: Loss): void => {
    if (record.open !== null) return;
    record.open = loss;
    onOpen(job.links.map((link) => link[0]?.tool ?? '').join(' → '), loss.failure);
  };
  return {
    openFor: (job) => recordOf(job).open,
    answered: (job, outcome) => {
      const { files } = outcome;
      const failure = outcome.failure ?? failureOfAll(files);
      const record = recordOf(job);
      record.lostInARow = 0;
      if (failure?.kind === 'interrupted') return;
      const whole = failure !== undefined && (files.length === 0 || job.links.length === 1);
      record.inARow = !whole ? 0 : isSame(record.failure, failure) ? record.inARow + 1 : 1;
      record.failure = failure ?? null;
      if (whole && record.inARow >= SAME_IN_A_ROW) open(job, record, { failure, use: null });
    },
    lost: (job, loss) => {
      const record = recordOf(job);
      record.lostInARow += 1;
      record.lost += 1;
      if (loss.failure.kind === 'tool-timeout') record.timeouts += 1;
      const tooMany =
        record.lostInARow >= LOST_IN_A_ROW || record.lost >= LOST_IN_ALL || record.timeouts >= TIMEOUTS_IN_ALL;
      if (tooMany) open(job, record, loss);
    },
    isolate: (job, loss) => {
      // Where nobody knows which tool it was, only what has all of them again is kept from the file.
      const uses = loss.use === null ? idsOf(job) : [loss.use];
      for (const file of job.files) guilty.set(fileKey(file), [...(guilty.get(fileKey(file)) ?? []), { uses, loss }]);
    },
    isolated: (job, file) => {
      const ids = new Set(idsOf(job));
      return guilty.get(fileKey(file))?.find(({ uses }) => uses.every((use) => ids.has(use)))?.loss ?? null;
    },
  };
}

/** A tool that fails in the same way on every file of a batch fails as a whole. */
function failureOfAll(files: JobOutcome['files']): Failure | undefined {
  const [first, ...others] = files.map((file) => file.failure);
  if (first === undefined || others.length === 0 || first.kind === 'syntax-error') return undefined;
  const isOfAll = others.every((other) => other !== undefined && isSame(first, other) && first.detail === other.detail);
  return isOfAll ? first : undefined;
}

function isSame(before: Failure | null, now: Failure): boolean {
  return before?.kind === now.kind && before.tool === now.tool && before.message === now.message;
}

function keyOf(job: Job): string {
  return `${job.action} ${idsOf(job).join(' ')}`;
}

function idsOf(job: Job): string[] {
  return usesOf(job).map((use) => use.id);
}

function fileKey({ path, hash }: JobFile): string {
  return `${path}\0${hash}`;
}
