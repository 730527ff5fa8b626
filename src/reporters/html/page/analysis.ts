/** What analyze found out: how large, how complex, what is often changed. */
import type { Analysis } from '../../../model/analysis.js';
import { data } from './data.js';
import { h } from './dom.js';
import { section, table } from './section.js';

export function analysisSection(): HTMLElement | null {
  return data.analysis === null
    ? null
    : section('analysis', 'Analysis', repaying(data.analysis), h('div', { class: 'tables' }, ...tables(data.analysis)));
}

const number = (value: number): string => value.toLocaleString('en');

function tables({ hotSpots, functions, largest, languages, density }: Analysis): HTMLElement[] {
  return [
    listed(
      'Hot spots: often changed and complex',
      ['File', 'Commits', 'Complexity', 'Cognitive', 'Findings'],
      hotSpots.map((one) => [one.path, ...[one.changes, one.complexity, one.cognitive, one.findings].map(number)]),
    ),
    listed(
      'Functions hardest to follow',
      ['Cognitive', 'Cyclomatic', 'Function', 'Place'],
      functions.map((one) => [
        number(one.cognitive),
        number(one.complexity),
        one.name,
        `${one.path}:${String(one.line)}`,
      ]),
    ),
    listed(
      'Findings for each 1000 lines',
      ['Folder', 'Findings', 'For each 1000 lines'],
      (density?.folders ?? []).map((one) => [one.folder || '.', number(one.findings), number(one.perThousand)]),
    ),
    listed(
      'Largest files',
      ['File', 'Lines'],
      largest.map((one) => [one.path, number(one.lines)]),
    ),
    listed(
      'Languages',
      ['Language', 'Files', 'Lines'],
      languages.map((one) => [one.language, number(one.files), number(one.lines)]),
    ),
  ].flat();
}

/** What follows from all the tables stands above them. */
function repaying({ repaying: files }: Analysis): HTMLElement | null {
  if (files.length === 0) return null;
  const rows = files.map(({ path, reasons }) =>
    h('li', {}, h('span', { class: 'place' }, path), h('span', { class: 'quiet' }, ` ${reasons.join('; ')}`)),
  );
  return h('div', {}, h('h3', {}, 'Files that would repay work most'), h('ol', {}, ...rows));
}

function listed(title: string, head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement[] {
  return rows.length === 0 ? [] : [table(title, head, rows)];
}
