/** From the columns that a tool counts to those that we count: UTF-16 code units. */
import { Buffer } from 'node:buffer';
import type { Diagnostic, Position } from '../../model/diagnostic.js';

export type ColumnUnit = 'utf-16' | 'characters' | 'bytes';

/** `textOf` gives the text of a workspace path where it is at hand; without it the column stays as it is. */
export function inUtf16(
  diagnostics: readonly Diagnostic[],
  unit: ColumnUnit,
  textOf: (path: string) => string | undefined,
): readonly Diagnostic[] {
  if (unit === 'utf-16') return diagnostics;
  const lines = new Map<string, readonly string[]>();
  const lineOf = (path: string, line: number): string => {
    const known = lines.get(path) ?? (textOf(path) ?? '').split(/\r?\n/);
    lines.set(path, known);
    return known[line - 1] ?? '';
  };
  return diagnostics.map((diagnostic) => {
    const { path, start, end } = diagnostic;
    if (path === null || start === undefined) return diagnostic;
    const convert = (at: Position): Position => ({
      line: at.line,
      column: column16(lineOf(path, at.line), at.column, unit),
    });
    return { ...diagnostic, start: convert(start), ...(end === undefined ? {} : { end: convert(end) }) };
  });
}

/** Past the end of what is known of the line, one stays one. */
function column16(line: string, column: number, unit: 'characters' | 'bytes'): number {
  let counted = 0;
  let units = 0;
  for (const character of line) {
    if (counted >= column - 1) return units + 1;
    counted += unit === 'characters' ? 1 : Buffer.byteLength(character);
    units += character.length;
  }
  return units + Math.max(0, column - 1 - counted) + 1;
}
