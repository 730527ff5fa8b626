/** From planned tasks to outcomes: what the memo knows is answered, the rest is cut into jobs and run. */
import { ticks } from '../host/clock.js';
import { appendFile } from '../host/disk.js';
import { join } from '../host/paths.js';
import type { FileOutcome, Job, JobFile, JobOutcome } from '../model/job.js';
import type { PlannedStep, PlannedTask } from '../model/plan.js';
import { toolOf } from '../tools/registry.js';
import type { RunContext } from './context.js';

export interface TaskOutcome {
  readonly task: PlannedTask;
  readonly files: readonly FileOutcome[];
  /** Outcomes of the jobs as wholes: project-wide findings, edits, failures. */
  readonly jobs: readonly JobOutcome[];
}

export interface TaskSetting {
  readonly context: RunContext;
  /** Asks even what is known already: to tell whether an answer is steady. */
  readonly again: boolean;
}

export async function runTasks(
  step: PlannedStep,
  tasks: readonly PlannedTask[],
  setting: TaskSetting,
): Promise<readonly TaskOutcome[]> {
  setting.context.deadlines.set(step.id, ticks() + step.timeoutMs);
  return Promise.all(
    tasks.map((task) =>
      task.grain === 'project' ? runProjectTask(step, task, setting) : runFileTask(step, task, setting),
    ),
  );
}

async function runProjectTask(
  step: PlannedStep,
  task: PlannedTask,
  { context, again }: TaskSetting,
): Promise<TaskOutcome> {
  const files = filesOf(task, context);
  const known = again ? null : context.memo.knownProject(task, files);
  if (known !== null) {
    context.emit({ type: 'answers-known', step: step.id, tools: toolNames(task), files: files.length });
    return { task, files: known.files, jobs: [known] };
  }
  const outcome = await runOne(step, jobOf(step, task, { id: task.id, files }), context);
  context.memo.rememberProject(task, files, outcome);
  return { task, files: outcome.files, jobs: [outcome] };
}

async function runFileTask(step: PlannedStep, task: PlannedTask, setting: TaskSetting): Promise<TaskOutcome> {
  const { context } = setting;
  const known: FileOutcome[] = [];
  const unknown: JobFile[] = [];
  for (const file of filesOf(task, context)) {
    const answer = setting.again ? null : context.memo.knownFile(task, file);
    if (answer === null) unknown.push(file);
    else known.push(answer);
  }
  if (known.length > 0)
    context.emit({ type: 'answers-known', step: step.id, tools: toolNames(task), files: known.length });
  const batches = cut(unknown, context.plan.strategy.batchSize);
  const jobs = await Promise.all(
    batches.map((files, index) =>
      runOne(step, jobOf(step, task, { id: `${task.id}#${String(index + 1)}`, files }), context),
    ),
  );
  // Where a tool of the chain failed, its files came through without it: no answer to build on.
  for (const outcome of jobs.filter((job) => job.failure === undefined).flatMap((job) => job.files))
    context.memo.rememberFile(task, outcome);
  return { task, files: [...known, ...jobs.flatMap((job) => job.files)], jobs };
}

function filesOf(task: PlannedTask, context: RunContext): JobFile[] {
  return task.files.flatMap((path) => context.tree.get(path) ?? []);
}

function jobOf(
  step: PlannedStep,
  task: PlannedTask,
  part: { readonly id: string; readonly files: readonly JobFile[] },
): Job {
  return {
    id: part.id,
    action: task.action,
    links: task.links,
    ...(task.trigger === undefined ? {} : { trigger: task.trigger }),
    files: part.files,
    timeoutMs: step.jobTimeoutMs,
  };
}

async function runOne(step: PlannedStep, job: Job, context: RunContext): Promise<JobOutcome> {
  const tools = toolNames(job);
  const inMain = job.trigger === undefined && job.links.flat().every((use) => toolOf(use).runsIn === 'main');
  const work = async (): Promise<JobOutcome> => {
    if (context.signal.aborted)
      return { files: [], diagnostics: [], failure: { kind: 'interrupted', message: 'Stopped before it began' } };
    const started = ticks();
    const left = (context.deadlines.get(step.id) ?? started) - started;
    if (left <= 0) return outOfTime(step);
    context.emit({ type: 'job-started', step: step.id, job: job.id, tools, files: job.files.length });
    const running = context.runner.run(job, (retried, files, reason) =>
      context.emit({ type: 'job-retried', step: step.id, job: retried.id, files, reason }),
    );
    const outcome = await within(left, running, () => outOfTime(step));
    context.emit({
      type: 'job-finished',
      step: step.id,
      job: job.id,
      tools,
      files: job.files.length,
      milliseconds: Math.round(ticks() - started),
    });
    await keepLog(step, job, { outcome, context });
    return outcome;
  };
  // Workers are bounded by their pool, which knows what each has loaded; only one at a time means one of either kind.
  return inMain || context.plan.strategy.parallel === 1 ? context.limit(work) : work();
}

function outOfTime(step: PlannedStep): JobOutcome {
  const message = `${step.id} took longer than ${step.timeoutMs / 1000} s`;
  return { files: [], diagnostics: [], failure: { kind: 'tool-timeout', message } };
}

/** What is still running when the time is up is not waited for; its answer is too late to count. */
async function within<T>(milliseconds: number, work: Promise<T>, otherwise: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise()), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function keepLog(
  step: PlannedStep,
  job: Job,
  of: { readonly outcome: JobOutcome; readonly context: RunContext },
): Promise<void> {
  const { failure, log } = of.outcome;
  const text = [log ?? '', failure === undefined ? '' : `${failure.message}\n${failure.detail ?? ''}`]
    .filter((part) => part !== '')
    .join('\n');
  if (text === '') return;
  // The log is for people who look for the tool's own words; losing it (a full disk) must not lose the run.
  await appendFile(join(of.context.runDir, 'steps', `${step.id}.log`), `--- ${job.id}\n${text}\n`).catch(
    () => undefined,
  );
}

function toolNames(of: Pick<PlannedTask, 'links' | 'trigger'>): string[] {
  return [
    ...new Set([...(of.trigger === undefined ? [] : [of.trigger.tool]), ...of.links.flat().map((use) => use.tool)]),
  ];
}

function cut<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
