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
        return Promise.resolve(findings());
      },
      pointsAt: (finding: Finding, unit: number) => finding.at === unit,
    },
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

  it('says which findings no edit explains', async () => {
    const scene = world([1, 2, 3], [{ members: [], at: 9999 }]);
    const verdict = await narrow([1, 2, 3], scene.findings(), scene.world, 12);
    expect(scene.standing.size).toBe(3);
    expect(verdict.guilty).toEqual([]);
    expect(verdict.unexplained).toEqual([{ at: 9999 }]);
  });

  it('always ends without findings that an edit causes, within the budget and one', async () => {
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
        expect(verdict.verifications).toBeLessThanOrEqual(budget + 2);
        expect([...scene.standing, ...verdict.guilty.map(({ unit }) => unit)].sort((a, b) => a - b)).toEqual(units);
      }),
    );
  });
});
