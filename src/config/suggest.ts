/** The nearest right name for a mistyped one, or null when none is near enough to be what was meant. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const bound = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of candidates) {
    if (name === word) continue;
    // `create-snapshots` and `CreateSnapshots` are `createSnapshots` in another spelling, however many edits that takes.
    const distance = plain(name) === plain(word) ? 0 : editDistance(word.toLowerCase(), name.toLowerCase());
    // Beyond this as many letters are wrong as right, as for `foo` and `for-all`.
    if (distance > bound || distance >= name.length) continue;
    if (best === null || distance < best.distance) best = { name, distance };
  }
  return best?.name ?? null;
}

function plain(name: string): string {
  return name.replace(/[-_\s]/g, '').toLowerCase();
}

/** Damerau-Levenshtein (optimal string alignment): insertions, deletions, replacements, neighbours swapped. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_DIFFERENT) return MOST_DIFFERENT + 1;
  let older: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = nextRow({ a, b, row, last, older });
    older = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** Lengths that differ by more are never taken for one another, so the distance need not be exact. */
const MOST_DIFFERENT = 16;

interface Rows {
  readonly a: string;
  readonly b: string;
  readonly row: number;
  readonly last: readonly number[];
  readonly older: readonly number[];
}

function nextRow({ a, b, row, last, older }: Rows): readonly number[] {
  const current = [row];
  for (let column = 1; column <= b.length; column += 1) {
    const same = a[row - 1] === b[column - 1];
    const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
    current.push(
      Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(older, column - 2) + 1 : Infinity,
      ),
    );
  }
  return current;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
