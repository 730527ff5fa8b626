/** Findings, packed, and the lines of source around them. */
import type { Diagnostic, Position, Severity } from '../../model/diagnostic.js';
import { readable } from '../characters.js';
import { freshFindings } from '../fresh.js';
import type { RunRecord, Side } from '../format.js';
import { lands } from '../text.js';
import { FLAGS, type PackedFinding, type Payload, type RuleRow, type SeverityNumber } from './payload.js';

/** Together they keep the page far below 15 MB; what is beyond is in the files themselves. */
const MOST_SOURCE_CHARACTERS = 4_000_000;
const MOST_LINE_CHARACTERS = 240;
const MOST_MESSAGE_CHARACTERS = 2000;
const AROUND = 2;
const MOST_LINES_OF_ONE = 8;
const NUMBERS: Readonly<Record<Severity, SeverityNumber>> = { error: 0, warning: 1, info: 2 };

type Packed = Pick<Payload, 'paths' | 'rules' | 'findings' | 'sources'>;

export async function packFindings(record: RunRecord): Promise<Packed> {
  const { report, state, evidence } = record;
  const fresh = new Set(freshFindings(report.findings, state, await evidence.earlier()));
  const paths = numbering<string>((path) => path);
  const rules = numbering<RuleRow>(({ tool, rule }) => JSON.stringify([tool, rule]));
  const findings = report.findings.map((finding): PackedFinding => {
    const { tool, rule, url } = finding;
    const numbers = {
      path: finding.path === null ? -1 : paths.of(finding.path),
      rule: rules.of({ tool, rule, url: url ?? null }),
    };
    return pack(finding, { ...numbers, isNew: fresh.has(finding) });
  });
  const sources = await linesAround(record, paths.of);
  return { paths: paths.all(), rules: rules.all(), findings, sources };
}

interface About {
  readonly path: number;
  readonly rule: number;
  readonly isNew: boolean;
}

function pack(finding: Diagnostic, { path, rule, isNew }: About): PackedFinding {
  return [
    path,
    rule,
    NUMBERS[finding.severity],
    ...numbersOf(finding.start),
    ...numbersOf(finding.end),
    (finding.fixable === true ? FLAGS.fixable : 0) | (isNew ? FLAGS.isNew : 0),
    readable(finding.message).slice(0, MOST_MESSAGE_CHARACTERS),
    ...(finding.related ?? []).map((one) => ({
      path: one.path,
      line: one.start?.line ?? 0,
      message: readable(one.message),
    })),
  ];
}

function numbersOf(position: Position | undefined): readonly [line: number, column: number] {
  return position === undefined ? [0, 0] : [position.line, position.column];
}

interface Numbering<T> {
  readonly of: (value: T) => number;
  readonly all: () => readonly T[];
}

function numbering<T>(keyOf: (value: T) => string): Numbering<T> {
  const numbers = new Map<string, number>();
  const values: T[] = [];
  return {
    of: (value) => {
      const key = keyOf(value);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, values.length);
      return values.push(value) - 1;
    },
    all: () => values,
  };
}

async function linesAround(
  { report, evidence }: RunRecord,
  numberOf: (path: string) => number,
): Promise<Payload['sources']> {
  const side: Side = lands(report.mode) ? 'after' : 'before';
  const sources: Record<number, Record<number, string>> = {};
  let left = MOST_SOURCE_CHARACTERS;
  for (const [path, findings] of byPath(report.findings)) {
    if (left <= 0) break;
    const text = await evidence.source(path, side);
    if (text === null) continue;
    const lines = text.split('\n');
    const kept: Record<number, string> = {};
    for (const number of findings.flatMap(linesOf)) {
      const line = lines[number - 1];
      if (line === undefined || number in kept) continue;
      kept[number] = line.replace(/\r$/, '').slice(0, MOST_LINE_CHARACTERS);
      left -= kept[number].length + 10;
    }
    sources[numberOf(path)] = kept;
  }
  return sources;
}

function byPath(findings: readonly Diagnostic[]): Map<string, Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>();
  for (const finding of findings) {
    if (finding.path === null || finding.start === undefined) continue;
    const group = groups.get(finding.path) ?? [];
    group.push(finding);
    groups.set(finding.path, group);
  }
  return groups;
}

function linesOf({ start, end }: Diagnostic): number[] {
  if (start === undefined) return [];
  const first = Math.max(1, start.line - AROUND);
  const last = Math.min((end ?? start).line + AROUND, first + MOST_LINES_OF_ONE);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
