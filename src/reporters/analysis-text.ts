import type { Analysis } from '../model/event.js';
import { type Paint, count, showPath } from './text.js';

const MOST = 10;

/** What analyze found out, as short tables. */
export function showAnalysis(analysis: Analysis, paint: Paint): string {
  const { languages, largest, complex, duplication, hotSpots } = analysis;
  return [
    table(
      paint.bold('Languages'),
      languages.map((one) => [one.language, count(one.files, 'file'), count(one.lines, 'line')]),
    ),
    table(
      paint.bold('Largest files'),
      largest.map((one) => [showPath(one.path), count(one.lines, 'line')]),
    ),
    table(
      paint.bold('Most complex functions'),
      complex.map((one) => [
        `${showPath(one.path)}:${String(one.line)}`,
        one.name,
        `complexity ${String(one.complexity)}`,
      ]),
    ),
    table(
      paint.bold('Hot spots: often changed and complex'),
      hotSpots.map((one) => [showPath(one.path), count(one.changes, 'commit'), `complexity ${String(one.complexity)}`]),
    ),
    duplication === null
      ? ''
      : `${paint.bold('Duplication')}\n  ${count(duplication.clones, 'clone')}, ${count(duplication.lines, 'line')}, ${duplication.percentage.toFixed(1)} %`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function table(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, MOST);
  const widths = (shown[0] ?? []).map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const lines = shown.map(
    (row) =>
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}`,
  );
  return [title, ...lines].join('\n');
}
