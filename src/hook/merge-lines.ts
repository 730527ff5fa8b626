/** Two changes of the same text brought together, as `git merge-file` does it; none where they touch each other. */

/** Lines `from` to `to` of the base, and what stands in their place. */
interface Change {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** null: both change the same lines, or lines that touch each other, in different ways. */
export async function mergeLines(base: string, ours: string, theirs: string): Promise<string | null> {
  const { diffArrays } = await import('diff');
  const lines = linesOf(base);
  const changesIn = (text: string): Change[] => {
    const changes: Change[] = [];
    let at = 0;
    for (const { added, removed, value } of diffArrays(lines, linesOf(text))) {
      const last = changes.at(-1);
      const next: Change = removed
        ? { from: at, to: at + value.length, lines: [] }
        : { from: at, to: at, lines: value };
      if (removed) at += value.length;
      if (!added && !removed) at += value.length;
      else if (last?.to === next.from) changes[changes.length - 1] = joined(last, next);
      else changes.push(next);
    }
    return changes;
  };
  return assemble(lines, changesIn(ours), changesIn(theirs));
}

function joined(a: Change, b: Change): Change {
  return { from: a.from, to: b.to, lines: [...a.lines, ...b.lines] };
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function assemble(base: readonly string[], ours: readonly Change[], theirs: readonly Change[]): string | null {
  const result: string[] = [];
  let at = 0;
  for (const { mine, others } of regions(ours, theirs)) {
    const from = Math.min(...[...mine, ...others].map((change) => change.from));
    const to = Math.max(...[...mine, ...others].map((change) => change.to));
    const one = applied(base, { from, to }, mine);
    const other = applied(base, { from, to }, others);
    if (mine.length > 0 && others.length > 0 && one.join('') !== other.join('')) return null;
    result.push(...base.slice(at, from), ...(mine.length > 0 ? one : other));
    at = to;
  }
  return [...result, ...base.slice(at)].join('');
}

interface Region {
  readonly mine: Change[];
  readonly others: Change[];
}

/** Changes that overlap or touch are one region. */
function regions(ours: readonly Change[], theirs: readonly Change[]): Region[] {
  const all = [
    ...ours.map((change) => ({ change, isMine: true })),
    ...theirs.map((change) => ({ change, isMine: false })),
  ].sort((a, b) => a.change.from - b.change.from || a.change.to - b.change.to);
  const found: Region[] = [];
  let end = -1;
  for (const { change, isMine } of all) {
    if (change.from > end) found.push({ mine: [], others: [] });
    const region = found.at(-1);
    (isMine ? region?.mine : region?.others)?.push(change);
    end = Math.max(end, change.to);
  }
  return found;
}

function applied(
  base: readonly string[],
  { from, to }: Pick<Change, 'from' | 'to'>,
  changes: readonly Change[],
): string[] {
  const lines: string[] = [];
  let at = from;
  for (const change of changes) {
    lines.push(...base.slice(at, change.from), ...change.lines);
    at = change.to;
  }
  return [...lines, ...base.slice(at, to)];
}
