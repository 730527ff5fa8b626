/** What a job is expected to cost: a worker is started for it only where that gives more than it takes. Pure. */
import type { Job } from '../model/job.js';
import { leadOf, toolNames } from './uses.js';

/** Node and our own code, until the first job can begin (measured). */
export const SEAT_START_MS = 120;

/** Until a tool is loaded and has read its configuration. */
const LOAD_MS: Readonly<Record<string, number>> = { eslint: 450, prettier: 150, cleanup: 250, dedupe: 250 };

/** Milliseconds, with loading those tools that are loaded nowhere. */
export function costOf(job: Job, loaded: ReadonlySet<string>): number {
  return job.cost + loadMs(job, loaded);
}

/** Until its tools are loaded, those aside that are. */
export function loadMs(job: Job, loaded: ReadonlySet<string> = NONE): number {
  return toolNames(job).reduce((sum, name) => sum + (loaded.has(name) ? 0 : (LOAD_MS[name] ?? 0)), 0);
}

const NONE: ReadonlySet<string> = new Set();

/** What is left to do for the tool that leads each job: the longest way to the end begins with the largest. */
export function remainingByTool(jobs: readonly Job[]): ReadonlyMap<string, number> {
  const remaining = new Map<string, number>();
  for (const job of jobs) remaining.set(leadTool(job), (remaining.get(leadTool(job)) ?? 0) + job.cost);
  return remaining;
}

export function leadTool(job: Job): string {
  return leadOf(job)?.tool ?? '';
}
