/** From offsets in UTF-8 bytes to lines and columns. */
import { Buffer } from 'node:buffer';
import type { Position } from '../model/diagnostic.js';

/** For one text; a byte order mark at its start is no column. Past the end, the end. */
export function bytePositions(text: string): (offset: number) => Position {
  const bytes = Buffer.from(text, 'utf8');
  const starts = [text.startsWith('\uFEFF') ? 3 : 0];
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) starts.push(at + 1);
  return (offset) => {
    const line = lineAt(starts, offset);
    const start = starts[line - 1] ?? 0;
    return { line, column: bytes.toString('utf8', start, Math.max(start, offset)).length + 1 };
  };
}

/** 1-based: the last line that starts at the offset or before it. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
