/**
 * Finds which edits cause new findings, with few verifications. Pure but for the two functions it is given, so that it can
 * be held to its promises by properties.
 *
 * Units are what can be taken back one by one (one step's edit of one file), in the order in which they landed. First the
 * units that the findings themselves point at, youngest first; then, where a finding points at none, bisection over the
 * rest; beyond the budget everything that is left goes.
 */
export interface NarrowWorld<Unit, Finding> {
  /** Takes these units back (or, with `undo`, puts them in again). */
  readonly takeBack: (units: readonly Unit[]) => Promise<void>;
  readonly putBack: (units: readonly Unit[]) => Promise<void>;
  /** New findings that there are now. */
  readonly verify: () => Promise<readonly Finding[]>;
  /** Does this finding point at the unit (same file)? */
  readonly pointsAt: (finding: Finding, unit: Unit) => boolean;
}

export interface Narrowed<Unit, Finding> {
  /** What was taken back, with the findings that it is blamed for. */
  readonly guilty: readonly { readonly unit: Unit; readonly findings: readonly Finding[] }[];
  readonly verifications: number;
  /** New findings that remain although every unit was taken back: they are nobody's edit. */
  readonly unexplained: readonly Finding[];
}

export async function narrow<Unit, Finding>(
  all: readonly Unit[],
  fresh: readonly Finding[],
  world: NarrowWorld<Unit, Finding>,
  budget: number,
): Promise<Narrowed<Unit, Finding>> {
  const guilty: { unit: Unit; findings: readonly Finding[] }[] = [];
  let standing = [...all];
  let findings = fresh;
  let verifications = 0;
  const verify = async (): Promise<readonly Finding[]> => {
    verifications += 1;
    return world.verify();
  };
  const convict = async (units: readonly Unit[]): Promise<void> => {
    const gone = new Set(units);
    standing = standing.filter((unit) => !gone.has(unit));
    for (const unit of units) guilty.push({ unit, findings: blame(unit, findings, world) });
    await world.takeBack(units);
    findings = await verify();
  };
  while (findings.length > 0 && standing.length > 0) {
    const suspects = verifications < budget ? nextSuspects(standing, findings, world) : [];
    if (suspects.length > 0) await convict(suspects);
    else if (verifications >= budget) await convict(standing);
    else {
      const found = await bisect(standing, { world, verify, mayVerify: () => verifications < budget });
      await convict(found);
    }
  }
  return { guilty, verifications, unexplained: findings };
}

function blame<Unit, Finding>(
  unit: Unit,
  findings: readonly Finding[],
  world: NarrowWorld<Unit, Finding>,
): readonly Finding[] {
  const own = findings.filter((finding) => world.pointsAt(finding, unit));
  return own.length > 0 ? own : findings;
}

/** The youngest unit of each file that a finding points at. */
function nextSuspects<Unit, Finding>(
  standing: readonly Unit[],
  findings: readonly Finding[],
  world: NarrowWorld<Unit, Finding>,
): Unit[] {
  const suspects = new Set<Unit>();
  for (const finding of findings) {
    const unit = standing.findLast((one) => world.pointsAt(finding, one));
    if (unit !== undefined) suspects.add(unit);
  }
  return [...suspects];
}

interface Bisection<Unit, Finding> {
  readonly world: NarrowWorld<Unit, Finding>;
  readonly verify: () => Promise<readonly Finding[]>;
  readonly mayVerify: () => boolean;
}

/**
 * The shortest run of youngest units whose removal cures, cut down from its old end to the one unit that makes the
 * difference: removing units from the young end keeps every intermediate state one that the run has passed through.
 */
async function bisect<Unit, Finding>(
  units: readonly Unit[],
  { world, verify, mayVerify }: Bisection<Unit, Finding>,
): Promise<Unit[]> {
  let low = 0; // with units[0, low) standing there are no findings (as far as is known)
  let high = units.length; // with units[0, high) standing there are
  while (high - low > 1 && mayVerify()) {
    const middle = Math.floor((low + high) / 2);
    const removed = units.slice(middle);
    await world.takeBack(removed);
    const bad = (await verify()).length > 0;
    await world.putBack(removed);
    if (bad) high = middle;
    else low = middle;
  }
  return units.slice(low, high);
}
