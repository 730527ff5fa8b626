import type * as z from 'zod';
import type { Report } from '../model/report.js';
import type { change } from './shapes.js';

export function changesOf({ changes }: Pick<Report, 'changes'>): z.infer<typeof change>[] {
  return changes.map(({ path, before, after, tools }) => ({
    path,
    how: before === null ? 'created' : after === null ? 'deleted' : 'changed',
    tools: [...tools],
  }));
}
