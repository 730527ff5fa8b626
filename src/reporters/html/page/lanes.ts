/** Which lane of its step each job is drawn in: that of its worker; programs, which need none, share those below. */
import type { JobRow } from '../payload.js';

export interface Lanes {
  readonly laneOf: ReadonlyMap<JobRow, number>;
  /** From the top. */
  readonly names: readonly string[];
}

export function lanesOf(jobs: readonly JobRow[]): Lanes {
  const workers = [...new Set(jobs.flatMap(({ worker }) => worker ?? []))].sort((a, b) => a - b);
  const laneOf = new Map<JobRow, number>();
  const ends: number[] = [];
  for (const job of [...jobs].sort((a, b) => a.start - b.start)) {
    if (job.worker !== null) laneOf.set(job, workers.indexOf(job.worker));
    else {
      const free = ends.findIndex((end) => end <= job.start);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = job.end;
      laneOf.set(job, workers.length + lane);
    }
  }
  return { laneOf, names: [...workers.map((worker) => `worker ${String(worker)}`), ...ends.map(() => 'program')] };
}

export function placeOf({ worker }: JobRow): string {
  return worker === null ? 'as a program' : `in worker ${String(worker)}`;
}
