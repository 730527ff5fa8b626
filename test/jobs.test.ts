/** Workers: what takes over when one is lost, what ends when a step's time is up, how much memory they keep. */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Loaded, NOTHING_LOADED, chooseJob, nowLoaded } from '../src/jobs/choose.js';
import { keptBytes } from '../src/jobs/heap.js';
import type { Event } from '../src/model/event.js';
import type { Job } from '../src/model/job.js';
import type { Plan } from '../src/model/plan.js';
import type { ToolUse } from '../src/model/tool-use.js';
import { run as runInProcess } from '../src/run.js';
import {
  MARK,
  MESSY,
  NEAT,
  NEVER_ENDS,
  PRETTIER,
  configOf,
  eslintRule,
  run,
  start,
  survivors,
  tool,
} from './fixtures-tools/rig.js';
import { git, read, repository, temporaryFolder } from './rig.js';

const files = (content: string, ...names: string[]) => Object.fromEntries(names.map((name) => [name, content]));
const retries = (events: readonly Event[]): string[] =>
  events.flatMap((event) => (event.type === 'job-retried' ? [event.reason] : []));
const toolsBy = (changes: readonly { readonly path: string; readonly tools: readonly string[] }[]) =>
  Object.fromEntries(changes.flatMap(({ path, tools }) => (path.endsWith('.js') ? [[path, tools]] : [])));

describe.concurrent('a tool that is lost in a chain', () => {
  const ALTERNATIVES = configOf({ formatters: { javascript: [['eslint', 'prettier']] } });
  /** ESLint has its own idea of a format. */
  const fixing = (trouble: string) => {
    const { 'eslint.config.mjs': config } = eslintRule(trouble);
    return { 'eslint.config.mjs': (config as string).replace("'own/rule':", "'no-var': 'error', 'own/rule':") };
  };
  const VAR = 'var a   =  1\n';

  it('by a crash: the next alternative does the guilty file, the first one the others; it is asked again in the next run', async () => {
    const folder = repository({
      ...PRETTIER,
      ...ALTERNATIVES,
      ...fixing("if (name === 'kill.js' && process.env.CRASH) process.exit(7)"),
      ...files(VAR, 'a.js', 'kill.js', 'z.js'),
    });
    const first = await run(folder, ['--only', 'format'], { env: { CRASH: '1' } });
    expect(toolsBy(first.report.changes)).toEqual({ 'a.js': ['eslint'], 'kill.js': ['prettier'], 'z.js': ['eslint'] });
    expect(read(folder, 'kill.js')).toBe('var a = 1;\n');
    expect(first).toMatchObject({ code: 0, report: { failures: [] } });
    expect(retries(first.events).at(-1)).toMatch(/running eslint ended: exit code 7; going on with prettier/);
    git(folder, 'checkout', '--quiet', '.');
    const second = await run(folder, ['--only', 'format']);
    expect(toolsBy(second.report.changes)['kill.js']).toEqual(['eslint']);
  });

  it('by never coming to an end: the next alternative does it', async () => {
    const folder = repository({ ...PRETTIER, ...ALTERNATIVES, ...fixing(NEVER_ENDS), ...files(MESSY, 'a.js') });
    const { report, events, mark } = await run(folder, ['--only', 'format', '--timeout', '4s']);
    expect(toolsBy(report.changes)).toEqual({ 'a.js': ['prettier'] });
    expect(retries(events)).toEqual([
      expect.stringMatching(/^eslint took longer than 4 s$/),
      expect.stringMatching(/^eslint took longer than 4 s; going on with prettier$/),
    ]);
    expect(await survivors(mark)).toEqual([]);
  });

  it('with every file: when it is given up, the next alternative does all the rest', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `f${String(index)}.js`);
    const folder = repository({
      'prettier.config.mjs': "export default { plugins: ['./exits.mjs'] };\n",
      'exits.mjs': 'process.exit(7);\n',
      ...fixing(''),
      ...configOf({ formatters: { javascript: [['prettier', 'eslint']] }, excludedPatterns: ['*.json'] }),
      ...files(VAR, ...names),
    });
    const { code, report } = await run(folder, ['--only', 'format']);
    expect({ code, failures: report.failures }).toEqual({ code: 0, failures: [] });
    expect(Object.values(toolsBy(report.changes))).toEqual(names.map(() => ['eslint']));
    expect(report.notices.join()).toMatch(/prettier is not called any more in this run/);
  });
});

