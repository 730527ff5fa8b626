/** What was changed, and what the gate did not let stand. */
import type { ChangeRow, RefusedRow } from '../payload.js';
import { data } from './data.js';
import { count, h } from './dom.js';
import { disclosure, limitedList } from './limited-list.js';
import { section } from './section.js';
import { diffOf } from './source.js';

const STEP = 100;

export function changesSection(): HTMLElement | null {
  if (data.changes.length === 0) return null;
  const search = h('input', { type: 'search', name: 'changes', placeholder: 'file or tool' });
  const status = h('p', { role: 'status', class: 'quiet' });
  const place = h('div');
  const draw = (): void => {
    const word = search.value.toLowerCase();
    const shown = data.changes.filter((row) => `${row.path} ${row.tools.join(' ')}`.toLowerCase().includes(word));
    status.textContent = `${shown.length.toLocaleString('en')} of ${count(data.changes.length, 'file')}`;
    place.replaceChildren(limitedList(shown, { step: STEP, what: 'file', row: changeRow }));
  };
  search.addEventListener('input', draw);
  draw();
  const title = data.landed ? 'What was changed' : 'What would be changed';
  const controls = h('div', { class: 'controls' }, h('label', { class: 'wide' }, 'Search changes ', search));
  return section('changes', title, controls, status, place);
}

function changeRow({ path, how, tools, patch }: ChangeRow): HTMLElement {
  return disclosure(
    [
      h('span', { class: `badge ${how}` }, how),
      h('span', { class: 'place' }, path),
      h('span', { class: 'rule' }, tools.join(', ')),
    ],
    () => diffOf(patch, path),
  );
}

export function refusedSection(): HTMLElement | null {
  if (data.refused.length === 0) return null;
  const words = 'These edits were taken back, as each would have caused what stands below it.';
  const rows = limitedList(data.refused, { step: STEP, what: 'edit', row: refusedRow });
  return section('refused', 'Edits that were not kept', h('p', { class: 'quiet' }, words), rows);
}

function refusedRow({ path, step, reason, findings, patch }: RefusedRow): HTMLElement {
  return disclosure(
    [
      h('span', { class: 'badge error' }, 'not kept'),
      h('span', { class: 'message' }, reason),
      h('span', { class: 'place' }, path),
      h('span', { class: 'rule' }, step),
    ],
    () =>
      h(
        'div',
        { class: 'body' },
        findings.length === 0
          ? null
          : h('div', {}, h('p', {}, 'It would have caused:'), h('ul', {}, ...findings.map((one) => h('li', {}, one)))),
        patch === null ? null : diffOf(patch, path),
      ),
  );
}
