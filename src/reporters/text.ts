/** Small pieces of text that several reporters share. */
import type { Diagnostic, Severity } from '../model/diagnostic.js';
import type { RunMode } from '../model/command.js';
import type { Failure } from '../model/failure.js';
import { readable } from './characters.js';

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const code =
  (color: boolean, open: number, close: number) =>
  (text: string): string =>
    color ? `\u001B[${String(open)}m${text}\u001B[${String(close)}m` : text;

export function paintFor(color: boolean): Paint {
  return {
    bold: code(color, 1, 22),
    dim: code(color, 2, 22),
    red: code(color, 31, 39),
    yellow: code(color, 33, 39),
    green: code(color, 32, 39),
    cyan: code(color, 36, 39),
  };
}

export function showDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${String(Math.round(milliseconds))} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${String(Math.floor(milliseconds / 60_000))} min ${String(Math.round((milliseconds % 60_000) / 1000))} s`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB'];

export function showBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${value.toFixed(value < 10 && power > 0 ? 1 : 0)} ${UNITS[power] ?? ''}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}

/** "a, b, c and 12 more" */
export function some(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(', ')} and ${String(rest)} more` : items.join(', ');
}

/** " in packages/a", " in 12 folders"; nothing for the root alone. */
export function showFolders(folders: readonly string[]): string {
  const [first = '', ...others] = new Set(folders);
  if (others.length > 0) return ` in ${count(others.length + 1, 'folder')}`;
  return first === '' ? '' : ` in ${showPath(first)}`;
}

/** In order of first appearance. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    group.push(item);
    groups.set(keyOf(item), group);
  }
  return [...groups.values()];
}

/** A path as one line of a terminal shows it: control characters, line breaks among them, are escaped. */
export function showPath(path: string): string {
  return path.replace(/[\u0000-\u001F\u007F]/g, (character) => JSON.stringify(character).slice(1, -1));
}

/** `src/a.ts:3:5` */
export function showPlace({ path, start }: Pick<Diagnostic, 'path' | 'start'>): string {
  if (path === null) return '(project)';
  return start === undefined ? showPath(path) : `${showPath(path)}:${String(start.line)}:${String(start.column)}`;
}

export const SEVERITY_PAINT: Readonly<Record<Severity, keyof Paint>> = {
  error: 'red',
  warning: 'yellow',
  info: 'cyan',
};

/** `link`: to what says more about the rule; once is enough where the rule is met again. */
export function showFinding(finding: Diagnostic, paint: Paint, link: 'with-link' | 'no-link' = 'with-link'): string {
  const severity = paint[SEVERITY_PAINT[finding.severity]](finding.severity);
  const rule = finding.rule === null ? finding.tool : `${finding.tool} ${finding.rule}`;
  const [message = '', ...more] = readable(finding.message).split('\n');
  const rest = more.map((line) => `\n      ${line}`).join('');
  const fixable = finding.fixable === true ? `  ${paint.cyan('fixable')}` : '';
  const url = finding.url === undefined || link === 'no-link' ? '' : `  ${paint.dim(readable(finding.url))}`;
  return `${showPlace(finding)}  ${severity}  ${message}  ${paint.dim(rule)}${fixable}${url}${rest}`;
}

/** One line. The kind is what `docs/troubleshooting.md` has an entry for. */
export function showFailure({ kind, path, message }: Failure, paint: Paint): string {
  const where = path === undefined ? '' : `${showPath(path)}: `;
  return `${where}${readable(message)}  ${paint.dim(kind)}`;
}

/** Do edits of such a run reach the tree or the index? */
export function lands(mode: RunMode): boolean {
  return mode === 'write' || mode === 'staged';
}

export function showCounts(counts: Readonly<Record<Severity, number>>): string {
  const parts = (['error', 'warning'] as const).flatMap((severity) =>
    counts[severity] > 0 ? [count(counts[severity], severity)] : [],
  );
  if (counts.info > 0) parts.push(count(counts.info, 'note'));
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}