describe.concurrent('answers that came in parts', () => {
  it('still depend on what the tool has read for them', async () => {
    const says = "const { readFileSync } = process.getBuiltinModule('node:fs')";
    const folder = repository({
      ...eslintRule(`if (name === 'kill.js') process.exit(7); ${says};
        return { Program(node) { context.report({ node, message: readFileSync('said.txt', 'utf8') }); } }`),
      ...files(NEAT, 'a.js', 'kill.js'),
      'said.txt': 'one',
    });
    const messages = async () => {
      const { report } = await run(folder, ['--workflow', 'verify-only']);
      return report.findings.filter(({ path }) => path === 'a.js').map(({ message }) => message);
    };
    expect(await messages()).toEqual(['one']);
    writeFileSync(join(folder, 'said.txt'), 'two');
    expect(await messages()).toEqual(['two']);
  });
});

describe.concurrent('a step whose time is up', () => {
  /** A step that may write has a phase of its own: nothing else is to run beside it. */
  const still = (out: string) => ({ still: { run: tool('still', out), effect: 'writes' } });
  const steps = (...all: unknown[]) => ({ workflows: { own: { steps: [...all, 'still'] } } });

  it('in a worker: what runs is ended before the next step begins', async () => {
    const out = join(temporaryFolder({ out: '' }), 'out');
    const writes = `const { appendFileSync } = process.getBuiltinModule('node:fs'); const now = new Int32Array(new SharedArrayBuffer(4)); for (;;) { appendFileSync(${JSON.stringify(out)}, '.'); Atomics.wait(now, 0, 0, 5); }`;
    const folder = repository({
      ...eslintRule(writes),
      ...files(NEAT, 'a.js'),
      ...configOf({ ...steps({ command: 'verify', timeout: '6s' }), commands: still(out) }),
    });
    const { report, events, mark } = await run(folder, ['--workflow', 'own', '--gate', 'syntax']);
    expect(report.findings).toMatchObject([{ rule: 'tool-timeout', message: 'verify-1 took longer than 6 s' }]);
    expect(retries(events)).toEqual([]);
    expect(await survivors(mark)).toEqual([]);
  });

  it('as a program with children that ignore TERM: all of them are gone before the next step begins', async () => {
    const out = join(temporaryFolder({ out: '' }), 'out');
    const commands = { slow: { run: tool('stubborn', out) }, ...still(out) };
    const folder = repository({
      'a.txt': 'a',
      ...configOf({
        ...steps({ command: 'slow', timeout: '1s' }),
        commands,
      }),
    });
    const { report } = await run(folder, ['--workflow', 'own', '--gate', 'syntax']);
    expect(report.findings).toMatchObject([{ rule: 'tool-timeout', message: 'slow-1 took longer than 1 s' }]);
  });
});

describe('time for one job', () => {
  it.each([
    ['is 5 minutes, and the step’s for the whole project', {}, [], { file: 300_000, project: 1_800_000 }],
    ['is what the config says', { job: '1m' }, [], { file: 60_000, project: 60_000 }],
    ['is what --timeout says', { job: '1m' }, ['--timeout', '2m'], { file: 120_000, project: 120_000 }],
    ['is no more than the step’s', { step: '10s' }, [], { file: 10_000, project: 10_000 }],
  ])('%s', async (_, timeouts, args, expected) => {
    const folder = repository({ 'a.js': NEAT, ...configOf({ timeouts }) });
    const { out } = await start(folder, ['plan', '--json', '--workflow', 'verify-only', ...args]).ended;
    const plan = JSON.parse(out) as Plan;
    expect(plan.phases[0]?.steps[0]?.jobTimeoutMs).toEqual(expected);
  });
});

describe('a run that ends in the middle by a bug', () => {
  it('leaves no worker behind, and starts none for the jobs that waited', async () => {
    const names = Array.from({ length: 240 }, (_, index) => `f${String(index)}.js`);
    const folder = repository({ ...eslintRule(''), ...files(NEAT, ...names) });
    const mark = randomUUID();
    process.env[MARK] = mark;
    const onEvent = (event: { readonly type: string }): void => {
      if (event.type === 'job-finished') throw new Error('planted');
    };
    const ended = runInProcess({ cwd: folder, workflow: 'verify-only' }, { onEvent });
    await expect(ended.finally(() => Reflect.deleteProperty(process.env, MARK))).rejects.toThrow('planted');
    // What guards processes against our own end waits a little for the next one.
    expect(await survivors(mark, 5_000)).toEqual([]);
  });
});

