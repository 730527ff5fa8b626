/** A run's end for people: what was found, what changed, what was not kept, what to do next. A screen, unless asked for more. */
import type { Diagnostic } from '../model/diagnostic.js';
import type { PlanSummary } from '../model/plan.js';
import { type Report, countBySeverity } from '../model/report.js';
import type { RunState } from '../model/run-state.js';
import { type Extent, showAnalysis } from './analysis-text.js';
import { readable } from './characters.js';
import { showFindings, showFindingLines } from './findings-text.js';
import type { Ending, Format, FormatSettings } from './format.js';
import {
  type Paint,
  count,
  lands,
  paintFor,
  showCounts,
  showDuration,
  showFailure,
  showFinding,
  showPath,
} from './text.js';

/** Longer lists are cut, with the count of the rest. */
const MOST_LINES = 6;

export const textReport: Format = (record, settings) => showEnding(record, settings);

export interface Ended extends Ending {
  readonly state: RunState;
  readonly plan: PlanSummary | null;
}

export async function showEnding(ended: Ended, settings: FormatSettings): Promise<string> {
  const paint = paintFor(settings.color);
  if (settings.verbosity === 'quiet') return showFindingLines(ended.report.findings, paint);
  const most = settings.verbosity === 'verbose' ? Infinity : MOST_LINES;
  const { report } = ended;
  const { verbosity } = settings;
  const sections = [
    report.analysis === null ? '' : showAnalysis(report.analysis, paint, extentOf(report, verbosity)),
    changes(report, paint, most),
    refused(report, paint, most),
    await showFindings(ended, settings),
    known(report, paint, settings),
    failures(report, paint, most),
    skipped(ended.plan, paint),
    ending(ended, paint),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function list(lines: readonly string[], most: number): string {
  const shown = lines.slice(0, most).map((line) => `  ${line}`);
  const rest = lines.length - shown.length;
  return [
    ...shown,
    ...(rest > 0 ? [`  … and ${String(rest)} more (\`quality report --verbose\` shows all)`] : []),
  ].join('\n');
}

/** A run that only analyzes has nothing else to tell. */
function extentOf({ steps }: Report, verbosity: FormatSettings['verbosity']): Extent {
  if (verbosity === 'verbose') return 'whole';
  return steps.every(({ command }) => command === 'analyze') ? 'screen' : 'short';
}

function changes(report: Report, paint: Paint, most: number): string {
  const fresh = report.changes.filter((edit) => edit.known !== true);
  if (fresh.length === 0) return '';
  const title = `${count(fresh.length, 'file')} ${lands(report.mode) ? 'changed' : 'would change'}`;
  const lines = fresh.map(({ path, before, after, tools }) => {
    const how = before === null ? 'created, ' : after === null ? 'deleted, ' : '';
    return `${showPath(path)}  ${paint.dim(`${how}${tools.join(', ')}`)}`;
  });
  return `${paint.bold(title)}\n${list(lines, most)}`;
}

function refused(report: Report, paint: Paint, most: number): string {
  if (report.refused.length === 0) return '';
  const lines = report.refused.map(
    ({ step, path, reason }) => `${showPath(path)}  ${paint.dim(step)}  ${readable(reason)}`,
  );
  return `${paint.bold(`${count(report.refused.length, 'edit')} not kept`)}\n${list(lines, most)}`;
}

function known(report: Report, paint: Paint, { verbosity }: FormatSettings): string {
  const { base, known: all } = report;
  const inBase = base === null ? '' : `in ${readable(base.ref)} (${base.commit.slice(0, 10)}) already`;
  return (['baseline', 'base'] as const)
    .map((source) => ({ findings: all.filter((finding) => finding.known === source), source }))
    .filter(({ findings }) => findings.length > 0)
    .map(({ findings, source }) => {
      const where = source === 'base' ? inBase : 'in the baseline';
      return knownIn(findings, where, { paint, isWhole: verbosity === 'verbose' });
    })
    .join('\n');
}

function knownIn(
  findings: readonly Diagnostic[],
  where: string,
  { paint, isWhole }: { readonly paint: Paint; readonly isWhole: boolean },
): string {
  const verb = findings.length === 1 ? 'is' : 'are';
  const title = `${count(findings.length, 'known finding')} ${verb} ${where}`;
  if (!isWhole) return paint.dim(`${title} (\`quality report --verbose\` shows ${verb === 'is' ? 'it' : 'them'})`);
  return `${paint.bold(title)}\n${list(
    findings.map((finding) => showFinding(finding, paint)),
    Infinity,
  )}`;
}

function failures(report: Report, paint: Paint, most: number): string {
  if (report.failures.length === 0) return '';
  const lines = report.failures.map((failure) => {
    const { detail, nextStep } = failure;
    const words = detail === undefined ? '' : `\n${indent(readable(detail))}`;
    return `${paint.red('✗')} ${showFailure(failure, paint)}${words}\n    ${paint.dim(nextStep)}`;
  });
  return `${paint.bold('Failed')}\n${list(lines, most)}`;
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

function ending({ report, folder }: Ended, paint: Paint): string {
  const time = report.milliseconds === null ? '' : ` in ${showDuration(report.milliseconds)}`;
  const undo =
    report.mode === 'write' && report.changes.length > 0
      ? [`Undo:   quality rollback ${report.run}`, `Diff:   quality diff ${report.run}`]
      : [];
  const lines = [...next(report), ...undo, ...allBack(report), `Report: ${folder}/report.json`];
  return [`${verdict(report, paint)}${paint.dim(`${time}${spared(report)}`)}`, ...lines].join('\n');
}

/** What earlier runs have spared this one. */
function spared({ steps }: Report): string {
  const known = steps.reduce((sum, step) => sum + step.known, 0);
  return known === 0 ? '' : `; ${count(known, 'answer')} known from before`;
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
  unfinished: ['red', 'Unfinished: the run was cut off'],
};

/** The last line is the first that is looked at: it says in figures what the lists above are about. */
function verdict(report: Report, paint: Paint): string {
  const [color, text] = VERDICTS[report.status];
  const figures = figuresOf(report);
  return `${paint[color](text)}${figures.length === 0 ? '' : `: ${figures.join(', ')},`}`;
}

function figuresOf({ failures: failed, changes: edits, findings, mode }: Report): readonly string[] {
  return [
    ...(failed.length === 0 ? [] : [count(failed.length, 'failure')]),
    ...(findings.length === 0 ? [] : [showCounts(countBySeverity(findings))]),
    ...(edits.length === 0 ? [] : [`${count(edits.length, 'file')} ${lands(mode) ? 'changed' : 'to change'}`]),
  ];
}

/** What to do about it, where a command of ours does. */
function next({ status, mode }: Report): readonly string[] {
  return status === 'changes' && !lands(mode) ? ['Next:   quality run'] : [];
}
