/** What analyze found out: how large, how complex, what is often changed. */
import type { Analysis } from '../../../model/event.js';
import { data } from './data.js';
import { h } from './dom.js';
import { section, table } from './section.js';

export function analysisSection(): HTMLElement | null {
  return data.analysis === null
    ? null
    : section('analysis', 'Analysis', h('div', { class: 'tables' }, ...tables(data.analysis)));
}

const number = (value: number): string => value.toLocaleString('en');

function tables({ hotSpots, complex, largest, languages }: Analysis): HTMLElement[] {
  return [
    listed(
      'Hot spots: often changed and complex',
      ['File', 'Commits', 'Complexity', 'Findings'],
      hotSpots.map((one) => [one.path, number(one.changes), number(one.complexity), number(one.findings)]),
    ),
    listed(
      'Most complex functions',
      ['Function', 'Place', 'Complexity'],
      complex.map((one) => [one.name, `${one.path}:${String(one.line)}`, number(one.complexity)]),
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

function listed(title: string, head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement[] {
  return rows.length === 0 ? [] : [table(title, head, rows)];
}
