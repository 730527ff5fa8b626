/**
 * A run for programs that read text: no colours, no times, the same order each time, a line for each finding, and what to
 * do next. Two runs that find the same print the same.
 */
import type { RunMode } from '../model/command.js';
import type { EventOf } from '../model/event.js';
import { type Report, countBySeverity } from '../model/report.js';
import { EMPTY_RUN, type RunState, foldEvent } from '../model/run-state.js';
import type { ToolSkip } from '../model/tool-use.js';
import { type Sighting, sameInManyFiles, showSightings, sightingsOf } from './agent/sightings.js';
import { type NextStep, nextSteps } from './agent/next-steps.js';
import { readable } from './characters.js';
import type { Format, Verbosity } from './format.js';
import type { ReporterFactory } from './reporter.js';
import { count, groupBy, lands, showCounts, showFailure, showPath, paintFor } from './text.js';

export const agent: ReporterFactory = ({ output, verbosity }) => {
  let state: RunState = EMPTY_RUN;
  let commandLine: readonly string[] = [];
  let skips: readonly ToolSkip[] = [];
  return {
    onPlan: (plan) => {
      skips = plan.skips;
    },
    onEvent: (event) => {
      state = foldEvent(state, event);
      if (event.type === 'run-started') commandLine = event.commandLine;
    },
    onEnd: ({ report }) =>
      output.out(showForAgents({ report, state, skips, next: nextSteps({ report, commandLine }) }, verbosity)),
  };
};

export const agentReport: Format = ({ report, state, events, plan }, { verbosity }) => {
  const started = events.find((event): event is EventOf<'run-started'> & typeof event => event.type === 'run-started');
  const next = nextSteps({ report, commandLine: started?.commandLine ?? [] });
  return showForAgents({ report, state, skips: plan?.skips ?? [], next }, verbosity);
};

export interface ForAgents {
  readonly report: Report;
  readonly state: RunState;
  readonly next: readonly NextStep[];
  readonly skips: readonly ToolSkip[];
  /** Where what is cut off can be seen, in words. */
  readonly rest?: string;
}

/** Longer lists are cut, with the count of the rest and where to see it. */
interface Cut {
  readonly most: number;
  readonly rest: string;
}

const MOST: Readonly<Record<Verbosity, number>> = { quiet: 50, normal: 50, verbose: Infinity };
const ALL = '`quality report --format agent --verbose` shows all';

