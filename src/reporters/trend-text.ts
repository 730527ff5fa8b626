/** `quality report --trend`: how it went over the runs of a workflow, a line for each figure. */
import type { TrendPoint } from '../model/trend.js';
import type { Format } from './format.js';
import { count, paintFor, showBytes, showDuration } from './text.js';

interface Figure {
  readonly title: string;
  readonly of: (point: TrendPoint) => number | null;
  readonly show: (value: number) => string;
}

const FIGURES: readonly Figure[] = [
  { title: 'errors', of: ({ counts }) => counts?.error ?? null, show: String },
  { title: 'warnings', of: ({ counts }) => counts?.warning ?? null, show: String },
  { title: 'notes', of: ({ counts }) => counts?.info ?? null, show: String },
  { title: 'dead code', of: ({ deadCode }) => deadCode, show: String },
  { title: 'duplication %', of: ({ duplication }) => duplication, show: (value) => value.toFixed(1) },
  { title: 'complexity', of: ({ complexity }) => complexity, show: String },
  { title: 'cognitive', of: ({ cognitive }) => cognitive, show: String },
  { title: 'lines', of: ({ lines }) => lines, show: String },
  { title: 'size', of: ({ bytes }) => bytes, show: showBytes },
  { title: 'files', of: ({ files }) => files, show: String },
  { title: 'files changed', of: ({ changes }) => changes, show: String },
  { title: 'time', of: ({ milliseconds }) => milliseconds, show: showDuration },
  { title: 'answers known', of: ({ known }) => known, show: String },
];
const MOST_RUNS = 40;
const BARS = '▁▂▃▄▅▆▇█';

export const trend: Format = async ({ state, evidence }, { color }) => {
  const paint = paintFor(color);
  const points = (await evidence.trend()).filter((point) => point.workflow === state.workflow).slice(-MOST_RUNS);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return 'No run has come to its end here yet.\n';
  const lines = FIGURES.flatMap((figure) => lineOf(figure, points) ?? []);
  const since = new Date(first.at).toISOString().slice(0, 10);
  return `${paint.bold(state.workflow)}  ${count(points.length, 'run')} since ${since}\n${lines.join('\n')}\n`;
};

function lineOf({ title, of, show }: Figure, points: readonly TrendPoint[]): string | null {
  const values = points.flatMap((point) => of(point) ?? []);
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return null;
  // What never was there is no news; that there are no errors is.
  if (title !== 'errors' && values.every((value) => value === 0)) return null;
  const most = Math.max(...values);
  const bars = values
    .map((value) => BARS[most <= 0 ? 0 : Math.round(((BARS.length - 1) * value) / most)] ?? '')
    .join('');
  return `  ${title.padEnd(14)} ${bars}  ${show(last)}${first === last ? '' : `, was ${show(first)}`}`;
}
