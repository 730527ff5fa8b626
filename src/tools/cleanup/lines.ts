/** Lines of a text. They end with `\n`; a `\r` before it belongs to the end. */

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset after the line's end, its `\n` included. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** Nothing but blanks between the start of the line and `offset`? */
export function startsLine(text: string, offset: number): boolean {
  return isBlank(text.slice(lineStart(text, offset), offset));
}

/** Nothing but blanks between `offset` and the end of its line? */
export function endsLine(text: string, offset: number): boolean {
  return isBlank(text.slice(offset, lineEnd(text, offset)));
}

/** Line and column, both from 1, of an offset. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const start = lineStart(text, offset);
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) line++;
  return { line, column: offset - start + 1 };
}

/** The first offset from `offset` on that holds neither space nor tab. */
export function skipBlanks(text: string, offset: number): number {
  let at = offset;
  while (/[ \t]/.test(text[at] ?? '')) at++;
  return at;
}

/** Where the spaces and tabs before `offset` start. */
export function blanksBefore(text: string, offset: number): number {
  let at = offset;
  while (/[ \t]/.test(text[at - 1] ?? '')) at--;
  return at;
}
