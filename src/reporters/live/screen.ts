/** A block of lines at the end of a terminal that is drawn again and again, with other lines printed above it. */

export interface Terminal {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The locale can show more than ASCII. */
  readonly unicode: boolean;
}

export interface Screen {
  /** Replaces the block. */
  readonly draw: (lines: readonly string[]) => void;
  /** Prints above the block, which stands below it again at once: both are one write, so that nothing flickers. */
  readonly print: (text: string, lines: readonly string[]) => void;
  readonly clear: () => void;
}

const ESC = '\u001B[';

export function createScreen({ write, columns }: Terminal): Screen {
  let drawn: readonly string[] = [];
  /** A terminal that has become narrower since has wrapped what was drawn before. */
  const height = (): number =>
    drawn.reduce((rows, line) => rows + Math.max(1, Math.ceil(widthOf(line) / Math.max(1, columns()))), 0);
  const toTop = (): string => (drawn.length === 0 ? '' : `${ESC}${height()}A\r`);
  const erasing = (): string => (drawn.length === 0 ? '' : `${toTop()}${ESC}J`);
  // One column is left free: some terminals wrap when the last one is written to.
  const fit = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => clip(line, Math.max(1, columns() - 1)));
  const block = (lines: readonly string[]): string => lines.map((line) => `${line}${ESC}K\n`).join('');
  return {
    draw: (lines) => {
      const fitting = fit(lines);
      if (fitting.length === drawn.length && fitting.every((line, index) => line === drawn[index])) return;
      // Lines are written over and not erased first: nothing is ever seen empty.
      write(`${toTop()}${block(fitting)}${ESC}J`);
      drawn = fitting;
    },
    print: (text, lines) => {
      const fitting = fit(lines);
      write(`${erasing()}${text}${block(fitting)}`);
      drawn = fitting;
    },
    clear: () => {
      if (drawn.length > 0) write(erasing());
      drawn = [];
    },
  };
}

const STYLES = /\u001B\[[\d;]*m/g;

function widthOf(line: string): number {
  return line.replace(STYLES, '').length;
}

/** Cut after so many columns; styles take none, and those that are open at the cut are closed. */
function clip(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  let left = columns;
  const parts = line.split(/(\u001B\[[\d;]*m)/).map((part) => {
    if (part.startsWith('\u001B')) return part;
    const kept = part.slice(0, left);
    left -= kept.length;
    return kept;
  });
  return parts.join('');
}
