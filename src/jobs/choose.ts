/** Which of the waiting jobs a worker takes. Pure. */
import type { Job } from '../model/job.js';
import { leadTool, remainingByTool } from './cost.js';
import { leadOf, usesOf } from './uses.js';

/** What a worker has loaded. */
export interface Loaded {
  /** Tools that have led a job of it. */
  readonly tools: ReadonlySet<string>;
  /** Ids of the uses of its last job. */
  readonly uses: ReadonlySet<string>;
  /** The package that it was last at work in. */
  readonly area?: string | undefined;
}

export const NOTHING_LOADED: Loaded = { tools: new Set(), uses: new Set() };

export interface Neighbours {
  readonly others: readonly Loaded[];
  /** In how many workers the tool that leads a job may be loaded. */
  readonly spread: (job: Job) => number;
}

/**
 * Index of the job, -1 where there is none for this worker. First come the jobs of the folder that it is at work in, those of
 * the same package before all others: what a tool keeps of one, the types of a whole package mostly, is dropped for the
 * next, or would have to be made twice. Then those of folders where nobody
 * else is, and of those the ones for a tool that it has loaded; at last it helps others. Of jobs of the same kind those of
 * the tool that has most left to do are taken first, and of these the costliest: what is left at the end is small. A job whose leading tool is loaded in `spread` workers waits for one of those: each
 * exists and takes it when it is free, so no job waits for ever.
 */
export function chooseJob(waiting: readonly Job[], worker: Loaded, neighbours: Neighbours): number {
  const ranks = waiting.map((job) => rankOf(job, worker, neighbours));
  const best = Math.min(...ranks);
  if (best === Infinity) return -1;
  const remaining = remainingByTool(waiting);
  const places = [...waiting.keys()].filter((place) => ranks[place] === best);
  const urgencyAt = (place: number): number => {
    const job = waiting[place];
    return job === undefined ? 0 : (remaining.get(leadTool(job)) ?? 0) + job.cost;
  };
  return places.reduce((first, place) => (urgencyAt(place) > urgencyAt(first) ? place : first));
}

/** Behind all others. */
const AHEAD = 10;

function rankOf(job: Job, worker: Loaded, neighbours: Neighbours): number {
  return rankAmongAlike(job, worker, neighbours) + (job.isAhead === true ? AHEAD : 0);
}

function rankAmongAlike(job: Job, { tools, uses, area }: Loaded, { others, spread }: Neighbours): number {
  const { id, tool } = leadOf(job) ?? { id: '', tool: '' };
  if (uses.has(id)) return job.area === area ? 0 : others.some((other) => other.area === job.area) ? 0.5 : 0.25;
  const isLoaded = tools.has(tool);
  if (!isLoaded && others.filter((other) => other.tools.has(tool)).length >= spread(job)) return Infinity;
  return 1 + (others.some((other) => other.uses.has(id)) ? 2 : 0) + (isLoaded ? 0 : 1);
}

export function nowLoaded(before: Loaded, job: Job): Loaded {
  return {
    tools: new Set([...before.tools, leadOf(job)?.tool ?? '']),
    // The chain behind a trigger is loaded where that has changed something, which is seldom.
    uses: new Set(usesOf(job.trigger === undefined ? job : { links: [], trigger: job.trigger }).map((use) => use.id)),
    area: job.area,
  };
}
