/**
 * Finds which edits cause new findings, with few verifications. Pure but for what its world does, so that it can be held to
 * its promises by properties.
 *
 * Units are what can be taken back one by one (one step's edit of one file), in the order in which they landed. Every finding
 * has a focus: units among which there is one that it needs. Each verification takes back one half of every focus at once.
 * A finding that goes away had one there; one that stays needs nothing of what is gone. When every focus is a single unit and
 * its finding is away, those units are guilty, and all others stand. Beyond the budget everything goes.
 */
export interface NarrowWorld<Unit, Finding> {
  /** Takes these units back, youngest first. */
  readonly takeBack: (units: readonly Unit[]) => Promise<void>;
  /** Puts them in again, oldest first. */
  readonly putBack: (units: readonly Unit[]) => Promise<void>;
  /** New findings that there are now; null when the search is to end at once. */
  readonly verify: () => Promise<readonly Finding[] | null>;
  /** Is this finding likely to be the unit's doing? Where units are named, they are asked first. */
  readonly pointsAt: (finding: Finding, unit: Unit) => boolean;
  /** The same for the same finding in another verification; its whole content unless told. */
  readonly keyOf?: (finding: Finding) => string;
  /** Says less than others do ("exit code 1"): looked into only when nothing else is left. */
  readonly isVague?: (finding: Finding) => boolean;
  /** Units of one stack go youngest first: the older one cannot be taken back alone. None unless told. */
  readonly stackOf?: (unit: Unit) => string;
}

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
  /** Places of units among which there is one that it needs. */
  focus: readonly number[];
  /** Places of units that it does not need. */
  readonly innocent: Set<number>;
  /** What was taken back when it went away: in each of them there is one that it needs. */
  readonly cures: (readonly number[])[];
  asksHints: boolean;
}

interface Search<Unit, Finding> {
  readonly units: readonly Unit[];
  readonly world: NarrowWorld<Unit, Finding>;
  readonly cases: Map<string, Case<Finding>>;
  /** Found guilty, by place, and of what. */
  readonly blamed: Map<number, Finding[]>;
  readonly unexplained: Set<string>;
  /** Places of units that are taken back at present, and what is found in that state. */
  gone: ReadonlySet<number>;
  now: ReadonlyMap<string, Finding>;
  verifications: number;
}

/** The world asked for the search to end. */
class Stopped extends Error {}

