/** What the HTML page is given: plain data, names told once and referred to by number, so that 20,000 findings fit. */
import type { Analysis } from '../../model/analysis.js';
import type { LoadReading } from '../../model/load.js';
import type { Report } from '../../model/report.js';
import type { TrendPoint } from '../../model/trend.js';

export type SeverityNumber = 0 | 1 | 2;

export interface FindingRow {
  /** Number of the path; -1: the project as a whole. */
  readonly path: number;
  readonly rule: number;
  readonly severity: SeverityNumber;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly fixable: boolean;
  readonly isNew: boolean;
  readonly message: string;
  readonly related: readonly { readonly path: string; readonly line: number; readonly message: string }[];
}

/** A finding as a tuple: names of fields told 20,000 times would be most of the file. */
export type PackedFinding = readonly [
  path: number,
  rule: number,
  severity: SeverityNumber,
  line: number,
  column: number,
  endLine: number,
  endColumn: number,
  flags: number,
  message: string,
  ...related: FindingRow['related'],
];

export const FLAGS = { fixable: 1, isNew: 2 } as const;

export interface RuleRow {
  readonly tool: string;
  readonly rule: string | null;
  readonly url: string | null;
}

export interface ChangeRow {
  readonly path: string;
  readonly how: 'changed' | 'created' | 'deleted';
  readonly tools: readonly string[];
  /** null where it is too long to be shown here. */
  readonly patch: string | null;
}

export interface RefusedRow {
  readonly path: string;
  readonly step: string;
  readonly reason: string;
  /** What it would have caused. */
  readonly findings: readonly string[];
  readonly patch: string | null;
}

/** Times are milliseconds since the run began. */
export interface StepRow {
  readonly step: string;
  readonly phase: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly files: number;
  readonly known: number;
}

export interface JobRow {
  readonly step: number;
  readonly name: string;
  readonly tools: string;
  readonly files: number;
  readonly start: number;
  readonly end: number;
  readonly failed: boolean;
  /** null: a program, which needs no worker. */
  readonly worker: number | null;
}

/** Answers that were known without a job. */
export interface KnownRow {
  readonly step: number;
  readonly tools: string;
  readonly files: number;
  readonly at: number;
}

/** How many jobs could run at once from then on. */
export interface LimitRow {
  readonly at: number;
  readonly limit: number;
  readonly reason: string;
}

/** What the machine was busy with in the time before; `LoadReading` says what each figure is. */
export interface LoadRow extends LoadReading {
  readonly at: number;
}

export interface Payload {
  readonly report: Pick<
    Report,
    | 'run'
    | 'qualityVersion'
    | 'workflow'
    | 'mode'
    | 'status'
    | 'exitCode'
    | 'startedAt'
    | 'milliseconds'
    | 'files'
    | 'counts'
    | 'failures'
    | 'notices'
  >;
  readonly paths: readonly string[];
  readonly rules: readonly RuleRow[];
  readonly findings: readonly PackedFinding[];
  /** Lines around findings, by number of the path, then by line. */
  readonly sources: Readonly<Record<number, Readonly<Record<number, string>>>>;
  readonly changes: readonly ChangeRow[];
  readonly refused: readonly RefusedRow[];
  readonly steps: readonly StepRow[];
  readonly jobs: readonly JobRow[];
  readonly known: readonly KnownRow[];
  readonly limits: readonly LimitRow[];
  readonly loads: readonly LoadRow[];
  /** Which step bounds the run, and what would shorten it, in sentences. */
  readonly bound: readonly string[];
  /** Findings that the baseline knows, which are in no list. */
  readonly inBaseline: number;
  /** Its edits reached the tree or the index. */
  readonly landed: boolean;
  readonly trend: readonly TrendPoint[];
  readonly analysis: Analysis | null;
}
