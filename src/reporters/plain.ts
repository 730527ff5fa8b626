/** Plain lines: a line for each step as it ends, then what a person looks for. */
import { type Event, type EventOf } from '../model/event.js';
import type { PlanSummary } from '../model/plan.js';
import { countBySeverity } from '../model/report.js';
import { EMPTY_RUN, type RunState, type StepState, foldEvent, netEdits } from '../model/run-state.js';
import type { Reporter, ReporterFactory } from './reporter.js';
import { showEnding } from './text-report.js';
import { type Paint, count, lands, paintFor, showCounts, showDuration } from './text.js';

export const plain: ReporterFactory = ({ output, verbosity }): Reporter => {
  const { color } = output;
  const paint = paintFor(color);
  let state: RunState = EMPTY_RUN;
  let plan: PlanSummary | null = null;
  return {
    onPlan: (made) => {
      plan = made;
    },
    onEvent: (event) => {
      state = foldEvent(state, event);
      const line = verbosity === 'quiet' ? null : progressLine(event, state, paint);
      if (line !== null) output.progress(`${line}\n`);
    },
    onEnd: async (ending) => {
      const text = await showEnding({ ...ending, state, plan }, { color, verbosity });
      if (text !== '') output.out(`${verbosity === 'quiet' ? '' : '\n'}${text}`);
    },
  };
};

/** What a person is told of an event as it happens; null for most. */
export function progressLine(event: Event, state: RunState, paint: Paint): string | null {
  if (event.type === 'run-started')
    return `${paint.bold('quality')} ${event.workflow}  ${paint.dim(`run ${event.run}${modeNote(event)}`)}`;
  if (event.type === 'notice') return `  ${paint.yellow('!')} ${event.message}`;
  if (event.type === 'job-retried') return `  ${paint.yellow('!')} ${event.step}: ${event.reason}; trying again`;
  if (event.type !== 'step-finished') return null;
  const step = state.steps.get(event.step);
  return step === undefined ? null : stepLine(step, state, paint);
}

function modeNote({ mode }: EventOf<'run-started'>): string {
  return lands(mode) ? '' : `, ${mode}: nothing is written`;
}

function stepLine(step: StepState, state: RunState, paint: Paint): string {
  const name = step.step.padEnd(12);
  if (step.status === 'skipped') return `  ${paint.dim('–')} ${name} ${paint.dim(`skipped: ${step.reason ?? ''}`)}`;
  const mark = step.status === 'done' ? paint.green('✓') : paint.red('✗');
  return `  ${mark} ${name} ${stepResult(step, state)}  ${paint.dim(`${filesOf(step, state)}, ${showDuration(step.milliseconds)}`)}`;
}

/** A tool that looks at projects as wholes needs more files than were asked for. */
function filesOf({ files }: StepState, { files: asked }: RunState): string {
  return files > asked ? `${count(asked, 'file')} asked for, ${String(files)} looked at` : count(files, 'file');
}

function stepResult(step: StepState, state: RunState): string {
  if (step.reason !== undefined) return step.reason;
  const edits = netEdits(state.edits.filter((edit) => edit.step === step.step));
  if (step.command === 'verify') return showCounts(countBySeverity(state.findings ?? []));
  if (step.effect === 'reads') return step.status;
  if (edits.length === 0) return step.status === 'failed' ? 'failed, nothing changed' : 'nothing to change';
  return `${count(edits.length, 'file')} ${lands(state.mode) ? 'changed' : 'would change'}`;
}
