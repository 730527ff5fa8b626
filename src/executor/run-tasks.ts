/** From planned tasks to outcomes: what the memo knows is answered, the rest is cut into jobs and run. */
import { ticks } from '../host/clock.js';
import { appendFile } from '../host/disk.js';
import { join } from '../host/paths.js';
import { joinOutcomes } from '../jobs/failed.js';
import type { Deadline } from '../jobs/runner.js';
import type { Failure, FailureKind } from '../model/failure.js';
import type { FileOutcome, Job, JobFile, JobOutcome } from '../model/job.js';
import type { PlannedStep, PlannedTask } from '../model/plan.js';
import type { Batch } from './batches.js';
import type { RunContext } from './context.js';
import { relay } from './relay.js';
import { type ShortCut, leftBy, shortCutOf } from './short-cut.js';

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
  const batch = context.batches.whole(task, files);
  const outcome = await runOne(step, { task: asked.task, id: task.id, batch }, context);
  asked.keep(outcome);
  return { task, files: outcome.files, jobs: [outcome] };
}

async function runFileTask(
  step: PlannedStep,
  task: PlannedTask,
  { context, again }: TaskSetting,
): Promise<TaskOutcome> {
  const asked = await context.memo.ask(task, filesOf(task, context), again);
  const recalled = again ? NO_OUTCOME : context.foresight.recall(asked.task, asked.open);
  const answers = [...asked.answers, ...recalled.files];
  if (answers.length > 0)
    context.emit({ type: 'answers-known', step: step.id, tools: toolNames(task), files: answers.length });
  const known = new Set(recalled.files.map(({ path }) => path));
  const open = asked.open.filter(({ path }) => !known.has(path));
  const batches = context.batches.cut(task, open);
  const shortCut = shortCutOf(asked.task, { step, ...context });
  const jobs = await Promise.all(
    batches.map(async (batch, index) => {
      const part = { task: asked.task, id: `${task.id}#${String(index + 1)}`, batch };
      const outcome = await runBatch(step, part, { context, shortCut });
      if (step.effect === 'writes') context.soundness.look(outcome.files);
      return outcome;
    }),
  );
  asked.keep([recalled, ...jobs]);
  return { task, files: [...answers, ...jobs.flatMap((job) => job.files)], jobs };
}

function filesOf(task: PlannedTask, context: RunContext): JobFile[] {
  return task.files.flatMap((path) => context.tree.get(path) ?? []);
}

interface Part {
  readonly task: PlannedTask;
  readonly id: string;
  readonly batch: Batch;
  readonly isLink?: true;
  readonly isAhead?: true;
}

interface BatchSetting {
  readonly context: RunContext;
  readonly shortCut: ShortCut | null;
}

async function runBatch(step: PlannedStep, part: Part, setting: BatchSetting): Promise<JobOutcome> {
  const { task, id, batch } = part;
  const { context, shortCut } = setting;
  const { batches, foresight } = context;
  const isRelayed = batches.isRelayed(task);
  if (!isRelayed && shortCut === null) return runOne(step, part, context);
  const runLink = (number: number, files: readonly JobFile[]): Promise<JobOutcome> => {
    const link = { ...task, links: task.links.slice(number, number + 1) };
    const own = { ...batches.whole(link, files), ...(batch.area === undefined ? {} : { area: batch.area }) };
    return runOne(step, { task: link, id: `${id}.${String(number + 1)}`, batch: own, isLink: true }, context);
  };
  const runWhole = (files: readonly JobFile[]): Promise<JobOutcome> =>
    runOne(step, { task, id: `${id}.whole`, batch: batches.whole(task, files) }, context);
  const fromItsBeginning = (files: readonly JobFile[]): Promise<JobOutcome> =>
    isRelayed ? relay(task.links.length, files, { runLink, runWhole }) : runWhole(files);
  const runLast = async (files: readonly JobFile[]): Promise<JobOutcome> => {
    const last = await runLink(task.links.length - 1, files);
    context.soundness.look(last.files);
    return last;
  };
  const ended = (await shortCut?.take(batch.files, runLast)) ?? NO_OUTCOME;
  const through = new Set(ended.files.map(({ path }) => path));
  const rest = batch.files.filter(({ path }) => !through.has(path));
  const outcome = rest.length === 0 ? NO_OUTCOME : await fromItsBeginning(rest);
  const all = joinOutcomes([ended, outcome]);
  if (!context.signal.aborted) foresight.look(step, leftBy(all, batch.files));
  return all;
}

const NO_OUTCOME: JobOutcome = { files: [], diagnostics: [] };

/** A check for whose answer nobody waits yet. */
export function runAhead(
  step: PlannedStep,
  { task, files }: { readonly task: PlannedTask; readonly files: readonly JobFile[] },
  context: RunContext,
): Promise<JobOutcome> {
  const id = `${task.id}/ahead/${files[0]?.path ?? ''}`;
  return runOne(step, { task, id, batch: context.batches.whole(task, files), isAhead: true }, context);
}

function jobOf(step: PlannedStep, { task, id, isLink, isAhead, batch: { files, cost, area } }: Part): Job {
  return {
    id,
    action: task.action,
    links: task.links,
    ...(task.trigger === undefined ? {} : { trigger: task.trigger }),
    ...{ files, cost },
    ...(isLink === undefined ? {} : { isLink }),
    ...(isAhead === undefined ? {} : { isAhead }),
    ...(area === undefined ? {} : { area }),
    timeoutMs: step.jobTimeoutMs[task.grain],
  };
}

function runOne(step: PlannedStep, part: Part, context: RunContext): Promise<JobOutcome> {
  const job = jobOf(step, part);
  return withinStep(step, context, async (deadline) => {
    const about = { step: step.id, job: job.id, tools: toolNames(job), files: job.files.length };
    const started = onceStarted((worker) =>
      context.emit({ type: 'job-started', ...about, ...(worker === null ? {} : { worker }) }),
    );
    const outcome = await context.runner.run(job, {
      deadline,
      onStart: started.note,
      onRetry: (of, files, reason) => context.emit({ type: 'job-retried', step: step.id, job: of.id, files, reason }),
    });
    const milliseconds = started.ago();
    if (outcome.failure === undefined) context.batches.learn(part.task, part.batch, milliseconds);
    const taken = { milliseconds: Math.round(milliseconds), bytes: part.batch.bytes, ...memoryOf(outcome) };
    context.emit({ type: 'job-finished', ...about, ...taken, ...toolFailure(outcome) });
    await keepLog(step, job, { outcome, context });
    return outcome;
  });
}

/** A job starts when a worker has time for it; one that never does has started when it ends. */
function onceStarted(tell: (worker: number | null) => void): {
  readonly note: (worker: number | null) => void;
  readonly ago: () => number;
} {
  const state: { at: number | null } = { at: null };
  const note = (worker: number | null): number => {
    if (state.at === null) tell(worker);
    return (state.at ??= ticks());
  };
  return {
    note,
    ago: () => {
      const since = note(null);
      return ticks() - since;
    },
  };
}

function memoryOf({ peakMemory }: JobOutcome): { readonly memory?: number } {
  return peakMemory === undefined ? {} : { memory: peakMemory };
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
