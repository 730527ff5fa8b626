/** What a later run with another plan would find settled, as far as answers that are known already tell. No tool is asked. */
import type { FileOutcome, JobFile } from '../model/job.js';
import { type Plan, type PlannedTask, stepsOf } from '../model/plan.js';
import type { RunContext } from './context.js';
import type { Memo, RunDependencies } from './memo.js';

export interface Ahead {
  readonly plan: Plan;
  readonly paths: readonly string[];
}

export interface Settled {
  /** Nothing would be changed in these contents, and nothing said of them. */
  readonly files: readonly JobFile[];
  readonly dependencies: RunDependencies;
}

type Known = Pick<RunContext, 'memo' | 'tree'>;

export async function lookAhead({ plan, paths }: Ahead, { memo, tree }: Known): Promise<Settled | null> {
  const tasks = stepsOf(plan).flatMap((step) => (step.skipped === undefined ? step.tasks : []));
  const isFileByFile = plan.deferred === undefined && tasks.every(({ grain }) => grain === 'file');
  if (!isFileByFile) return null;
  const files = new Map(paths.flatMap((path) => tree.get(path) ?? []).map((file) => [file.path, file]));
  for (const task of tasks) {
    const asked = filesOf(task, files);
    const clean = new Set((await answersTo(memo, task, asked)).filter(isClean).map(({ path }) => path));
    for (const { path } of asked) if (!clean.has(path)) files.delete(path);
  }
  // Once more, for these alone: what was said of the others depends on other things.
  const alone = memo.anew();
  for (const task of tasks) await answersTo(alone, task, filesOf(task, files));
  const dependencies = alone.dependencies();
  return files.size === 0 || dependencies === null ? null : { files: [...files.values()], dependencies };
}

function filesOf(task: PlannedTask, files: ReadonlyMap<string, JobFile>): readonly JobFile[] {
  return task.files.flatMap((path) => files.get(path) ?? []);
}

async function answersTo(memo: Memo, task: PlannedTask, files: readonly JobFile[]): Promise<readonly FileOutcome[]> {
  if (files.length === 0) return [];
  const { answers, keep } = await memo.ask(task, files, false);
  // Nothing was asked anew; what the known answers depend on is noted here.
  keep([]);
  return answers;
}

function isClean({ status, after, diagnostics }: FileOutcome): boolean {
  return status !== 'failed' && after === undefined && diagnostics.length === 0;
}
