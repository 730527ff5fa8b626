/** Which files have lines in common, and how many. */
import { type Finding, data, findings } from './data.js';
import { count, h, svg } from './dom.js';
import { limitedList, disclosure } from './limited-list.js';
import { section } from './section.js';
import { sourceOf } from './source.js';

const MOST_FILES = 24;
const CELL = 16;

interface Clone {
  readonly finding: Finding;
  readonly other: string;
  readonly otherLine: number;
  readonly lines: number;
}

const clones: readonly Clone[] = findings
  .filter(({ ruleRow, related }) => ruleRow.rule === 'duplicate' && related.length > 0)
  .flatMap((finding) =>
    finding.related.map((one) => ({
      finding,
      other: one.path,
      otherLine: one.line,
      lines: Math.max(1, finding.endLine - finding.line + 1),
    })),
  )
  .sort((a, b) => b.lines - a.lines);

export function duplicationSection(): HTMLElement | null {
  if (clones.length === 0) return null;
  const total = clones.reduce((sum, clone) => sum + clone.lines, 0);
  const share = data.analysis?.duplication?.percentage;
  const words = `${count(clones.length, 'clone')}, ${count(total, 'line')} in all${share === undefined ? '' : `, ${share.toFixed(1)} % of the lines`}`;
  return section(
    'duplication',
    'Duplication',
    h('p', { class: 'quiet' }, words),
    matrix(),
    limitedList(clones, { step: 50, what: 'clone', row }),
  );
}

function row({ finding, other, otherLine, lines }: Clone): HTMLElement {
  return disclosure(
    [
      h('span', { class: 'badge' }, count(lines, 'line')),
      h('span', { class: 'place' }, `${finding.pathText}:${String(finding.line)}`),
      h('span', { class: 'place' }, `${other}:${String(otherLine)}`),
    ],
    () => sourceOf(finding),
  );
}

/** The files that share most, in rows and in columns alike; the darker a field, the more lines two have in common. */
function matrix(): HTMLElement {
  const weights = new Map<string, number>();
  for (const { finding, other, lines } of clones)
    for (const path of [finding.pathText, other]) weights.set(path, (weights.get(path) ?? 0) + lines);
  const files = [...weights]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_FILES)
    .map(([path]) => path)
    .sort();
  const size = files.length * CELL;
  const picture = svg(
    'svg',
    {
      class: 'matrix',
      width: size,
      height: size,
      role: 'img',
      'aria-label': 'Lines that files have in common; the list below has all of them',
    },
    ...fields(files),
  );
  const names = h(
    'ol',
    { class: 'names', style: `line-height: ${CELL}px` },
    ...files.map((file) => h('li', { title: file }, file)),
  );
  return h('div', { class: 'scroll map', tabindex: 0, role: 'group', 'aria-label': 'Duplication map' }, picture, names);
}

function fields(files: readonly string[]): SVGElement[] {
  const shared = new Map<string, number>();
  for (const { finding, other, lines } of clones)
    for (const key of new Set([`${finding.pathText}\0${other}`, `${other}\0${finding.pathText}`]))
      shared.set(key, (shared.get(key) ?? 0) + lines);
  const most = Math.max(...shared.values());
  return files.flatMap((a, y) =>
    files.map((b, x) => {
      const lines = shared.get(`${a}\0${b}`) ?? 0;
      const strength = lines === 0 ? 0 : 0.25 + (0.75 * lines) / most;
      const field = svg('rect', {
        x: x * CELL,
        y: y * CELL,
        width: CELL - 1,
        height: CELL - 1,
        'fill-opacity': strength.toFixed(2),
        class: lines === 0 ? 'none' : 'shared',
      });
      if (lines > 0) field.append(svg('title', {}, `${a} and ${b}: ${count(lines, 'line')}`));
      return field;
    }),
  );
}
