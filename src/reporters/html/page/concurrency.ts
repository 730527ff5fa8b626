/** Beneath the timeline: how many jobs ran at each moment, and how many were allowed to. */
import { data } from './data.js';
import { duration, h, svg } from './dom.js';
import { disclosure } from './limited-list.js';
import { table } from './section.js';

const HEIGHT = 40;
const MOST_ROWS = 500;

export function concurrencyRow(span: number): HTMLElement {
  const { points, most } = runningJobs(span);
  const top = Math.max(1, most, ...data.limits.map(({ limit }) => limit));
  const flipped = `translate(0 ${top}) scale(1 -1)`;
  const picture = svg(
    'svg',
    {
      height: HEIGHT,
      viewBox: `0 0 ${span} ${top}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `Jobs at once: at most ${String(most)} of ${String(top)} allowed`,
    },
    svg('polygon', { class: 'load', points, transform: flipped }),
    svg('polyline', { class: 'limit', points: limitPoints(span), transform: flipped }),
  );
  const words = ` at most ${String(most)} of ${String(top)}`;
  const label = h('div', { class: 'label' }, 'jobs at once', h('span', { class: 'quiet' }, words));
  return h('div', { class: 'step' }, label, picture);
}

function runningJobs(span: number): { readonly points: string; readonly most: number } {
  const changes = data.jobs
    .flatMap(({ start, end }) => [[start, 1] as const, [end, -1] as const])
    .sort(([a, x], [b, y]) => a - b || x - y);
  let running = 0;
  let most = 0;
  const points = ['0,0'];
  for (const [at, change] of changes) {
    points.push(`${at},${running}`);
    running += change;
    most = Math.max(most, running);
    points.push(`${at},${running}`);
  }
  return { points: [...points, `${span},0`].join(' '), most };
}

/** A line with steps. */
function limitPoints(span: number): string {
  const ends = [...data.limits.slice(1).map(({ at }) => at), span];
  return data.limits.map(({ at, limit }, index) => `${at},${limit} ${ends[index] ?? span},${limit}`).join(' ');
}

export function limitChanges(): HTMLElement | null {
  const changes = data.limits.slice(1).slice(0, MOST_ROWS);
  const rows = changes.map(({ at, limit, reason }) => [duration(at), limit, reason]);
  return rows.length === 0
    ? null
    : disclosure(['Changes of how many jobs may run'], () =>
        table('Jobs at once', ['After', 'Allowed', 'Reason'], rows),
      );
}
