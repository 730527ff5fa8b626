/** Jobs as bars, known answers as marks. */
import type { JobRow, KnownRow } from '../payload.js';
import { data } from './data.js';
import { count, duration, h, svg } from './dom.js';
import { placeOf } from './lanes.js';

/** Makes it one that can be chosen, and says what is then told of it. */
export type Add = (element: SVGElement, words: string) => void;

export const LANE = 12;
export const GAP = 2;

export const percent = (part: number, span: number): string => `${((100 * part) / span).toFixed(3)}%`;

interface BarSettings {
  readonly lane: number;
  readonly span: number;
  readonly add: Add;
}

export function bar(job: JobRow, { lane, span, add }: BarSettings): SVGElement {
  const words = `${job.name} in ${data.steps[job.step]?.step ?? ''}: ${count(job.files, 'file')}, ${duration(job.end - job.start)}, began after ${duration(job.start)}, ${placeOf(job)}${job.failed ? ', failed' : ''}`;
  const element = svg(
    'rect',
    {
      class: job.failed ? 'job failed' : `job tool-${String(toolNumber(job.tools))}`,
      x: percent(job.start, span),
      width: percent(Math.max(job.end - job.start, span / 1000), span),
      y: lane * LANE + GAP,
      height: LANE - GAP,
    },
    svg('title', {}, words),
  );
  add(element, words);
  return element;
}

interface MarkSettings {
  readonly top: number;
  readonly span: number;
  readonly add: Add;
}

/** An answer that was known takes no time: it is a mark, not a bar. */
export function knownMark(one: KnownRow, { top, span, add }: MarkSettings): SVGElement {
  const words = `${one.tools} in ${data.steps[one.step]?.step ?? ''}: answers for ${count(one.files, 'file')} were known, no job was needed`;
  const middle = top + (LANE - GAP) / 2;
  const element = svg(
    'circle',
    { class: 'known', cx: percent(one.at, span), cy: middle, r: 4 },
    svg('title', {}, words),
  );
  add(element, words);
  return element;
}

const tools = [...new Set(data.jobs.map((job) => job.tools))];
const COLORS = 6;

function toolNumber(name: string): number {
  return tools.indexOf(name) % COLORS;
}

export function legend(): HTMLElement {
  const shown = tools
    .slice(0, COLORS)
    .map((name, index) => h('span', {}, h('i', { class: `key tool-${index}` }), name));
  return h(
    'p',
    { class: 'legend' },
    ...shown,
    h('span', {}, h('i', { class: 'key known' }), 'known without a job'),
    h('span', {}, h('i', { class: 'key failed' }), 'failed'),
  );
}
