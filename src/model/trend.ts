import type { Measures } from './analysis.js';
import { type Diagnostic, type Severity, compareText } from './diagnostic.js';
import { countBySeverity } from './report.js';
import { type RunState, netEdits } from './run-state.js';

/** What is kept of a run for good: one line of a history file. */
export interface TrendPoint {
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly workflow: string;
  readonly status: string;
  readonly milliseconds: number;
  readonly files: number;
  readonly bytes: number | null;
  readonly counts: Readonly<Record<Severity, number>> | null;
  /** Findings by tool. */
  readonly tools: Readonly<Record<string, number>>;
  /** Findings that say that something is used nowhere; null where nobody looked for any. */
  readonly deadCode: number | null;
  readonly changes: number;
  readonly refused: number;
  /** Answers that were known without a job, and jobs that were run for the others. */
  readonly known: number;
  readonly jobs: number;
  /** Of the code, in percent. */
  readonly duplication: number | null;
  /** Of all functions: what `analyze` measured. */
  readonly complexity: number | null;
  readonly cognitive: number | null;
  readonly lines: number | null;
}

export function trendPointOf(state: RunState): TrendPoint {
  const all = [...(state.findings ?? []), ...state.extraFindings];
  const steps = [...state.steps.values()];
  return {
    run: state.run,
    at: state.startedAt,
    workflow: state.workflow,
    status: state.end?.status ?? 'unfinished',
    milliseconds: state.end?.milliseconds ?? 0,
    files: state.files,
    bytes: state.bytes,
    counts: state.findings === null ? null : countBySeverity(all),
    tools: countByTool(all),
    deadCode: state.findings === null ? null : all.filter(isDeadCode).length,
    changes: netEdits(state.edits).length,
    refused: state.refused.length,
    known: steps.reduce((sum, step) => sum + step.known, 0),
    jobs: steps.reduce((sum, step) => sum + step.jobs, 0),
    ...measuresOf(state.analysis),
  };
}

function measuresOf(measures: Measures | null): Pick<TrendPoint, 'duplication' | 'complexity' | 'cognitive' | 'lines'> {
  if (measures === null) return { duplication: null, complexity: null, cognitive: null, lines: null };
  const { complexity, cognitive, lines } = measures.totals;
  return { duplication: measures.duplication?.percentage ?? null, complexity, cognitive, lines };
}

/** Sorted by name, so that the same findings give the same line. */
function countByTool(findings: readonly Diagnostic[]): Record<string, number> {
  const tools: Record<string, number> = {};
  for (const tool of findings.map((one) => one.tool).sort(compareText)) tools[tool] = (tools[tool] ?? 0) + 1;
  return tools;
}

/** What linters, compilers and Ruff call what nothing uses. */
const OF_DEAD_CODE = /unused|unreachable|^TS(?:6133|6138|6192|6196|6198|6199|7027)$|^F(?:401|811|841)$/i;

function isDeadCode({ tool, rule }: Diagnostic): boolean {
  return tool === 'knip' || OF_DEAD_CODE.test(rule ?? '');
}

/** Runs may differ in these and have found the same; a history that is part of what it measures would never settle. */
const PASSING: ReadonlySet<keyof TrendPoint> = new Set([
  ...(['run', 'at', 'milliseconds', 'known', 'jobs'] as const),
  ...(['files', 'bytes', 'lines'] as const),
]);

/** Adds a point where it tells something that the newest of its workflow does not. */
export function withNews(points: readonly TrendPoint[], point: TrendPoint): readonly TrendPoint[] {
  const last = points.findLast(({ workflow }) => workflow === point.workflow);
  return last !== undefined && figuresOf(last) === figuresOf(point) ? points : [...points, point];
}

function figuresOf(point: TrendPoint): string {
  const figures = Object.entries(point).filter(([key]) => !PASSING.has(key as keyof TrendPoint));
  return JSON.stringify(figures.sort(([a], [b]) => compareText(a, b)));
}

/** By time, each run once: two histories that were merged line by line are one again. */
export function inOrder(points: readonly TrendPoint[]): readonly TrendPoint[] {
  const byRun = new Map(points.map((point) => [point.run, point]));
  return [...byRun.values()].sort((a, b) => a.at - b.at || compareText(a.run, b.run));
}

export const MOST_POINTS = 1000;
const ALL_OF_THE_NEWEST = 500;
const DAY_OF_RUN = 'yyyymmdd'.length;

/** All of the newest; of those before the last of each day and workflow; never more than `MOST_POINTS`. */
export function thinned(points: readonly TrendPoint[]): readonly TrendPoint[] {
  if (points.length <= MOST_POINTS) return points;
  const older = points.slice(0, -ALL_OF_THE_NEWEST);
  const ofDays = new Map(older.map((point) => [`${point.run.slice(0, DAY_OF_RUN)} ${point.workflow}`, point]));
  return [...inOrder([...ofDays.values()]), ...points.slice(-ALL_OF_THE_NEWEST)].slice(-MOST_POINTS);
}
