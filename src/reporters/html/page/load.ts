/** Beneath the timeline: how busy the machine was, by this run and by others, and how full its memory. */
import type { LoadRow } from '../payload.js';
import { data } from './data.js';
import { duration, h, svg } from './dom.js';
import { disclosure } from './limited-list.js';
import { table } from './section.js';

const HEIGHT = 40;
/** A reading is about the time since the one before; the first looks back so far. */
const FIRST_MS = 1250;
const MOST_ROWS = 500;

export function loadRow(span: number): HTMLElement | null {
  const { loads } = data;
  if (loads.length === 0) return null;
  const cores = Math.max(...loads.map((one) => one.cores));
  const words = ` of ${String(cores)}: at most ${most(({ own }) => own)} by this run, ${most(({ others }) => others)} by others; memory at most ${percent(most(({ memory }) => memory))}`;
  const area = (of: (one: LoadRow) => number): string =>
    stepsOf(span, (one) => (HEIGHT * Math.min(cores, of(one))) / cores);
  const flipped = `translate(0 ${String(HEIGHT)}) scale(1 -1)`;
  const picture = svg(
    'svg',
    {
      height: HEIGHT,
      viewBox: `0 0 ${String(span)} ${String(HEIGHT)}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `Cores busy${words}`,
    },
    svg('polygon', { class: 'load others', points: area(busy), transform: flipped }),
    svg('polygon', { class: 'load own', points: area(({ own }) => own ?? 0), transform: flipped }),
    svg('polyline', { class: 'memory', points: stepsOf(span, ({ memory }) => HEIGHT * memory), transform: flipped }),
  );
  return h('div', { class: 'step' }, h('div', { class: 'label' }, 'cores busy', quiet(words), keys()), picture);
}

function most(of: (one: LoadRow) => number | null): number {
  return Math.max(...data.loads.map((one) => of(one) ?? 0));
}

function busy({ own, others }: LoadRow): number {
  return (own ?? 0) + (others ?? 0);
}

const quiet = (text: string): HTMLElement => h('span', { class: 'quiet' }, text);

function keys(): HTMLElement {
  const key = (kind: string, text: string): HTMLElement => h('span', {}, h('i', { class: `key ${kind}` }), text);
  return h('div', { class: 'legend' }, key('own', 'run'), key('others', 'others'), key('memory', 'memory'));
}

/** An outline with steps, from the beginning of the first reading to the end of the last one. */
function stepsOf(span: number, heightOf: (one: LoadRow) => number): string {
  const first = Math.max(0, (data.loads[0]?.at ?? 0) - FIRST_MS);
  const points = data.loads.map((one, index) => {
    const from = data.loads[index - 1]?.at ?? first;
    const height = heightOf(one).toFixed(1);
    return `${String(from)},${height} ${String(Math.min(span, one.at))},${height}`;
  });
  return `${String(first)},0 ${points.join(' ')} ${String(Math.min(span, data.loads.at(-1)?.at ?? span))},0`;
}

function percent(share: number): string {
  return `${String(Math.round(100 * share))} %`;
}

export function loadReadings(): HTMLElement | null {
  const rows = data.loads
    .slice(0, MOST_ROWS)
    .map(({ at, own, others, memory, jobMemory }) => [
      duration(at),
      own ?? 'unknown',
      others ?? 'unknown',
      percent(memory),
      jobMemory === null ? 'unknown' : `${String(Math.round(jobMemory / 1024 ** 2))} MiB`,
    ]);
  const head = ['After', 'Cores: this run', 'Cores: others', 'Memory in use', 'Held by jobs'];
  return rows.length === 0
    ? null
    : disclosure(['Readings of the machine'], () => table('What it was busy with', head, rows));
}
