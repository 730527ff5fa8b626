import type { Analysis } from '../model/analysis.js';
import { type Paint, count, showBytes, showPath } from './text.js';

/** How much is told: all; a screen full; or what is to be done about it, where other things are to be read as well. */
export type Extent = 'whole' | 'screen' | 'short';

const ROWS: Readonly<Record<Extent, number>> = { whole: Infinity, screen: 5, short: 0 };
const FILES: Readonly<Record<Extent, number>> = { whole: Infinity, screen: 10, short: 3 };

/** What analyze found out: first what is to be done about it, then short tables. */
export function showAnalysis(analysis: Analysis, paint: Paint, extent: Extent): string {
  const parts = [repaying(analysis, paint, extent)];
  if (extent !== 'short')
    parts.push(...tables(analysis).map(({ title, rows }) => table(paint.bold(title), rows.slice(0, ROWS[extent]))));
  parts.push(totals(analysis, paint));
  return parts.filter((part) => part !== '').join('\n\n');
}

function repaying({ repaying: files }: Analysis, paint: Paint, extent: Extent): string {
  if (files.length === 0) return '';
  const shown = files.slice(0, FILES[extent]);
  const rest = files.length - shown.length;
  return [
    paint.bold('Files that would repay work most'),
    ...shown.map(({ path, reasons }) => `  ${showPath(path)}  ${paint.dim(reasons.join('; '))}`),
    ...(rest > 0 ? [`  … and ${String(rest)} more (\`quality report --verbose\` shows all, and the tables)`] : []),
  ].join('\n');
}

interface Table {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

function tables({ functions, hotSpots, largest, languages, density }: Analysis): readonly Table[] {
  return [
    {
      title: 'Functions hardest to follow',
      rows: functions
        .filter(({ cognitive }) => cognitive > 0)
        .map((one) => [
          `${showPath(one.path)}:${String(one.line)}`,
          one.name,
          `cognitive ${String(one.cognitive)}`,
          `cyclomatic ${String(one.complexity)}`,
        ]),
    },
    {
      title: 'Hot spots: often changed and complex',
      rows: hotSpots.map((one) => [
        showPath(one.path),
        count(one.changes, 'commit'),
        `complexity ${String(one.complexity)}`,
        ...(density === null ? [] : [count(one.findings, 'finding')]),
      ]),
    },
    {
      title: 'Findings for each 1000 lines',
      rows: (density?.folders ?? []).map((one) => [
        showPath(one.folder === '' ? '.' : one.folder),
        one.perThousand.toFixed(1),
        count(one.findings, 'finding'),
      ]),
    },
    { title: 'Largest files', rows: largest.map((one) => [showPath(one.path), count(one.lines, 'line')]) },
    {
      title: 'Languages',
      rows: languages.map((one) => [one.language, count(one.files, 'file'), count(one.lines, 'line')]),
    },
  ];
}

function totals({ totals: all, duplication, density }: Analysis, paint: Paint): string {
  const parts = [
    `${count(all.files, 'file')}, ${count(all.lines, 'line')}, ${showBytes(all.bytes)}`,
    `${count(all.functions, 'function')}: complexity ${String(all.complexity)}, cognitive ${String(all.cognitive)}`,
    ...(duplication === null
      ? []
      : [
          `${count(duplication.clones, 'clone')}, ${count(duplication.lines, 'line')}, ${duplication.percentage.toFixed(1)} % of the code`,
        ]),
    ...(density === null ? [] : [`${density.all.toFixed(1)} findings for each 1000 lines`]),
  ];
  return [paint.bold('In all'), ...parts.map((part) => `  ${part}`)].join('\n');
}

function table(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const shown = rows;
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
