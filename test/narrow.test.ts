import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrow } from '../src/executor/narrow.js';

interface Finding {
  readonly at: number;
}

/** A world in which each guilty group causes one finding while all of its units stand; `at` is what the finding points at. */
function world(
  units: readonly number[],
  groups: readonly { readonly members: readonly number[]; readonly at: number }[],
) {
  const standing = new Set(units);
  let verifications = 0;
  const findings = (): Finding[] =>
    groups.filter(({ members }) => members.every((unit) => standing.has(unit))).map(({ at }) => ({ at }));
  return {
    standing,
    findings,
    count: () => verifications,
    world: {
      takeBack: (gone: readonly number[]) => {
        for (const unit of gone) expect(standing.delete(unit)).toBe(true);
        return Promise.resolve();
      },
      putBack: (back: readonly number[]) => {
        for (const unit of back) standing.add(unit);
        return Promise.resolve();
      },
      verify: () => {
        verifications += 1;
        return Promise.resolve({ findings: findings(), whole: true });
      },
      suspicion: (finding: Finding, unit: number) => (finding.at === unit ? 1 : 0),
    },
  };
}

function moving(standing: Set<number>) {
  const each = (units: readonly number[], move: (unit: number) => unknown): Promise<void> => {
    for (const unit of units) move(unit);
    return Promise.resolve();
  };
  return {
    takeBack: (gone: readonly number[]) => each(gone, (unit) => standing.delete(unit)),
    putBack: (back: readonly number[]) => each(back, (unit) => standing.add(unit)),
  };
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

describe('narrow', () => {
  it('takes back only the edit that the finding points at', async () => {
    const units = range(200);
    const scene = world(units, [{ members: [137], at: 137 }]);
    const verdict = await narrow(units, scene.findings(), scene.world, 12);
    expect(verdict.guilty.map(({ unit }) => unit)).toEqual([137]);
    expect(scene.standing.size).toBe(199);
    expect(verdict.verifications).toBe(1);
  });

  it('finds one guilty edit among 200 by bisection when the finding is in another file', async () => {
    const units = range(200);
    const scene = world(units, [{ members: [61], at: 9999 }]);
    const verdict = await narrow(units, scene.findings(), scene.world, 12);
    expect(verdict.guilty.map(({ unit }) => unit)).toEqual([61]);
    expect(scene.standing.size).toBe(199);
  });

  it('breaks up two edits that break only together', async () => {
    const units = range(200);
    const scene = world(units, [{ members: [40, 120], at: 9999 }]);
    const verdict = await narrow(units, scene.findings(), scene.world, 12);
    expect(verdict.guilty).toHaveLength(1);
    expect([40, 120]).toContain(verdict.guilty[0]?.unit);
    expect(scene.findings()).toEqual([]);
  });

  it('tells three causes among 200 edits apart at once: one alone, one elsewhere, two that break only together', async () => {
    const units = range(204);
    const groups = [
      { members: [77], at: 77 },
      { members: [13], at: 9001 },
      { members: [140, 141], at: 9002 },
    ];
    const scene = world(units, groups);
    const verdict = await narrow(units, scene.findings(), scene.world, 12);
    expect(verdict.guilty.map(({ unit }) => unit)).toEqual([13, 77, expect.any(Number)]);
    expect(scene.findings()).toEqual([]);
    expect(verdict.verifications).toBeLessThanOrEqual(12);
  });

  it('finds two edits that cause the same finding each by itself', async () => {
    const units = range(8);
    const scene = world(units, [
      { members: [2], at: 9999 },
      { members: [6], at: 9999 },
    ]);
    const verdict = await narrow(units, scene.findings(), scene.world, 12);
    expect(verdict.guilty.map(({ unit }) => unit)).toEqual([2, 6]);
  });

  describe('a finding that says no more than that something is wrong, among 200 edits', () => {
    const vague = (culprits: readonly number[], suspected: readonly number[] = []) => {
      const units = range(200);
      const standing = new Set(units);
      const fails = (): boolean => culprits.some((unit) => standing.has(unit));
      const look = () => Promise.resolve({ findings: fails() ? [{ at: -1 }] : [], whole: true });
      const search = () =>
        narrow(
          units,
          [{ at: -1 }],
          {
            ...moving(standing),
            verify: look,
            suspicion: (_, unit) => (suspected.includes(unit) ? 1 : 0),
            isVague: () => true,
          },
          12,
        );
      return { search, fails, standing };
    };

    it.each([0, 1, 99, 100, 137, 199])('one culprit is found: %i', async (culprit) => {
      const { search, standing } = vague([culprit]);
      const { guilty, verifications } = await search();
      expect(guilty.map(({ unit }) => unit)).toEqual([culprit]);
      expect(standing.size).toBe(199);
      expect(verifications).toBeLessThanOrEqual(9);
    });

    it('of two, one is found and at most an eighth of the rest goes with the other', async () => {
      const pairs = fc.uniqueArray(fc.integer({ min: 0, max: 199 }), { minLength: 2, maxLength: 2 });
      await fc.assert(
        fc.asyncProperty(pairs, async (culprits) => {
          const { search, fails, standing } = vague(culprits);
          const { verifications } = await search();
          expect(fails()).toBe(false);
          expect(standing.size).toBeGreaterThanOrEqual(200 - 27);
          expect(verifications).toBeLessThanOrEqual(15);
        }),
      );
    });

    it('of several, the edits that are known to be good stay', async () => {
      const several = fc.uniqueArray(fc.integer({ min: 100, max: 199 }), { minLength: 3, maxLength: 9 });
      await fc.assert(
        fc.asyncProperty(several, async (culprits) => {
          const { search, fails, standing } = vague(culprits);
          const { verifications } = await search();
          expect(fails()).toBe(false);
          const [first = 0] = [...culprits].sort((a, b) => a - b);
          for (let unit = 0; unit < first; unit++) expect(standing.has(unit)).toBe(true);
          expect(verifications).toBeLessThanOrEqual(15);
        }),
      );
    });

    it('three among ten suspected ones are found', async () => {
      const { search, standing } = vague([20, 90, 180], [3, 20, 44, 70, 90, 91, 120, 150, 180, 199]);
      expect((await search()).guilty.map(({ unit }) => unit)).toEqual([20, 90, 180]);
      expect(standing.size).toBe(197);
    });
  });

  it('looks at everything in the end, and goes on where that shows more', async () => {
    const units = range(50);
    // Without unit 10, which mends what unit 40 breaks, another finding shows, and only where all is looked at.
    const standing = new Set(units);
    const found = (wholly: boolean): Finding[] => [
      ...(standing.has(10) ? [{ at: 10 }] : []),
      ...(wholly && !standing.has(10) && standing.has(40) ? [{ at: 9999 }] : []),
    ];
    const verdict = await narrow(
      units,
      found(false),
      {
        ...moving(standing),
        verify: (wholly) => Promise.resolve({ findings: found(wholly), whole: wholly }),
        suspicion: (finding: Finding, unit) => (finding.at === unit ? 1 : 0),
      },
      12,
    );
    expect(found(true)).toEqual([]);
    expect(verdict.guilty.map(({ unit }) => unit)).toContain(10);
  });

  it('ends, and soon, whatever it is told', async () => {
    const answers = fc.record({
      size: fc.integer({ min: 0, max: 30 }),
      told: fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }), { minLength: 1, maxLength: 20 }),
      vague: fc.boolean(),
      whole: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(answers, async ({ size, told, vague, whole }) => {
        let asked = 0;
        const findings = (): Finding[] => (told[asked % told.length] ?? []).map((at) => ({ at }));
        const verdict = await narrow(
          range(size),
          findings(),
          {
            ...moving(new Set(range(size))),
            verify: (wholly) => {
              asked += 1;
              return Promise.resolve({ findings: findings(), whole: wholly || whole[asked % whole.length] === true });
            },
            suspicion: (finding: Finding, unit) => (unit % 4 === finding.at ? 1 + (unit % 3) : 0),
            isVague: () => vague,
            stackOf: (unit) => String(unit % 7),
          },
          12,
        );
        expect(verdict.verifications).toBe(asked);
        expect(asked).toBeLessThanOrEqual(17);
      }),
    );
  });

  it('says which findings no edit explains', async () => {
    const scene = world([1, 2, 3], [{ members: [], at: 9999 }]);
    const verdict = await narrow([1, 2, 3], scene.findings(), scene.world, 12);
    expect(scene.standing.size).toBe(3);
    expect(verdict.guilty).toEqual([]);
    expect(verdict.unexplained).toEqual([{ at: 9999 }]);
  });

  it('always ends without findings that an edit causes, within the budget and three', async () => {
    const scenes = fc.integer({ min: 1, max: 40 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        groups: fc.array(
          fc.record({
            members: fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { minLength: 1, maxLength: 3 }),
            at: fc.integer({ min: 0, max: size + 5 }),
          }),
          { maxLength: 4 },
        ),
        budget: fc.integer({ min: 0, max: 12 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(scenes, async ({ size, groups, budget }) => {
        const units = range(size);
        const scene = world(units, groups);
        const verdict = await narrow(units, scene.findings(), scene.world, budget);
        expect(scene.findings()).toEqual([]);
        expect(verdict.unexplained).toEqual([]);
        expect(scene.count()).toBe(verdict.verifications);
        expect(verdict.verifications).toBeLessThanOrEqual(budget + 3);
        expect([...scene.standing, ...verdict.guilty.map(({ unit }) => unit)].sort((a, b) => a - b)).toEqual(units);
      }),
    );
  });
});
