/** Time and memory over files and over changed files, as one SVG. */
import type { Measured } from '../measure/contest.js';
import type { Result } from '../scenarios/scenario.js';
import { type Panel, type Series, HEIGHT, WIDTH, drawPanel } from './panel.js';

interface Curve {
  readonly scenario: string;
  readonly label: string;
  readonly colors: readonly [ours: string, theirs: string];
}

const COLD: Curve = { scenario: 'cold', label: 'cold', colors: ['#0b6e4f', '#c1440e'] };
const WARM: Curve = { scenario: 'no-change', label: 'nothing changed', colors: ['#4fb286', '#f0a06c'] };
const CHANGED: Curve = { scenario: 'changed', label: 'changed', colors: COLD.colors };

const files = ({ size }: Result): number => size;
const changed = (result: Result): number => result.changed;
const time = ({ wall }: Measured): number => wall.median / 1000;
const memory = ({ peak }: Measured): number => peak.treeMiB;

export function drawPicture(results: readonly Result[]): string {
  const series = (curves: readonly Curve[], x: typeof files, y: typeof time): Series[] =>
    curves.flatMap((curve) => seriesOf(results, curve, { x, y })).filter(({ points }) => points.length > 0);
  const panels: Panel[] = [
    { title: 'Seconds over files', series: series([COLD, WARM], files, time) },
    { title: 'MiB over files', series: series([COLD, WARM], files, memory) },
    { title: 'Seconds over changed files', series: series([CHANGED], changed, time) },
    { title: 'MiB over changed files', series: series([CHANGED], changed, memory) },
  ];
  const drawn = panels.map((panel, place) => drawPanel(panel, (place % 2) * WIDTH, Math.floor(place / 2) * HEIGHT));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(2 * WIDTH)} ${String(2 * HEIGHT)}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

interface Axes {
  readonly x: (result: Result) => number;
  readonly y: (measured: Measured) => number;
}

/** The first two contenders of each result: quality and the peers. */
function seriesOf(results: readonly Result[], { scenario, label, colors }: Curve, { x, y }: Axes): Series[] {
  const own = results.filter((result) => result.scenario === scenario);
  return colors.map((color, place) => ({
    name: `${place === 0 ? 'quality' : 'peers'}, ${label}`,
    color,
    points: own.flatMap((result) => {
      const measured = result.measured[place];
      return measured === undefined ? [] : [[x(result), y(measured)] as const];
    }),
  }));
}
