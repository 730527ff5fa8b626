import type { Job } from '../model/job.js';

/** What is left for a tool, in milliseconds, when it is worth to load it where another tool is at work as well. */
const WORTH_HELPING_MS = 12_000;

/**
 * In how many workers jobs like this one may be at work at once, with so much left to do for the tool that leads it. ESLint
 * with types in two workers on two cores took 45 % more processor time than in one, as both make the same program: it is
 * spread from four cores on. In a chain its share is smaller, and the formatter behind it gains all of the second worker.
 * The links of a chain that are jobs of their own help each other only where there is much to do.
 */
export function spreadOf({ links, isLink }: Pick<Job, 'links' | 'isLink'>, most: number, left = Infinity): number {
  const isShared = links.length > 1 || (isLink === true && left >= WORTH_HELPING_MS);
  return isShared ? Math.max(1, most) : Math.max(1, Math.floor(most / 2));
}
