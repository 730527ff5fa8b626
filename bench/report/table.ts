/** Results as text: medians, ratios, bounds. */
import type { Measured } from '../measure/contest.js';
import { type Spread, ratioOf } from '../measure/statistics.js';
import type { Bound, Result } from '../scenarios/scenario.js';

const HEADER = ['', 'wall', 'least – most', 'cpu', 'quality ×', 'MiB', 'main MiB'];

export function showResult(result: Result): string {
  const { scenario, size, changed, measured, bounds, differences } = result;
  const rows = measured.map((one) => rowOf(one, measured[0]));
  return [
    `${scenario}, ${count(size)} files${changed > 0 && changed < size ? `, ${count(changed)} changed` : ''}`,
    ...columns([HEADER, ...rows]).map((line) => `  ${line}`),
    ...bounds.map((bound) => `  ${showBound(bound)}`),
    ...differences.map((difference) => `  NOT COMPARABLE: ${difference}`),
    '',
  ].join('\n');
}

export function showBound({ what, value, limit, unit }: Bound): string {
  return `${value <= limit ? 'within' : 'OVER  '}  ${number(value)} ${unit} (at most ${number(limit)}) ${what}`;
}

function rowOf(one: Measured, first: Measured | undefined): string[] {
  const ratio = first === undefined || first === one ? '' : number(ratioOf(first.wallMs, one.wallMs).median);
  const { wall, cpu, peak } = one;
  return [
    one.name,
    seconds(wall.median),
    range(wall),
    seconds(cpu.median),
    ratio,
    mib(peak.treeMiB),
    mib(peak.mainMiB),
  ];
}

/** The first column to the left, figures to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd());
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 3 : 1)} s`;
const range = ({ least, most }: Spread): string => `${(least / 1000).toFixed(2)} – ${(most / 1000).toFixed(2)}`;
const mib = (value: number): string => value.toFixed(0);
const count = (value: number): string => value.toLocaleString('en');
const number = (value: number): string => (Math.abs(value) < 100 ? value.toFixed(2) : value.toFixed(0));
