/**
 * Finds which edits cause new findings, with few verifications. Pure but for what its world does, so that it can be held to
 * its promises by properties.
 *
 * Units are what can be taken back one by one (one step's edit of one file), in the order in which they landed. A finding
 * is looked into by itself (row.ts), or several at once: each has a focus, units among which there is one that it needs, and
 * each verification takes back one half of every focus. A finding that goes away had one there; one that stays needs nothing
 * of what is gone. When every focus is a single unit and its finding is away, those units are guilty, and all others stand.
 * Findings for which that does not come out are looked into by themselves, and last those that say least. Beyond the budget
 * goes what is known to do, or everything.
 */
import { type Row, layOut, stepInRow, waysOut } from './narrow/row.js';
import {
  type NarrowWorld,
  type Search,
  Stopped,
  beginSearch,
  blame,
  openFindings,
  suspectRow,
  suspicionOf,
  tryWithout,
  withYounger,
} from './narrow/search.js';

export interface Narrowed<Unit, Finding> {
  /** What was taken back, with the findings that it is blamed for. */
  readonly guilty: readonly { readonly unit: Unit; readonly findings: readonly Finding[] }[];
  readonly verifications: number;
  /** New findings that remain although every unit was taken back: they are nobody's edit. */
  readonly unexplained: readonly Finding[];
  /** The search was ended from outside; what is taken back is not proven to be guilty. */
  readonly stopped: boolean;
}

/** One finding under investigation. */
interface Case<Finding> {
  readonly finding: Finding;
  /** Places of units among which there is one that it needs; the most suspected ones last. */
  sure: readonly number[];
  /** Those of them that are looked at: what was taken back for its sake, when it went away. */
  focus: readonly number[];
  readonly suspicion: (place: number) => number;
  /** Units that are suspected at least that much are asked next; 0: halves. */
  tier: number;
}

interface Investigation<Unit, Finding> {
  readonly search: Search<Unit, Finding>;
  readonly cases: Map<string, Case<Finding>>;
  row: Row<Finding> | null;
  readonly budget: number;
}

export async function narrow<Unit, Finding>(
  units: readonly Unit[],
  fresh: readonly Finding[],
  world: NarrowWorld<Unit, Finding>,
  budget: number,
): Promise<Narrowed<Unit, Finding>> {
  const search = beginSearch(units, fresh, world);
  const investigation: Investigation<Unit, Finding> = { search, cases: new Map(), row: null, budget };
  try {
    while (await goOn(investigation));
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return verdict(search, true);
  }
  return verdict(search, false);
}

function verdict<Unit, Finding>(search: Search<Unit, Finding>, stopped: boolean): Narrowed<Unit, Finding> {
  const { gone, units, blamed, verifications, now } = search;
  const guilty = units.flatMap((unit, place) => (gone.has(place) ? { unit, findings: blamed.get(place) ?? [] } : []));
  return { guilty, verifications, unexplained: stopped ? [] : [...now.values()], stopped };
}

/** About one verification further; false at the end. */
async function goOn<Unit, Finding>(investigation: Investigation<Unit, Finding>): Promise<boolean> {
  const { search, cases, budget } = investigation;
  if (cases.size === 0 && investigation.row === null) open(investigation);
  if (cases.size === 0 && investigation.row === null) return confirm(search);
  if (search.verifications >= budget) {
    await giveUp(investigation);
    return false;
  }
  if (cases.size > 0) await round(investigation);
  else if (investigation.row !== null && (await stepInRow(investigation.row, search))) investigation.row = null;
  return true;
}

/** Several clear findings at once; any other one by one. */
function open<Unit, Finding>(investigation: Investigation<Unit, Finding>): void {
  const { search, cases } = investigation;
  const found = openFindings(search);
  const clear = found.filter(
    ([key, finding]) => search.world.isVague?.(finding) !== true && !search.ofSeveral.has(key),
  );
  const [first] = clear.length > 0 ? clear : found;
  if (clear.length <= 1) {
    investigation.row = first === undefined ? null : layOut(...first, search);
    return;
  }
  for (const [key, finding] of clear) {
    const focus = suspectRow(finding, search);
    const suspicion = suspicionOf(finding, search);
    cases.set(key, { finding, sure: focus, focus, suspicion, tier: Math.max(0, ...focus.map(suspicion)) });
  }
}

/** Nothing is left to explain in what was looked at: is there in what was not? */
async function confirm<Unit, Finding>(search: Search<Unit, Finding>): Promise<boolean> {
  if (search.isWhole) return false;
  await tryWithout([], search, true);
  return openFindings(search).length > 0;
}

