/** From planned tasks to outcomes: what the memo knows is answered, the rest is cut into jobs and run. */
import { ticks } from '../host/clock.js';
import { appendFile } from '../host/disk.js';
import { join } from '../host/paths.js';
import type { Deadline } from '../jobs/runner.js';
import type { Failure, FailureKind } from '../model/failure.js';
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
  const asked = await context.memo.askProject(task, files, again);
  if (asked.answer !== null) {
    context.emit({ type: 'answers-known', step: step.id, tools: toolNames(task), files: files.length });
    return { task, files: asked.answer.files, jobs: [asked.answer] };
  }
  const outcome = await runOne(step, jobOf(step, asked.task, { id: task.id, files }), context);
  asked.keep(outcome);
  return { task, files: outcome.files, jobs: [outcome] };
}

async function runFileTask(
  step: PlannedStep,
  task: PlannedTask,
  { context, again }: TaskSetting,
): Promise<TaskOutcome> {
  const asked = await context.memo.ask(task, filesOf(task, context), again);
  const { answers } = asked;
  if (answers.length > 0)
    context.emit({ type: 'answers-known', step: step.id, tools: toolNames(task), files: answers.length });
  const batches = cut(asked.open, context.plan.strategy.batchSize);
  const jobs = await Promise.all(
    batches.map((files, index) =>
      runOne(step, jobOf(step, asked.task, { id: `${task.id}#${String(index + 1)}`, files }), context),
    ),
  );
  asked.keep(jobs);
  return { task, files: [...answers, ...jobs.flatMap((job) => job.files)], jobs };
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
    timeoutMs: step.jobTimeoutMs[task.grain],
  };
}

async function runOne(step: PlannedStep, job: Job, context: RunContext): Promise<JobOutcome> {
  const tools = toolNames(job);
  const inMain = job.trigger === undefined && job.links.flat().every((use) => toolOf(use).runsIn === 'main');
  const work = async (deadline: Deadline): Promise<JobOutcome> => {
    if (context.signal.aborted)
      return { files: [], diagnostics: [], failure: { kind: 'interrupted', message: 'Stopped before it began' } };
    const started = ticks();
    const about = { step: step.id, job: job.id, tools, files: job.files.length };
    context.emit({ type: 'job-started', ...about });
    const outcome = await context.runner.run(job, {
      deadline,
      onRetry: (part, files, reason) =>
        context.emit({ type: 'job-retried', step: step.id, job: part.id, files, reason }),
    });
    const milliseconds = Math.round(ticks() - started);
    context.emit({ type: 'job-finished', ...about, milliseconds, ...toolFailure(outcome) });
    await keepLog(step, job, { outcome, context });
    return outcome;
  };
  const run = (): Promise<JobOutcome> => withinStep(step, context, work);
  // Workers are bounded by their pool, which knows what each has loaded; only one at a time means one of either kind.
  return inMain || context.plan.strategy.parallel === 1 ? context.limit(run) : run();
}

function toolFailure({ failure, files }: JobOutcome): { readonly failure?: FailureKind } {
  const kinds = [failure, ...files.map((file) => file.failure)].flatMap((one) => one?.kind ?? []);
  const kind = kinds.find((one) => one.startsWith('tool-'));
  return kind === undefined ? {} : { failure: kind };
}

/** Work that is stopped when the step's time is up. It settles when nothing of it runs any more. */
export async function withinStep(
  step: PlannedStep,
  { deadlines }: RunContext,
  work: (deadline: Deadline) => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const message = `${step.id} took longer than ${step.timeoutMs / 1000} s`;
  const failure: Failure = { kind: 'tool-timeout', message };
  const now = ticks();
  const left = (deadlines.get(step.id) ?? now + step.timeoutMs) - now;
  if (left <= 0) return { files: [], diagnostics: [], failure };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), left);
  try {
    return await work({ signal: stop.signal, failure });
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
