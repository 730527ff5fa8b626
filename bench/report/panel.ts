/** One diagram with logarithmic axes. */

export interface Series {
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  readonly series: readonly Series[];
}

export const WIDTH = 480;
export const HEIGHT = 320;
const MARGIN = { left: 64, right: 32, top: 36, bottom: 72 };

type Scale = (value: number) => number;

export function drawPanel({ title, series }: Panel, left: number, top: number): string {
  const points = series.flatMap((one) => one.points);
  const [columns, rows] = [decades(points.map(([value]) => value)), decades(points.map(([, value]) => value))];
  const across = scale(columns, MARGIN.left, WIDTH - MARGIN.right);
  const up = scale(rows, HEIGHT - MARGIN.bottom, MARGIN.top);
  return [
    `<g transform="translate(${String(left)} ${String(top)})">`,
    text(MARGIN.left, 20, title, 'font-size="14" font-weight="bold"'),
    ...columns.map((value) => upright(across(value), value)),
    ...rows.map((value) => level(up(value), value)),
    ...series.map((one) => line(one, across, up)),
    ...series.map((one, place) => legend(one, place)),
    '</g>',
  ].join('\n');
}

/** Powers of ten around the values. */
function decades(values: readonly number[]): number[] {
  const wanted = values.filter((value) => value > 0);
  if (wanted.length === 0) return [1, 10];
  const first = Math.floor(Math.log10(Math.min(...wanted)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...wanted))));
  return Array.from({ length: last - first + 1 }, (_, place) => 10 ** (first + place));
}

function scale(ticks: readonly number[], start: number, end: number): Scale {
  const [least, most] = [Math.log10(ticks[0] ?? 1), Math.log10(ticks.at(-1) ?? 1)];
  return (value) => start + ((Math.log10(value) - least) / (most - least)) * (end - start);
}

function upright(at: number, value: number): string {
  const [top, bottom] = [MARGIN.top, HEIGHT - MARGIN.bottom];
  return `${stroke(at, top, at, bottom)}${text(at, bottom + 16, label(value), 'text-anchor="middle"')}`;
}

function level(at: number, value: number): string {
  const words = text(MARGIN.left - 6, at + 4, label(value), 'text-anchor="end"');
  return `${stroke(MARGIN.left, at, WIDTH - MARGIN.right, at)}${words}`;
}

function line({ color, points }: Series, across: Scale, up: Scale): string {
  const places = points.map(([x, y]) => [round(across(x)), round(up(y))] as const);
  const dots = places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${color}"/>`).join('');
  return `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>${dots}`;
}

function legend({ name, color }: Series, place: number): string {
  const left = MARGIN.left + (place % 2) * (WIDTH / 2 - MARGIN.left / 2);
  const top = HEIGHT - MARGIN.bottom + 36 + Math.floor(place / 2) * 16;
  return `<rect x="${round(left)}" y="${round(top - 8)}" width="12" height="8" fill="${color}"/>${text(left + 18, top, name, '')}`;
}

const round = (value: number): string => String(Math.round(value * 10) / 10);
const label = (value: number): string => (value >= 1 ? value.toLocaleString('en') : String(value));
const text = (x: number, y: number, words: string, more: string): string =>
  `<text x="${round(x)}" y="${round(y)}" fill="#222" ${more}>${words}</text>`;
const stroke = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#ddd"/>`;