async function round<Unit, Finding>(investigation: Investigation<Unit, Finding>): Promise<void> {
  const { search, cases } = investigation;
  const isGuessing = [...cases.values()].some(({ focus }) => focus.length > 1);
  const asked = isGuessing ? pick([...cases.values()], search) : new Map<Case<Finding>, readonly number[]>();
  await tryWithout(isGuessing ? [...asked.values()].flat() : focusOf(cases), search);
  for (const [key, one] of cases) {
    learn(one, { stays: search.now.has(key), gone: search.gone, asked: asked.get(one) ?? one.focus });
    // Several cause it, each by itself, or none does.
    if (one.focus.length === 0 && cases.delete(key)) search.ofSeveral.add(key);
  }
  if (isGuessing) return;
  const doubtful = [...cases.values()].filter(({ sure }) => sure.length > 1);
  for (const one of doubtful) one.focus = one.sure;
  if (doubtful.length > 0) return;
  for (const { focus, finding } of cases.values()) for (const place of focus) blame(place, finding, search);
  cases.clear();
  await tryWithout([], search);
}

interface Answer {
  readonly stays: boolean;
  readonly gone: ReadonlySet<number>;
  readonly asked: readonly number[];
}

/** It may have gone away because of what was asked for another finding; where the guess proves wrong, all that is sure is left. */
function learn<Finding>(one: Case<Finding>, { stays, gone, asked }: Answer): void {
  one.sure = one.sure.filter((place) => gone.has(place) !== stays);
  const focus = one.focus.filter((place) => (stays ? !gone.has(place) : asked.includes(place)));
  one.focus = focus.length > 0 ? focus : one.sure;
}

function focusOf<Finding>(cases: ReadonlyMap<string, Case<Finding>>): readonly number[] {
  return [...cases.values()].flatMap(({ focus }) => focus);
}

/** What to take back next: of as many findings as can be asked about at once without one spoiling the answer for another. */
function pick<Unit, Finding>(
  cases: readonly Case<Finding>[],
  search: Search<Unit, Finding>,
): ReadonlyMap<Case<Finding>, readonly number[]> {
  const asked = new Map<Case<Finding>, readonly number[]>();
  for (const one of [...cases].sort((a, b) => b.focus.length - a.focus.length)) {
    const { suspects, tier } = suspectsOf(one);
    const gone = withYounger([...[...asked.values()].flat(), ...suspects], search);
    if (![...asked.keys(), one].every(({ focus }) => tells(gone, focus))) continue;
    asked.set(one, suspects);
    one.tier = tier;
  }
  return asked;
}

/** Whatever comes out of it makes the focus smaller, or it is just what is to be tried. */
function tells(gone: ReadonlySet<number>, focus: readonly number[]): boolean {
  const asked = focus.filter((place) => gone.has(place)).length;
  return asked > 0 && (asked < focus.length || focus.length === 1);
}

/** The most suspected ones, as long as that makes a difference; else half of them. */
function suspectsOf<Finding>({ focus, suspicion, tier: most }: Case<Finding>): {
  readonly suspects: readonly number[];
  readonly tier: number;
} {
  for (let tier = most; tier > 0; tier -= 1) {
    const suspects = focus.filter((place) => suspicion(place) >= tier);
    if (suspects.length > 0 && suspects.length < focus.length) return { suspects, tier: tier - 1 };
  }
  return { suspects: focus.slice(Math.floor(focus.length / 2)), tier: 0 };
}

/** Beyond the budget goes the least that may do, then what is known to do, then everything. What stays even so is nobody's. */
async function giveUp<Unit, Finding>({ search, cases, row }: Investigation<Unit, Finding>): Promise<void> {
  const findings = [...[...cases.values()].map((one) => one.finding), ...(row === null ? [] : [row.finding])];
  const everything = [...search.units.keys()];
  const proven = new Set(search.blamed.keys());
  for (const places of [...(row === null ? [focusOf(cases)] : waysOut(row)), everything]) {
    await tryWithout(places, search, true);
    if (openFindings(search).length === 0) break;
  }
  const left = new Set([...search.now.values()].map((finding) => JSON.stringify(finding)));
  if (findings.every((finding) => left.has(JSON.stringify(finding)))) return tryWithout([], search, true);
  for (const place of search.gone) if (!proven.has(place)) search.blamed.set(place, findings);
}
