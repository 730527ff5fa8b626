/** Lines over the runs of this workflow so far. */
import type { TrendPoint } from '../../../model/trend.js';
import { data } from './data.js';
import { duration, h, svg } from './dom.js';
import { disclosure } from './limited-list.js';
import { section, table } from './section.js';

interface Series {
  readonly title: string;
  readonly of: (point: TrendPoint) => number | null;
  readonly show: (value: number) => string;
}

const number = (value: number): string => value.toLocaleString('en');

const SERIES: readonly Series[] = [
  { title: 'Errors', of: ({ counts }) => counts?.error ?? null, show: number },
  { title: 'Warnings', of: ({ counts }) => counts?.warning ?? null, show: number },
  { title: 'Dead code', of: ({ deadCode }) => deadCode, show: number },
  { title: 'Complexity', of: ({ complexity }) => complexity, show: number },
  { title: 'Cognitive complexity', of: ({ cognitive }) => cognitive, show: number },
  { title: 'Lines', of: ({ lines }) => lines, show: number },
  { title: 'Size in KiB', of: ({ bytes }) => bytes, show: (value) => number(Math.round(value / 1024)) },
  { title: 'Files', of: ({ files }) => files, show: number },
  { title: 'Files changed', of: ({ changes }) => changes, show: number },
  { title: 'Time', of: ({ milliseconds }) => milliseconds, show: duration },
  { title: 'Answers known from before', of: ({ known }) => known, show: number },
  { title: 'Duplication in %', of: ({ duplication }) => duplication, show: (value) => value.toFixed(1) },
];

export function trendsSection(): HTMLElement | null {
  if (data.trend.length < 2) return null;
  const charts = SERIES.flatMap((series) => chart(series) ?? []);
  const rows = [...data.trend]
    .reverse()
    .map((point) => [point.run, ...SERIES.map((one) => cell(one, point)), point.status]);
  return section(
    'trends',
    'Trends',
    h('div', { class: 'charts' }, ...charts),
    disclosure(['As a table'], () =>
      table('Runs, the newest first', ['Run', ...SERIES.map((one) => one.title), 'Status'], rows),
    ),
  );
}

function cell(series: Series, point: TrendPoint): string {
  const value = series.of(point);
  return value === null ? '' : series.show(value);
}

const WIDTH = 240;
const HEIGHT = 60;

function chart(series: Series): HTMLElement | null {
  const values = data.trend.flatMap((point) => series.of(point) ?? []);
  if (values.length < 2 || values.every((value) => value === 0)) return null;
  const most = Math.max(...values, 1);
  const points = values.map((value, index) => {
    const x = (index * WIDTH) / (values.length - 1);
    return `${x.toFixed(1)},${(HEIGHT - 2 - (value * (HEIGHT - 4)) / most).toFixed(1)}`;
  });
  const [first, last] = [values[0] ?? 0, values.at(-1) ?? 0];
  const words = `${series.title}: ${series.show(first)} at first, ${series.show(last)} now, at most ${series.show(most)}`;
  return h(
    'figure',
    {},
    h(
      'figcaption',
      {},
      series.title,
      h('strong', {}, ` ${series.show(last)}`),
      first === last ? null : h('span', { class: 'quiet' }, ` was ${series.show(first)}`),
    ),
    svg(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': words },
      svg('polyline', { class: 'trend', points: points.join(' ') }),
    ),
  );
}
