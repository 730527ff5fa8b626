/** The state of a search for guilty edits, and the only way in which it moves: take back, put back, look. */
export interface NarrowWorld<Unit, Finding> {
  /** Takes these units back, youngest first. */
  readonly takeBack: (units: readonly Unit[]) => Promise<void>;
  /** Puts them in again, oldest first. */
  readonly putBack: (units: readonly Unit[]) => Promise<void>;
  /** New findings that there are now; null when the search is to end at once. `wholly`: look at everything. */
  readonly verify: (wholly: boolean) => Promise<Seen<Finding> | null>;
  /** How likely the finding is the unit's doing; 0 where nothing speaks for it. The most suspected are asked first. */
  readonly suspicion: (finding: Finding, unit: Unit) => number;
  /** The same for the same finding in another verification; its whole content unless told. */
  readonly keyOf?: (finding: Finding) => string;
  /** Says less than others do ("exit code 1"): looked into only when nothing else is left. */
  readonly isVague?: (finding: Finding) => boolean;
  /** Units of one stack go youngest first: the older one cannot be taken back alone. None unless told. */
  readonly stackOf?: (unit: Unit) => string;
}

export interface Seen<Finding> {
  readonly findings: readonly Finding[];
  /** Was everything looked at, or only what can show the findings that the search began with? */
  readonly whole: boolean;
}

export interface Search<Unit, Finding> {
  readonly units: readonly Unit[];
  readonly world: NarrowWorld<Unit, Finding>;
  /** Found guilty, by place, and of what. */
  readonly blamed: Map<number, Finding[]>;
  readonly unexplained: Set<string>;
  /** Findings that more than one unit causes by itself. */
  readonly ofSeveral: Set<string>;
  /** Places of units that are taken back at present, what is found in that state, and whether all was looked at. */
  gone: ReadonlySet<number>;
  now: ReadonlyMap<string, Finding>;
  isWhole: boolean;
  verifications: number;
}

/** The world asked for the search to end. */
export class Stopped extends Error {}

export function beginSearch<Unit, Finding>(
  units: readonly Unit[],
  fresh: readonly Finding[],
  world: NarrowWorld<Unit, Finding>,
): Search<Unit, Finding> {
  return {
    ...{ units, world, blamed: new Map(), unexplained: new Set(), ofSeveral: new Set() },
    ...{ gone: new Set(), now: keyed(fresh, world), isWhole: true, verifications: 0 },
  };
}

/** The second and third of the same finding count for themselves: they may be the doing of others. */
function keyed<Unit, Finding>(
  findings: readonly Finding[],
  { keyOf = (finding) => JSON.stringify(finding) }: NarrowWorld<Unit, Finding>,
): Map<string, Finding> {
  const map = new Map<string, Finding>();
  for (const finding of findings) {
    let count = 1;
    while (map.has(`${String(count)} ${keyOf(finding)}`)) count += 1;
    map.set(`${String(count)} ${keyOf(finding)}`, finding);
  }
  return map;
}

/**
 * What is found and neither given up nor explained. Of equal findings only the last: the first would stay as long as any of
 * their culprits stands.
 */
export function openFindings<Unit, Finding>({ now, unexplained }: Search<Unit, Finding>): [string, Finding][] {
  return [...now].filter(([key]) => {
    const [count = '', ...rest] = key.split(' ');
    return !unexplained.has(key) && !now.has(`${String(Number(count) + 1)} ${rest.join(' ')}`);
  });
}

export function blame<Unit, Finding>(place: number, finding: Finding, { blamed }: Search<Unit, Finding>): void {
  blamed.set(place, [...(blamed.get(place) ?? []), finding]);
}

/** The units in these places, and all that are blamed, are taken back, and no others; then it is looked, unless that is known. */
export async function tryWithout<Unit, Finding>(
  places: readonly number[],
  search: Search<Unit, Finding>,
  wholly = false,
): Promise<void> {
  const wanted = withYounger([...search.blamed.keys(), ...places], search);
  const isThere = wanted.size === search.gone.size && [...wanted].every((place) => search.gone.has(place));
  if (isThere && (search.isWhole || !wholly)) return;
  await moveTo(wanted, search);
  search.verifications += 1;
  const seen = await search.world.verify(wholly);
  if (seen === null) throw new Stopped();
  search.now = keyed(seen.findings, search.world);
  search.isWhole = seen.whole;
}

async function moveTo<Unit, Finding>(wanted: ReadonlySet<number>, search: Search<Unit, Finding>): Promise<void> {
  const { gone, units, world } = search;
  const back = units.filter((_, place) => gone.has(place) && !wanted.has(place));
  const away = units.filter((_, place) => wanted.has(place) && !gone.has(place));
  search.gone = wanted;
  if (back.length > 0) await world.putBack(back);
  if (away.length > 0) await world.takeBack(away.reverse());
}

/** With everything that lies on them in their stacks. */
export function withYounger<Unit, Finding>(
  places: readonly number[],
  { units, world: { stackOf } }: Search<Unit, Finding>,
): Set<number> {
  const wanted = new Set(places);
  if (stackOf === undefined) return wanted;
  const cut = new Set<string>();
  for (const [place, unit] of units.entries()) {
    if (wanted.has(place)) cut.add(stackOf(unit));
    else if (cut.has(stackOf(unit))) wanted.add(place);
  }
  return wanted;
}

/** Those that stand when nothing but the blamed is taken back: whole stacks in a row, the most suspected last. */
export function suspectRow<Unit, Finding>(finding: Finding, search: Search<Unit, Finding>): number[] {
  const gone = withYounger([...search.blamed.keys()], search);
  const suspicion = suspicionOf(finding, search);
  const first = new Map<string, number>();
  const rank = (place: number): number => {
    const stack = stackAt(place, search);
    if (!first.has(stack)) first.set(stack, place);
    return first.get(stack) ?? place;
  };
  const places = [...search.units.keys()].filter((place) => !gone.has(place));
  const ranks = new Map(places.map((place) => [place, rank(place)]));
  return places.sort((a, b) => suspicion(a) - suspicion(b) || (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0) || a - b);
}

/** Of a whole stack at once: none of it can be asked about without what lies on it. */
export function suspicionOf<Unit, Finding>(finding: Finding, search: Search<Unit, Finding>): (place: number) => number {
  const most = new Map<string, number>();
  for (const [place, unit] of search.units.entries()) {
    const stack = stackAt(place, search);
    most.set(stack, Math.max(most.get(stack) ?? 0, search.world.suspicion(finding, unit)));
  }
  return (place) => most.get(stackAt(place, search)) ?? 0;
}

function stackAt<Unit, Finding>(place: number, { units, world }: Search<Unit, Finding>): string {
  return world.stackOf?.(units[place] as Unit) ?? String(place);
}
