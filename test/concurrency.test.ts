/** How many jobs run at once: on simulated machines, under random conditions, and in real runs. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { guided } from '../src/executor/batches.js';
import { createPool } from '../src/jobs/pool.js';
import { type Observation, type Pace, adjust, jobsThatFit, startPace } from '../src/model/concurrency.js';
import type { Job, JobFile } from '../src/model/job.js';
import type { Load } from '../src/model/load.js';
import type { ToolUse } from '../src/model/tool-use.js';
import { loadTools } from '../src/tools/registry.js';
import { type Machine, capacity, runOn } from './concurrency/machine.js';

const GIB = 1024 ** 3;
const JOBS = { count: 240, seconds: 1.5 };
const between = (from: number, to: number, value: number) => (second: number) =>
  second >= from && second < to ? value : 0;

const MACHINES: Readonly<Record<string, Machine>> = {
  'one core': { cores: 1, memoryGiB: 8, jobs: { count: 40, seconds: 1 } },
  'two cores': { cores: 2, memoryGiB: 8, jobs: JOBS },
  'eight cores': { cores: 8, memoryGiB: 32, jobs: JOBS },
  '64 cores': { cores: 64, memoryGiB: 256, jobs: { count: 2000, seconds: 1.5 } },
  'a neighbour who is there from the start': { cores: 8, memoryGiB: 32, others: () => 5, jobs: JOBS },
  'a neighbour who comes and goes': { cores: 8, memoryGiB: 32, others: between(10, 40, 5), jobs: JOBS },
  'a neighbour on two cores': { cores: 2, memoryGiB: 8, others: between(20, 60, 1), jobs: JOBS },
  'a neighbour who has just gone, as the load of the last minute shows': {
    cores: 8,
    memoryGiB: 32,
    others: between(0, 1, 12),
    jobs: JOBS,
  },
  'little memory': {
    cores: 8,
    memoryGiB: 6,
    othersGiB: () => 2.5,
    jobs: { ...JOBS, memoryGiB: { first: 0.3, each: 0.02, most: 0.7 } },
  },
  'workers that grow': {
    cores: 8,
    memoryGiB: 8,
    othersGiB: () => 2,
    jobs: { ...JOBS, memoryGiB: { first: 0.2, each: 0.05, most: 1.2 } },
  },
  'others who take memory meanwhile': {
    cores: 8,
    memoryGiB: 16,
    othersGiB: (second) => 3 + Math.min(7, second / 10),
    jobs: JOBS,
  },
  'a slow disk': { cores: 8, memoryGiB: 32, disk: { rate: 60, thrash: 0.15 }, jobs: { ...JOBS, diskMiB: 40 } },
  'a disk that takes as many as there are': {
    cores: 8,
    memoryGiB: 32,
    disk: { rate: 400, thrash: 0 },
    jobs: { ...JOBS, diskMiB: 40 },
  },
};

const limitsOf = (cores: number): number[] =>
  Array.from({ length: cores }, (_, index) => index + 1).filter((limit) => cores <= 8 || limit % 8 === 0);

describe('the limit on jobs', () => {
  it.each(Object.keys(MACHINES))(
    'on a machine with %s: no more than a tenth slower than the best fixed one',
    (name) => {
      const machine = MACHINES[name]!;
      const adapted = runOn(machine, null);
      const fixed = limitsOf(machine.cores).map((limit) => runOn(machine, limit));
      const allowed = fixed.filter(({ mostMemory }) => mostMemory <= capacity(machine) * 1.05);
      const best = Math.min(...allowed.map(({ seconds }) => seconds));
      const said = { ratio: adapted.seconds / best, limits: adapted.limits.join(' '), reasons: adapted.reasons };
      expect(said.ratio, JSON.stringify(said, null, 1)).toBeLessThanOrEqual(1.1);
      expect(adapted.mostMemory / capacity(machine), JSON.stringify(said, null, 1)).toBeLessThanOrEqual(1.05);
    },
  );
});

describe('any limit', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const cores = fc.double({ min: 0, max: 70, noNaN: true });
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });
  const count = fc.nat({ max: 80 });
  const loads: fc.Arbitrary<Load> = fc
    .record({
      cores: fc.integer({ min: 1, max: 64 }),
      machineCores: fc.integer({ min: 1, max: 64 }),
      ownCores: maybe(cores),
      otherCores: maybe(cores),
      waiting: fc.record({ cpu: maybe(share), memory: maybe(share), io: maybe(share) }),
      availableMemory: fc.double({ min: 0, max: 16 * GIB, noNaN: true }),
      jobMemory: maybe(fc.double({ min: 0, max: 16 * GIB, noNaN: true })),
      freeDisk: maybe(fc.double({ min: 0, max: 100 * GIB, noNaN: true })),
    })
    .map((load) => ({ ...load, totalMemory: 16 * GIB }));
  const observations: fc.Arbitrary<Observation> = fc.record({
    load: loads,
    seconds: fc.double({ min: 0.5, max: 5, noNaN: true }),
    running: count,
    waiting: count,
    holding: count,
    ended: count,
    work: fc.double({ min: 0, max: 1e6, noNaN: true }),
  });
  const starts = fc
    .tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }))
    .map(([one, other]) => startPace(Math.min(one, other), Math.max(one, other)));
  const always = (holds: (before: Pace, observed: Observation, after: ReturnType<typeof adjust>) => void): void =>
    fc.assert(
      fc.property(starts, fc.array(observations, { minLength: 1, maxLength: 30 }), (start, all) => {
        let pace = start;
        for (const observed of all) {
          const after = adjust(pace, observed);
          holds(pace, observed, after);
          pace = after.state;
        }
      }),
      { numRuns: 300 },
    );

  it('is a whole number from 1 to the most; a reason comes with every change, and only then', () =>
    always((before, _, { state, limit, reason }) => {
      expect(limit).toBe(state.limit);
      expect(Number.isInteger(limit) && limit >= 1 && limit <= before.most).toBe(true);
      expect(reason !== null && reason !== '').toBe(limit !== before.limit);
    }));

  it('is not raised while memory is short, or everything waits for it', () =>
    always((before, { load }, { limit }) => {
      if (load.availableMemory < 0.2 * load.totalMemory || (load.waiting.memory ?? 0) > 0.1)
        expect(limit).toBeLessThanOrEqual(before.limit);
    }));

  it('is 1 where there is next to no memory or room on the disk', () =>
    always((_, { load }, { limit }) => {
      if (load.availableMemory < 128 * 1024 ** 2 || (load.freeDisk ?? Infinity) < 64 * 1024 ** 2) expect(limit).toBe(1);
    }));

  it('is not lowered for load that is our own', () =>
    always((before, observed) => {
      const { load } = observed;
      const own = { ...load, otherCores: 0, ownCores: load.machineCores, waiting: { cpu: 1, memory: 0, io: 1 } };
      const enough = { availableMemory: load.totalMemory, jobMemory: 0, freeDisk: null, cores: load.machineCores };
      const calm = { ...startPace(before.limit, before.most) };
      expect(adjust(calm, { ...observed, load: { ...own, ...enough } }).limit).toBeGreaterThanOrEqual(before.limit);
    }));

  it('has room for one job at least', () => {
    const load = { availableMemory: 0, totalMemory: GIB };
    expect(jobsThatFit(load, { held: 0, each: 0 })).toBe(1);
    expect(jobsThatFit({ availableMemory: 7 * GIB, totalMemory: 10 * GIB }, { held: 1 * GIB, each: GIB })).toBe(6);
  });
});

describe('the pool', () => {
  beforeAll(loadTools);

  const job = (id: string, tool: string, cost = 1000): Job => ({
    id,
    action: 'check',
    links: [[{ id: tool, tool, roles: ['lint'] as const } as unknown as ToolUse]],
    files: [],
    timeoutMs: 10_000,
    cost,
  });

  /** A pool under a limit that the test sets, and the most jobs that it had under way at once. */
  function poolOf(limit: number) {
    const state = { limit, running: 0, most: 0, holding: 0 };
    const pool = createPool({
      module: join(import.meta.dirname, 'concurrency', 'worker.mjs'),
      nodeArguments: [],
      spread: (_job, most) => most,
      open: { type: 'open', root: '/', cacheFolder: '/', timeoutMs: 1, keptBytes: Infinity },
      pacer: {
        limit: () => state.limit,
        note: ({ running, holding }) => {
          Object.assign(state, { running, holding, most: Math.max(state.most, running) });
        },
        ended: () => undefined,
        stop: () => undefined,
      },
      runHere: async () => {
        await sleep(60);
        return { end: 'outcome', outcome: { files: [], diagnostics: [], log: 'here' } };
      },
    });
    const run = async (one: Job): Promise<string> => {
      const { signal } = new AbortController();
      const attempt = await pool.attempt(one, { signal, isNeedless: () => false, onStart: () => undefined });
      return attempt.end === 'outcome' ? (attempt.outcome.log ?? '') : attempt.end;
    };
    return { pool, state, run };
  }

  it('keeps to the limit as it changes, workers and programs taken together; what is too many then ends', async () => {
    const { pool, state, run } = poolOf(3);
    const batch = (name: string) =>
      Array.from({ length: 12 }, (_, index) => job(`${name}${String(index)}`, index % 3 === 0 ? 'biome' : 'eslint'));
    const first = await Promise.all(batch('a').map(run));
    expect(state.most).toBe(3);
    Object.assign(state, { limit: 1, most: 0 });
    const by = await Promise.all(batch('b').map(run));
    expect(state.most).toBe(1);
    // One worker stays of the three, as warm as it is.
    const [kept, ...others] = new Set(by.filter((pid) => pid !== 'here'));
    expect(others).toEqual([]);
    expect(first).toContain(kept);
    const rest = batch('c').map(run);
    Object.assign(state, { limit: 4, most: 0 });
    pool.assign();
    await Promise.all(rest);
    expect(state.most).toBe(4);
    await pool.close();
  });

  it('starts no second worker for what takes less time than starting it', async () => {
    const { pool, run } = poolOf(4);
    const small = await Promise.all(Array.from({ length: 6 }, (_, index) => run(job(String(index), 'syntax', 5))));
    expect(new Set(small).size).toBe(1);
    const large = await Promise.all(Array.from({ length: 6 }, (_, index) => run(job(String(index), 'syntax', 500))));
    expect(new Set(large).size).toBeGreaterThan(1);
    await pool.close();
  });

  it('starts with the tool that has most left to do, and stays with it', async () => {
    const { pool, run } = poolOf(1);
    const order: string[] = [];
    const all = [
      job('p1', 'prettier', 300),
      job('e1', 'eslint', 200),
      job('e2', 'eslint', 900),
      job('b', 'biome', 5000),
    ];
    const first = run(job('first', 'syntax', 1));
    await Promise.all([first, ...all.map((one) => run(one).then(() => order.push(one.id)))]);
    expect(order).toEqual(['b', 'e2', 'e1', 'p1']);
    await pool.close();
  });
});

