/** Plain lines: a line for each step as it ends, then what a person looks for. */
import { type Event, type EventOf } from '../model/event.js';
import type { PlanSummary } from '../model/plan.js';
import { type Report, countBySeverity } from '../model/report.js';
import { EMPTY_RUN, type RunState, type StepState, foldEvent, netEdits } from '../model/run-state.js';
import { showAnalysis } from './analysis-text.js';
import type { Reporter, ReporterFactory } from './reporter.js';
import { type Paint, count, paintFor, showCounts, showDuration, showFinding, showPath } from './text.js';

/** Longer lists are cut, with the count of the rest; `--verbose` shows them whole. */
const MOST_LINES = 25;

export const plain: ReporterFactory = ({ output, verbosity }): Reporter => {
  const paint = paintFor(output.color);
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
    onEnd: (report, folder) => {
      const most = verbosity === 'verbose' ? Infinity : MOST_LINES;
      const sections =
        verbosity === 'quiet' ? [findings(report, paint, most)] : allSections({ report, plan, folder, paint, most });
      const text = sections.filter((section) => section !== '').join('\n\n');
      if (text !== '') output.out(`${verbosity === 'quiet' ? '' : '\n'}${text}\n`);
    },
  };
};

function progressLine(event: Event, state: RunState, paint: Paint): string | null {
  if (event.type === 'run-started')
    return `${paint.bold('quality')} ${event.workflow}  ${paint.dim(`run ${event.run}${modeNote(event)}`)}`;
  if (event.type === 'notice') return `  ${paint.yellow('!')} ${event.message}`;
  if (event.type === 'job-retried') return `  ${paint.yellow('!')} ${event.step}: ${event.reason}; trying again`;
  if (event.type !== 'step-finished') return null;
  const step = state.steps.get(event.step);
  return step === undefined ? null : stepLine(step, state, paint);
}

function modeNote({ mode }: EventOf<'run-started'>): string {
  return mode === 'write' ? '' : `, ${mode}: nothing is written`;
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
  const edits = netEdits(state.edits.filter((edit) => edit.step === step.step));
  if (step.command === 'verify') return showCounts(countBySeverity(state.findings ?? []));
  if (step.effect === 'reads') return step.status;
  if (edits.length === 0) return step.status === 'failed' ? 'failed, nothing changed' : 'nothing to change';
  return `${count(edits.length, 'file')} ${state.mode === 'write' ? 'changed' : 'would change'}`;
}

interface Whole {
  readonly report: Report;
  readonly plan: PlanSummary | null;
  readonly folder: string;
  readonly paint: Paint;
  readonly most: number;
}

function allSections(whole: Whole): string[] {
  const { report, plan, paint, most } = whole;
  return [
    report.analysis === null ? '' : showAnalysis(report.analysis, paint),
    changes(report, paint, most),
    refused(report, paint),
    findings(report, paint, most),
    failures(report, paint),
    skipped(plan, paint),
    ending(whole),
  ];
}

function list(lines: readonly string[], most: number): string {
  const shown = lines.slice(0, most).map((line) => `  ${line}`);
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`  … and ${String(rest)} more (--verbose shows all)`] : [])].join('\n');
}

function changes(report: Report, paint: Paint, most: number): string {
  if (report.changes.length === 0) return '';
  const title = `${count(report.changes.length, 'file')} ${report.mode === 'write' ? 'changed' : 'would change'}`;
  const lines = report.changes.map(({ path, before, after, tools }) => {
    const how = before === null ? 'created, ' : after === null ? 'deleted, ' : '';
    return `${showPath(path)}  ${paint.dim(`${how}${tools.join(', ')}`)}`;
  });
  return `${paint.bold(title)}\n${list(lines, most)}`;
}

function refused(report: Report, paint: Paint): string {
  if (report.refused.length === 0) return '';
  const lines = report.refused.map(({ step, path, reason }) => `${showPath(path)}  ${paint.dim(step)}  ${reason}`);
  return `${paint.bold(`${count(report.refused.length, 'edit')} not kept`)}\n${list(lines, MOST_LINES)}`;
}

function findings(report: Report, paint: Paint, most: number): string {
  if (report.findings.length === 0) return '';
  const before = report.counts.before;
  const better =
    before === null || report.counts.after === null || before.error === report.counts.after.error
      ? ''
      : `, ${count(before.error, 'error')} before`;
  const order = [...report.findings].sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  return `${paint.bold(`${showCounts(countBySeverity(report.findings))} ${report.findings.length === 1 ? 'remains' : 'remain'}${better}`)}\n${list(
    order.map((finding) => showFinding(finding, paint)),
    most,
  )}`;
}

function failures(report: Report, paint: Paint): string {
  if (report.failures.length === 0) return '';
  const lines = report.failures.map(({ message, path, detail, nextStep }) => {
    const where = path === undefined ? '' : `${showPath(path)}: `;
    const words = detail === undefined ? '' : `\n${indent(detail)}`;
    return `${paint.red('✗')} ${where}${message}${words}\n    ${paint.dim(nextStep)}`;
  });
  return `${paint.bold('Failed')}\n${list(lines, MOST_LINES)}`;
}

function indent(text: string): string {
  return text
    .trim()
    .split('\n')
    .slice(0, 8)
    .map((line) => `      ${line}`)
    .join('\n');
}

function skipped(plan: PlanSummary | null, paint: Paint): string {
  const tools = (plan?.skips ?? []).filter((skip) => !skip.wanted).map((skip) => skip.tool);
  const excluded = plan?.files.excluded.length ?? 0;
  const parts = [
    ...(tools.length > 0 ? [`not used here: ${[...new Set(tools)].join(', ')}`] : []),
    ...(excluded > 0 ? [`${count(excluded, 'file')} left out`] : []),
  ];
  return parts.length === 0
    ? ''
    : paint.dim(`Skipped: ${parts.join('; ')} (\`quality plan\` says why, and how to switch it on)`);
}

function ending({ report, folder, paint }: Whole): string {
  const time = report.milliseconds === null ? '' : ` in ${showDuration(report.milliseconds)}`;
  const undo =
    report.mode === 'write' && report.changes.length > 0
      ? [`Undo:   quality rollback ${report.run}`, `Diff:   quality diff ${report.run}`]
      : [];
  const lines = [...undo, ...allBack(report), `Report: ${folder}/report.json`];
  return [`${verdict(report, paint)}${paint.dim(time)}`, ...lines].join('\n');
}

/** After a failure: how to have everything as it was, with a command of ours or with plain git. */
function allBack({ status, run, snapshot }: Report): readonly string[] {
  if (status !== 'failed' || snapshot === null) return [];
  return [
    `All back as before: quality rollback --snapshot ${run}`,
    `  or by git alone:  ${snapshot.restore.join(' && ')}`,
  ];
}

const VERDICTS: Readonly<Record<Report['status'], readonly [keyof Paint, string]>> = {
  clean: ['green', 'Nothing left to do'],
  findings: ['yellow', 'Findings remain'],
  changes: ['yellow', 'Changes to make'],
  regression: ['yellow', 'Edits that would have made things worse were taken back'],
  failed: ['red', 'Something failed'],
  interrupted: ['red', 'Interrupted; everything was put back as it was'],
  unfinished: ['red', 'Unfinished'],
};

function verdict(report: Report, paint: Paint): string {
  const [color, text] = VERDICTS[report.status];
  return paint[color](text);
}
