/** What the block says: a line for each step at work, and one for the run as a whole. */
import type { Event } from '../../model/event.js';
import type { PlanSummary, PlannedPhase } from '../../model/plan.js';
import type { RunState } from '../../model/run-state.js';
import { type Paint, count, showDuration, some } from '../text.js';

/** Of one step: what each of its tools has still to look at is counted in files. */
interface Work {
  readonly startedAt: number;
  readonly total: number | null;
  readonly done: number;
  readonly jobs: ReadonlyMap<string, readonly string[]>;
}

export type Status = ReadonlyMap<string, Work>;

export type AnyPlan = PlanSummary & { readonly phases?: readonly PlannedPhase[] };

export function foldStatus(status: Status, event: Event, plan: AnyPlan | null): Status {
  if (event.type === 'step-started')
    return new Map(status).set(event.step, {
      startedAt: event.at,
      total: filesIn(event.step, plan),
      done: 0,
      jobs: new Map(),
    });
  if (event.type === 'step-finished') return without(status, event.step);
  const work = 'step' in event && event.step !== null ? status.get(event.step) : undefined;
  if (work === undefined) return status;
  switch (event.type) {
    case 'job-started':
      return new Map(status).set(event.step, { ...work, jobs: new Map(work.jobs).set(event.job, event.tools) });
    case 'job-finished':
      return new Map(status).set(event.step, {
        ...work,
        done: work.done + event.files,
        jobs: without(work.jobs, event.job),
      });
    case 'answers-known':
      return new Map(status).set(event.step, { ...work, done: work.done + event.files });
    default:
      return status;
  }
}

function without<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  return new Map([...map].filter(([one]) => one !== key));
}

function filesIn(step: string, plan: AnyPlan | null): number | null {
  const planned = plan?.phases?.flatMap((phase) => phase.steps).find((one) => one.id === step);
  return planned === undefined ? null : planned.tasks.reduce((sum, task) => sum + task.files.length, 0);
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const ASCII_SPINNER = ['-', '\\', '|', '/'];

export interface Drawing {
  readonly now: number;
  readonly frame: number;
  readonly unicode: boolean;
  readonly paint: Paint;
  readonly plan: AnyPlan | null;
}

export function statusLines(status: Status, state: RunState, drawing: Drawing): string[] {
  if (status.size === 0) return [];
  const jobs = [...status.values()].reduce((sum, work) => sum + work.jobs.size, 0);
  const steps = [...state.steps.values()];
  const over = steps.filter((step) => step.status !== 'waiting' && step.status !== 'running').length;
  const whole = [
    ...phaseOf(status, drawing.plan),
    `${over} of ${count(steps.length, 'step')} done`,
    `${count(jobs, 'job')} at work of ${state.parallel} at most`,
    seconds(drawing.now - state.startedAt),
    ...loadOf(state),
  ];
  return [
    ...[...status].map(([step, work]) => stepLine(step, work, drawing)),
    drawing.paint.dim(`    ${whole.join(', ')}`),
  ];
}

function phaseOf(status: Status, plan: AnyPlan | null): string[] {
  const phases = plan?.phases ?? [];
  const at = phases.findIndex((phase) => phase.steps.some(({ id }) => status.has(id)));
  return at < 0 || phases.length < 2 ? [] : [`phase ${String(at + 1)} of ${String(phases.length)}`];
}

/** Cores kept busy, by this run and by others. */
function loadOf({ load }: RunState): string[] {
  if (load === null) return [];
  const busy =
    load.own === null ? [] : [`${(load.own + (load.others ?? 0)).toFixed(1)} of ${count(load.cores, 'core')} busy`];
  return [...busy, `${String(Math.round(100 * load.memory))} % of memory`];
}

const MOST_TOOLS = 4;

function stepLine(step: string, work: Work, { now, frame, unicode, paint }: Drawing): string {
  const signs = unicode ? SPINNER : ASCII_SPINNER;
  const sign = paint.cyan(signs[frame % signs.length] ?? '');
  const tools = some([...new Set([...work.jobs.values()].map((names) => names.join(', ')))].sort(), MOST_TOOLS);
  const total = work.total === null ? '' : `/${String(work.total)}`;
  return `  ${sign} ${step.padEnd(12)} ${String(work.done)}${total} files  ${tools}  ${paint.dim(timeLeft(work, now))}`;
}

const SURE_AFTER_MS = 3000;
const SURE_AFTER_SHARE = 0.1;

/** Guessed only when there is something to guess from. */
function timeLeft({ startedAt, total, done }: Work, now: number): string {
  const elapsed = now - startedAt;
  if (total === null || total === 0 || elapsed < SURE_AFTER_MS || done / total < SURE_AFTER_SHARE || done >= total)
    return seconds(elapsed);
  return `${seconds(elapsed)}, about ${seconds((elapsed * (total - done)) / done)} left`;
}

/** Whole ones: figures that change with every frame are no help. */
function seconds(milliseconds: number): string {
  return milliseconds < 60_000 ? `${Math.floor(milliseconds / 1000)} s` : showDuration(milliseconds);
}