export function showForAgents({ report, state, next, skips, rest = ALL }: ForAgents, verbosity: Verbosity): string {
  const cut: Cut = { most: MOST[verbosity], rest };
  const sightings = sightingsOf(state);
  const findings = findingLines(sightings, cut);
  if (verbosity === 'quiet') return textOf(findings);
  const parts = [
    heading(report, sightings),
    findings,
    changeLines(report, state, cut),
    section('not done', notDone(report, skips), cut),
    section('not kept', refusedLines(report), cut),
    section('failed', failureLines(report), cut),
    section('notices', report.notices.map(oneLine), cut),
    section(
      'next',
      next.map(({ command, why }) => `${command}  # ${why}`),
      cut,
    ),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map(textOf)
    .join('\n');
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

const MODE_WORDS: Readonly<Record<RunMode, string>> = {
  write: '',
  staged: ' on what is staged',
  check: ' as a check, nothing is written',
  'dry-run': ' as a dry run, nothing is written',
};

function heading({ workflow, mode, status, exitCode, files, known }: Report, sightings: readonly Sighting[]): string[] {
  const findings = sightings.flatMap((one) => one.findings);
  const end = exitCode === null ? '' : `, exit code ${String(exitCode)}`;
  const inBaseline = known.length === 0 ? '' : `, ${String(known.length)} more known in the baseline`;
  return [
    `quality ${workflow}${MODE_WORDS[mode]}: ${status}${end}`,
    `${count(files, 'file')} looked at: ${showCounts(countBySeverity(findings))}${inBaseline}`,
  ];
}

function findingLines(sightings: readonly Sighting[], { most, rest: where }: Cut): string[] {
  if (sightings.length === 0) return [];
  const fixable = sightings.filter(({ fix }) => fix !== null).length;
  const title = `findings (${String(sightings.length)}${fixable === 0 ? '' : `; ${String(fixable)} fixed by the command in brackets`}):`;
  // What is the same in many files must not hide the rest.
  const groups = sightings.length <= most ? sightings.map((one) => [one]) : sameInManyFiles(sightings);
  const rest = groups.slice(most).flat();
  return [title, ...groups.slice(0, most).map(showSightings), ...(rest.length === 0 ? [] : [cutOff(rest, where)])];
}

const MOST_RULES = 5;

function cutOff(rest: readonly Sighting[], where: string): string {
  const groups = groupBy(rest, ({ rule }) => rule);
  const rules = groups
    .sort((a, b) => b.length - a.length || (rulesOf(a) < rulesOf(b) ? -1 : 1))
    .slice(0, MOST_RULES)
    .map((group) => `${rulesOf(group)} ${String(group.length)}`);
  return `… ${String(rest.length)} more (${rules.join(', ')}${groups.length > MOST_RULES ? '…' : ''}); ${where}`;
}

function rulesOf(group: readonly Sighting[]): string {
  return group[0]?.rule ?? '';
}

function changeLines(report: Report, state: RunState, cut: Cut): string[] {
  const lines = report.changes.map(({ path, before, after, tools }) => {
    const how = before === null ? 'created ' : after === null ? 'deleted ' : '';
    const steps = new Set(state.edits.filter((edit) => edit.path === path).map((edit) => commandOf(state, edit.step)));
    return `${how}${showPath(path)} by ${[...steps].join(', ')} (${tools.join(', ')})`;
  });
  return section(lands(report.mode) ? 'changed' : 'would change', lines, cut);
}

function commandOf(state: RunState, step: string): string {
  return state.steps.get(step)?.command ?? step;
}

/** Nothing found where nothing was looked at is no good news. */
export function notDone({ steps, findings }: Report, skips: readonly ToolSkip[]): string[] {
  const done = new Set(steps.filter(({ status }) => status === 'done').map(({ command }) => command));
  const undone = steps.filter(({ status, command }) => status === 'skipped' && !done.has(command));
  const skipped = groupBy(undone, ({ command }) => command).flatMap((group) => group.slice(0, 1));
  const said = new Set(findings.filter(({ rule }) => rule === 'tool-missing').map(({ tool }) => tool));
  const missing = skips.filter(({ wanted, tool }) => wanted && !said.has(tool));
  return [
    ...skipped.map(({ step, reason = '' }) => `${step}: ${oneLine(reason)}`),
    ...new Set(missing.map(({ tool, reason, hint }) => oneLine(`${tool}: ${reason}. ${hint}`))),
  ];
}

function refusedLines({ refused, takenBack }: Report): string[] {
  return [
    ...refused.map(({ step, path, reason }) => `${showPath(path)} in ${step}: ${oneLine(reason)}`),
    ...takenBack.map(({ step, paths, reason }) => `${paths.map(showPath).join(', ')} in ${step}: ${oneLine(reason)}`),
  ];
}

function failureLines({ failures }: Report): string[] {
  const lines = failures.map((failure) => `${showFailure(failure, paintFor(false))}. ${failure.nextStep}`);
  return [...new Set(lines.map(oneLine))];
}

function section(title: string, lines: readonly string[], { most, rest: where }: Cut): string[] {
  if (lines.length === 0) return [];
  const rest = lines.length - most;
  return [
    `${title} (${String(lines.length)}):`,
    ...lines.slice(0, most),
    ...(rest > 0 ? [`… ${String(rest)} more; ${where}`] : []),
  ];
}

function oneLine(text: string): string {
  return readable(text).replace(/\s+/g, ' ').trim();
}