describe('batches', () => {
  const file = (name: string): JobFile => ({ path: name, hash: name });
  const facts = (costOf: (one: JobFile) => number, areaOf: (one: JobFile) => string = () => '') => ({ costOf, areaOf });
  const costs = fc.array(fc.double({ min: 0.1, max: 5000, noNaN: true }), { minLength: 1, maxLength: 300 });

  it('hold every file once, in order, no more than fit; none is small while much is left', () => {
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 128 }), (all, slots, size) => {
        const files = all.map((_, index) => file(String(index)));
        const batches = guided(
          files,
          facts(({ path }) => all[Number(path)] ?? 0),
          { slots, size },
        );
        expect(batches.flatMap((batch) => batch.files)).toEqual(files);
        expect(batches.every((batch) => batch.files.length > 0 && batch.files.length <= size)).toBe(true);
        for (const batch of batches.slice(0, -1)) expect(batch.cost >= 250 || batch.files.length === size).toBe(true);
      }),
    );
  });

  it('are large first and small at the end where several run at once, as large as may be where one does', () => {
    const files = Array.from({ length: 400 }, (_, index) => file(String(index)));
    const sizes = (slots: number) =>
      guided(
        files,
        facts(() => 50),
        { slots, size: 128 },
      ).map((batch) => batch.files.length);
    expect(sizes(1)).toEqual([128, 128, 128, 16]);
    const several = sizes(4);
    expect(several.slice(0, 3)).toEqual([50, 44, 39]);
    expect(several.at(-1)).toBeLessThanOrEqual(5);
  });

  it('end with a package where several run at once', () => {
    const files = Array.from({ length: 40 }, (_, index) => file(`${index < 16 ? 'a' : 'b'}/${String(index)}`));
    const cut = (slots: number) =>
      guided(
        files,
        facts(
          () => 50,
          ({ path }) => path[0] ?? '',
        ),
        { slots, size: 20 },
      );
    expect(cut(1).map((batch) => batch.files.length)).toEqual([20, 20]);
    expect(cut(2).every((batch) => new Set(batch.files.map(({ path }) => path[0])).size === 1)).toBe(true);
    expect(
      cut(2)
        .map(({ area }) => area)
        .join(''),
    ).toMatch(/^a+b+$/);
  });
});