describe('memory of workers', () => {
  it('is given back between jobs: a fresh one takes over', async () => {
    const out = join(temporaryFolder(), 'out');
    // Each package's configuration keeps this much for as long as its process lives.
    const keeps = `import { appendFileSync } from 'node:fs';
(globalThis.kept ??= []).push(Buffer.alloc(400 * 1024 ** 2, 1));
appendFileSync(${JSON.stringify(out)}, process.pid + ' ' + process.memoryUsage.rss() + '\\n');
export default [{ files: ['**/*.js'] }];
`;
    const names = ['a', 'b', 'c', 'd', 'e'];
    const folder = repository({
      'package.json': '{ "private": true, "workspaces": ["*"] }\n',
      ...Object.fromEntries(
        names.flatMap((name) => [
          [`${name}/package.json`, `{ "name": "${name}", "scripts": { "lint": "eslint ." } }\n`],
          [`${name}/eslint.config.mjs`, keeps],
          [`${name}/a.js`, NEAT],
        ]),
      ),
    });
    const { code } = await run(folder, ['--workflow', 'verify-only']);
    const seen = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    expect(code).toBe(0);
    expect(seen).toHaveLength(names.length);
    expect(new Set(seen.map(([pid]) => pid)).size).toBeGreaterThan(1);
    expect(Math.max(...seen.map(([, bytes]) => bytes ?? Infinity))).toBeLessThan(1.7 * 1024 ** 3);
  });

  it('has a bound from the machine and the number of workers', () => {
    const GIB = 1024 ** 3;
    expect(keptBytes(64 * GIB, 2)).toBe(1.25 * GIB);
    expect(keptBytes(4 * GIB, 2)).toBe(0.75 * GIB);
    expect(keptBytes(GIB, 8)).toBe(GIB / 2);
  });
});

describe('which job a worker takes', () => {
  const job = (...ids: string[]): Job => ({
    id: ids.join(),
    action: 'check',
    links: ids.map((id) => [{ id, tool: id.split('@')[0] } as ToolUse]),
    files: [],
    timeoutMs: 1,
    cost: 1,
  });
  const loaded = (...jobs: Job[]): Loaded => jobs.reduce(nowLoaded, NOTHING_LOADED);
  const taken = (waiting: readonly Job[], worker: Loaded, others: readonly Loaded[], spread = 2) =>
    waiting[chooseJob(waiting, worker, { others, spread: () => spread })]?.id;

  it('is one of the folder that it is at work in, then one of a folder where nobody is, then any', () => {
    const [a, b, c] = [job('eslint@a'), job('eslint@b'), job('prettier@')];
    expect(taken([b, a], loaded(a), [])).toBe('eslint@a');
    expect(taken([a, b], loaded(job('eslint@c')), [loaded(a)])).toBe('eslint@b');
    expect(taken([c, b], loaded(a), [])).toBe('eslint@b');
    expect(taken([a, c], loaded(b), [loaded(a)])).toBe('prettier@');
    expect(taken([a], loaded(b), [loaded(a)])).toBe('eslint@a');
    expect(taken([a], NOTHING_LOADED, [loaded(a)], 1)).toBeUndefined();
  });

  it('is one of the same package, then one of a package where nobody is, whatever it costs; then the costliest', () => {
    const at = (area: string, cost: number): Job => ({ ...job('eslint@'), id: `${area}${String(cost)}`, area, cost });
    const others = [loaded(at('b', 1))];
    expect(taken([at('b', 9), at('c', 5), at('a', 1)], loaded(at('a', 1)), others)).toBe('a1');
    expect(taken([at('b', 9), at('c', 5)], loaded(at('a', 1)), others)).toBe('c5');
    expect(taken([at('a', 1), at('a', 9), at('a', 5)], loaded(at('a', 1)), others)).toBe('a9');
  });

  it('never leaves all workers idle while jobs wait', () => {
    const ids = fc.constantFrom('eslint@a', 'eslint@b', 'prettier@', 'cleanup@');
    const jobs = fc.array(
      fc.array(ids, { minLength: 1, maxLength: 3 }).map((some) => job(...some)),
      { minLength: 1 },
    );
    const workers = fc.array(
      fc.array(ids).map((some) => loaded(...some.map((id) => job(id)))),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(jobs, workers, fc.integer({ min: 1, max: 4 }), (waiting, all, spread) => {
        const choices = all.map((one) =>
          taken(
            waiting,
            one,
            all.filter((other) => other !== one),
            spread,
          ),
        );
        expect(choices.some((id) => id !== undefined)).toBe(true);
      }),
    );
  });
});