export async function narrow<Unit, Finding>(
  units: readonly Unit[],
  fresh: readonly Finding[],
  world: NarrowWorld<Unit, Finding>,
  budget: number,
): Promise<Narrowed<Unit, Finding>> {
  const now = keyed(fresh, world);
  const search: Search<Unit, Finding> = {
    ...{ units, world, now, cases: new Map(), blamed: new Map(), unexplained: new Set() },
    ...{ gone: new Set(), verifications: 0 },
  };
  try {
    openCases(search);
    while (search.cases.size > 0 && search.verifications < budget) await round(search, budget);
    if (search.cases.size > 0) await giveUp(search);
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
 * What is found and not looked into yet. The second of two equal findings comes before the first, which would stay as long
 * as either of their culprits stands; vague ones come last, for the same reason.
 */
function openCases<Unit, Finding>(search: Search<Unit, Finding>): void {
  const { units, world, cases, now, gone, unexplained } = search;
  const waiting = [...now].filter(([key]) => !cases.has(key) && !unexplained.has(key));
  const clear = waiting.filter(([, finding]) => world.isVague?.(finding) !== true);
  const chosen = clear.length > 0 || cases.size > 0 ? clear : waiting;
  const focus = [...units.keys()].filter((place) => !gone.has(place));
  for (const [key, finding] of chosen) {
    const [count = '', ...rest] = key.split(' ');
    if (now.has(`${String(Number(count) + 1)} ${rest.join(' ')}`)) continue;
    cases.set(key, { finding, focus, innocent: new Set(gone), cures: [], asksHints: true });
  }
}

async function round<Unit, Finding>(search: Search<Unit, Finding>, budget: number): Promise<void> {
  const asked = new Map([...search.cases].map(([key, one]) => [key, suspectsOf(one, search)]));
  await tryWithout([...search.blamed.keys(), ...[...asked.values()].flat()], search);
  for (const [key, one] of search.cases) learn(key, one, { search, asked: asked.get(key) ?? [] });
  for (const [key, one] of search.cases)
    if (one.focus.length === 0 && search.verifications < budget) await lookAlone(key, one, { search, budget });
  const decided = [...search.cases].every(([key, { focus }]) => !search.now.has(key) && focus.length === 1);
  if (!decided) return;
  for (const { focus, finding } of search.cases.values()) for (const place of focus) blame(place, finding, search);
  search.cases.clear();
  // Everything was taken back to see whether that cures it, and it does not.
  if (search.gone.size > withYounger([...search.blamed.keys()], search).size)
    await tryWithout([...search.blamed.keys()], search);
  openCases(search);
}

function suspectsOf<Unit, Finding>(
  { focus, finding, asksHints }: Case<Finding>,
  { world, units }: Search<Unit, Finding>,
): readonly number[] {
  const hints = asksHints ? focus.filter((place) => world.pointsAt(finding, units[place] as Unit)) : [];
  return hints.length > 0 ? hints : focus.slice(Math.floor(focus.length / 2));
}

interface Lesson<Unit, Finding> {
  readonly search: Search<Unit, Finding>;
  readonly asked: readonly number[];
}

function learn<Unit, Finding>(key: string, one: Case<Finding>, { search, asked }: Lesson<Unit, Finding>): void {
  one.asksHints = false;
  if (!search.now.has(key)) {
    one.cures.push([...search.gone]);
    one.focus = asked;
    return;
  }
  for (const place of search.gone) one.innocent.add(place);
  const focus = one.focus.filter((place) => !one.innocent.has(place));
  // Empty: it went away because of another finding's half. The smallest set that is sure to hold what it needs comes next.
  one.focus = focus.length > 0 ? focus : smallestLeft(one, search);
}

/** Empty where it contradicts itself: no single unit cures it. */
function smallestLeft<Unit, Finding>(
  { cures, innocent }: Case<Finding>,
  { units }: Search<Unit, Finding>,
): readonly number[] {
  const left = [[...units.keys()], ...cures].map((places) => places.filter((place) => !innocent.has(place)));
  return left.reduce((smallest, places) => (places.length < smallest.length ? places : smallest));
}

/** No single unit cures it: either none at all does, or several cause it each by itself; then the first that does is found. */
async function lookAlone<Unit, Finding>(
  key: string,
  one: Case<Finding>,
  { search, budget }: { readonly search: Search<Unit, Finding>; readonly budget: number },
): Promise<void> {
  const standing = [...search.units.keys()].filter((place) => !search.blamed.has(place));
  await tryWithout([...search.units.keys()], search);
  if (search.now.has(key)) {
    search.unexplained.add(key);
    search.cases.delete(key);
    return;
  }
  let clean = 0;
  let dirty = standing.length;
  while (dirty - clean > 1 && search.verifications < budget) {
    const middle = Math.floor((clean + dirty) / 2);
    await tryWithout([...search.blamed.keys(), ...standing.slice(middle)], search);
    if (search.now.has(key)) dirty = middle;
    else clean = middle;
  }
  if (dirty - clean > 1) return;
  blame(standing[clean] ?? 0, one.finding, search);
  one.innocent.clear();
  one.cures.length = 0;
  one.focus = standing.filter((place) => place !== standing[clean]);
}

/**
 * Beyond the budget goes the smallest set that is known to cure each finding; where that does not do, everything. What stays
 * even so was not caused by any of it, which then may stand.
 */
async function giveUp<Unit, Finding>(search: Search<Unit, Finding>): Promise<void> {
  const { cases, units, blamed } = search;
  const proven = [...blamed.keys()];
  const cures = [...cases.values()].flatMap((one) => smallestLeft(one, search));
  for (const places of [[...proven, ...cures], [...units.keys()]]) {
    await tryWithout(places, search);
    if (search.now.size === 0) break;
  }
  if ([...cases.keys()].every((key) => search.now.has(key))) return moveTo(withYounger(proven, search), search);
  const findings = [...cases.values()].map((one) => one.finding);
  for (const place of search.gone) if (!proven.includes(place)) blamed.set(place, findings);
}

function blame<Unit, Finding>(place: number, finding: Finding, { blamed }: Search<Unit, Finding>): void {
  blamed.set(place, [...(blamed.get(place) ?? []), finding]);
}

async function tryWithout<Unit, Finding>(places: readonly number[], search: Search<Unit, Finding>): Promise<void> {
  await moveTo(withYounger(places, search), search);
  search.verifications += 1;
  const found = await search.world.verify();
  if (found === null) throw new Stopped();
  search.now = keyed(found, search.world);
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
function withYounger<Unit, Finding>(
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
