/** Where something stands in a text, shown to people: line, column, and the line itself with a marker below. */
import type { Position } from '../model/diagnostic.js';
import type { Range } from './tree.js';

const LINE_BREAK = /\r\n|\n|\r/g;

/** 1-based; the column counts UTF-16 code units. */
export function positionAt(text: string, offset: number): Position {
  const { start, line } = lineAt(text, offset);
  return { line, column: Math.min(offset, text.length) - start + 1 };
}

function lineAt(text: string, offset: number): { readonly start: number; readonly end: number; readonly line: number } {
  let start = 0;
  let line = 1;
  for (const { 0: mark, index } of text.matchAll(LINE_BREAK)) {
    if (offset < index + mark.length) return { start, end: index, line };
    start = index + mark.length;
    line += 1;
  }
  return { start, end: text.length, line };
}

/** Columns of a terminal that an excerpt takes at most, and how many of them may come before the marker. */
const WIDTH = 100;
const LEAD = 60;

/**
 * The line of the range with a marker exactly below it, as wide as a terminal shows it. A range over several lines is
 * marked to the end of its first one; an empty one gets a marker of one column.
 */
export function excerpt(text: string, range: Range): string {
  const { start, end, line } = lineAt(text, range.offset);
  const from = Math.min(range.offset, end) - start;
  const to = Math.max(from + 1, Math.min(range.offset + range.length, end) - start);
  const { shown, marker } = draw(cellsOf(text.slice(start, end), from, to));
  const number = String(line);
  return `${number} | ${shown}\n${' '.repeat(number.length)} | ${marker}`;
}

/** One thing that a reader sees as one: a letter with its accents, an emoji of several code points, a tab. */
interface Cell {
  readonly shown: string;
  readonly width: number;
  readonly marked: boolean;
}

function cellsOf(line: string, from: number, to: number): readonly Cell[] {
  // A minified line is cut before it is taken apart; more than the window can show is kept on both sides.
  const first = Math.max(0, from - 2 * WIDTH);
  const piece = line.slice(first, from + 2 * WIDTH);
  const cells = Array.from(new Intl.Segmenter('en').segment(piece), ({ segment, index }) => {
    const begin = first + index;
    return { ...cellOf(segment), marked: begin < to && begin + segment.length > from };
  });
  // The place just behind the last character, where something is missing.
  return from < line.length ? cells : [...cells, { shown: '', width: 1, marked: true }];
}

function cellOf(segment: string): Omit<Cell, 'marked'> {
  if (segment === '\t') return { shown: '  ', width: 2 };
  const shown = printable(segment);
  return { shown, width: displayWidth(shown) };
}

const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const INVISIBLE = /^[\p{M}\u200b-\u200d\ufeff]*$/u;

function displayWidth(segment: string): number {
  if (INVISIBLE.test(segment)) return 0;
  return WIDE.test(segment) ? 2 : 1;
}

const HARMFUL = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Without what would steer a terminal or turn the direction of writing. */
export function printable(text: string): string {
  return text.replace(HARMFUL, '\ufffd');
}

function draw(cells: readonly Cell[]): { readonly shown: string; readonly marker: string } {
  const mark = Math.max(
    0,
    cells.findIndex((cell) => cell.marked),
  );
  const first = widthOf(cells) <= WIDTH ? 0 : windowStart(cells, mark);
  const last = windowEnd(cells, first);
  const visible = cells.slice(first, last);
  const before = first > 0 ? '…' : '';
  const after = last < cells.length ? '…' : '';
  const marker = visible.map((cell) => (cell.marked ? '^' : ' ').repeat(cell.width)).join('');
  return {
    shown: (before + visible.map((cell) => cell.shown).join('') + after).trimEnd(),
    marker: (' '.repeat(before.length) + marker).trimEnd(),
  };
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

function windowStart(cells: readonly Cell[], mark: number): number {
  let start = mark;
  for (let width = 0; start > 0; start -= 1) {
    width += cells[start - 1]?.width ?? 0;
    if (width > LEAD) break;
  }
  return start;
}

function windowEnd(cells: readonly Cell[], start: number): number {
  let end = start;
  for (let width = 0; end < cells.length; end += 1) {
    width += cells[end]?.width ?? 0;
    if (width > WIDTH) break;
  }
  return end;
}
