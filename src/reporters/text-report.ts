/** A run's end for people: what was found, what changed, what was not kept, what to do next. A screen, unless asked for more. */
import type { PlanSummary } from '../model/plan.js';
import type { Report } from '../model/report.js';
import type { RunState } from '../model/run-state.js';
import { showAnalysis } from './analysis-text.js';
import { readable } from './characters.js';
import { showFindings, showFindingLines } from './findings-text.js';
import type { Ending, Format, FormatSettings } from './format.js';
import { type Paint, count, lands, paintFor, showDuration, showFailure, showFinding, showPath } from './text.js';

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
  const sections = [
    report.analysis === null ? '' : showAnalysis(report.analysis, paint),
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

function changes(report: Report, paint: Paint, most: number): string {
  if (report.changes.length === 0) return '';
  const title = `${count(report.changes.length, 'file')} ${lands(report.mode) ? 'changed' : 'would change'}`;
  const lines = report.changes.map(({ path, before, after, tools }) => {
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

function known({ known: findings }: Report, paint: Paint, { verbosity }: FormatSettings): string {
  if (findings.length === 0) return '';
  const verb = findings.length === 1 ? 'is' : 'are';
  const title = `${count(findings.length, 'known finding')} ${verb} in the baseline`;
  if (verbosity !== 'verbose')
    return paint.dim(`${title} (\`quality report --verbose\` shows ${verb === 'is' ? 'it' : 'them'})`);
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
  const lines = [...undo, ...allBack(report), `Report: ${folder}/report.json`];
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

function verdict(report: Report, paint: Paint): string {
  const [color, text] = VERDICTS[report.status];
  return paint[color](text);
}
