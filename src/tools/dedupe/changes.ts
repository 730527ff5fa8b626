/** Changes of one text, all given by the offsets of the unchanged text. */

export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies all of them; they must not overlap. */
export function applyChanges(text: string, changes: readonly Change[]): string {
  const ordered = [...changes].sort((a, b) => b.start - a.start || b.end - a.end);
  for (const [at, change] of ordered.entries()) {
    const next = ordered[at + 1];
    if (next !== undefined && next.end > change.start) throw new Error('Two changes of one text overlap');
  }
  return ordered.reduce(
    (result, { start, end, text: part }) => result.slice(0, start) + part + result.slice(end),
    text,
  );
}

/** What is put in where something goes comes before it. */
export function outOf(removals: readonly Change[], change: Change): Change {
  const around = removals.find(({ start, end }) => start <= change.start && change.start <= end);
  return around === undefined ? change : { ...change, start: around.start, end: around.start };
}

/** Takes the rest of its last line along, when nothing else stands there. */
export function wholeLines(text: string, { start, end }: { readonly start: number; readonly end: number }): Change {
  const rest = /^[^\S\r\n]*(?:\r?\n)?/.exec(text.slice(end))?.[0].length ?? 0;
  return { start, end: end + rest, text: '' };
}
