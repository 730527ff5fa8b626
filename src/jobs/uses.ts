/** Which tools a job is for. */
import type { Job } from '../model/job.js';
import type { ToolUse } from '../model/tool-use.js';
import { toolOf } from '../tools/registry.js';

export function usesOf(job: Pick<Job, 'links' | 'trigger'>): ToolUse[] {
  return [...(job.trigger === undefined ? [] : [job.trigger]), ...job.links.flat()];
}

/** The use that every file of the job comes to first. */
export function leadOf(job: Job): ToolUse | undefined {
  return usesOf(job)[0];
}

export function toolNames(job: Job): string[] {
  return [...new Set(usesOf(job).map((use) => use.tool))];
}

/** Its tools only start programs: the job needs no worker. */
export function runsInMain(job: Pick<Job, 'links' | 'trigger'>): boolean {
  return usesOf(job).every((use) => toolOf(use).runsIn === 'main');
}

/** Its files can be looked at in parts. */
export function isFileGrained(job: Job): boolean {
  return job.links.flat().every((use) => toolOf(use).grain === 'file');
}

/** The job without one of its uses; null where a link would have no alternative left, or nothing would be different. */
export function withoutUse(job: Job, id: string): Job | null {
  const links = job.links.map((link) => link.filter((use) => use.id !== id));
  const isSame = links.every((link, index) => link.length === job.links[index]?.length);
  return isSame || links.some((link) => link.length === 0) ? null : { ...job, links };
}
