/**
 * For a finding that only says that something is wrong, or that several units cause each by itself. The units stand in a row,
 * the suspected ones last. The shortest beginning of the row that shows the finding ends with a guilty unit, whether that
 * one is guilty alone or together with earlier ones; the next is looked for behind it.
 */
import { type Search, blame, suspectRow, suspicionOf, tryWithout } from './search.js';

export interface Row<Finding> {
  readonly key: string;
  readonly finding: Finding;
  readonly places: readonly number[];
  /** With so many from the beginning, and no others, it does not show, as far as is known; it does with `dirty`. */
  clean: number;
  dirty: number;
  /** Where the row is cut first: before the suspected ones. */
  firstCut: number | null;
}

export function layOut<Unit, Finding>(key: string, finding: Finding, search: Search<Unit, Finding>): Row<Finding> {
  const places = suspectRow(finding, search);
  const suspicion = suspicionOf(finding, search);
  const suspected = places.findIndex((place) => suspicion(place) > 0);
  return { key, finding, places, clean: -1, dirty: places.length, firstCut: suspected > 0 ? suspected : null };
}

/** One verification further; true when the finding is explained, or the row is at its end. */
export async function stepInRow<Unit, Finding>(row: Row<Finding>, search: Search<Unit, Finding>): Promise<boolean> {
  if (row.dirty - row.clean > 1) {
    const cut = row.firstCut ?? Math.floor((row.clean + row.dirty) / 2);
    row.firstCut = null;
    await tryWithout(row.places.slice(cut), search);
    if (search.now.has(row.key)) row.dirty = cut;
    else row.clean = cut;
    return false;
  }
  if (row.dirty === 0) search.unexplained.add(row.key);
  else blame(row.places[row.dirty - 1] ?? 0, row.finding, search);
  row.clean = row.dirty;
  row.dirty = row.places.length;
  await tryWithout([], search);
  return !search.now.has(row.key) || search.unexplained.has(row.key) || row.clean === row.dirty;
}

/** What to take back when there is no more time: at best the next guilty one alone is left, else all from there on go. */
export function waysOut<Finding>({ places, clean, dirty }: Row<Finding>): readonly (readonly number[])[] {
  const begin = Math.max(clean, 0);
  return [places.slice(begin, dirty), places.slice(begin)];
}
