import type { Job } from '../model/job.js';

/**
 * In how many workers jobs like this one may be at work at once. ESLint with types in two workers on two cores took 45 %
 * more processor time than in one, as both make the same program: it is spread from four cores on. In a chain its share
 * is smaller, and the formatter behind it gains all of the second worker.
 */
export function spreadOf({ links }: Pick<Job, 'links'>, most: number): number {
  return links.length > 1 ? Math.max(1, most) : Math.max(1, Math.floor(most / 2));
}
