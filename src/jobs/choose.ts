/** Which of the waiting jobs a worker takes. Pure. */
import type { Job } from '../model/job.js';
import { leadOf, usesOf } from './uses.js';

/** What a worker has loaded. */
export interface Loaded {
  /** Tools that have led a job of it. */
  readonly tools: ReadonlySet<string>;
  /** Ids of the uses of its last job. */
  readonly uses: ReadonlySet<string>;
}

export const NOTHING_LOADED: Loaded = { tools: new Set(), uses: new Set() };

export interface Neighbours {
  readonly others: readonly Loaded[];
  /** In how many workers the same tool may be loaded. */
  readonly spread: number;
}

/**
 * Index of the job, -1 where there is none for this worker. First come the jobs of the folder that it is at work in: what
 * a tool keeps of one, the types of a whole package mostly, is dropped for the next. Then those of folders where nobody
 * else is, and of those the ones for a tool that it has loaded; at last it helps others. Jobs of the same kind are taken
 * in the order in which they came. A job whose leading tool is loaded in `spread` workers waits for one of those: each
 * exists and takes it when it is free, so no job waits for ever.
 */
export function chooseJob(waiting: readonly Job[], worker: Loaded, neighbours: Neighbours): number {
  const ranks = waiting.map((job) => rankOf(job, worker, neighbours));
  const best = Math.min(...ranks);
  return best === Infinity ? -1 : ranks.indexOf(best);
}

function rankOf(job: Job, { tools, uses }: Loaded, { others, spread }: Neighbours): number {
  const { id, tool } = leadOf(job) ?? { id: '', tool: '' };
  if (uses.has(id)) return 0;
  const isLoaded = tools.has(tool);
  if (!isLoaded && others.filter((other) => other.tools.has(tool)).length >= spread) return Infinity;
  return 1 + (others.some((other) => other.uses.has(id)) ? 2 : 0) + (isLoaded ? 0 : 1);
}

export function nowLoaded(before: Loaded, job: Job): Loaded {
  return {
    tools: new Set([...before.tools, leadOf(job)?.tool ?? '']),
    uses: new Set(usesOf(job).map((use) => use.id)),
  };
}
