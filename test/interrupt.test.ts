/** Signals, kill -9 and several commands at once: the tree, the lock and the processes afterwards. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  MESSY,
  NEAT,
  PRETTIER,
  configOf,
  eslintRule,
  once,
  processesOf,
  run,
  start,
  survivors,
  tool,
  until,
} from './fixtures-tools/rig.js';
import { quality, treeOf } from './quality.js';
import { copyOf, git, repository, temporaryFolder } from './rig.js';

const many = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`f${String(index)}.js`, MESSY.replace('a ', `a${String(index)} `)]),
  );

function locks(folder: string): string[] {
  const lock = join(folder, '.git/quality/lock');
  return [
    ...(existsSync(lock) ? readdirSync(lock) : []),
    ...readdirSync(join(folder, '.git')).filter((name) => name.endsWith('.lock')),
  ];
}

/** Nothing is left but what was there before. */
async function expectUntouched(folder: string, before: ReturnType<typeof state>, mark: string): Promise<void> {
  expect(await survivors(mark)).toEqual([]);
  expect(state(folder)).toEqual(before);
  expect(locks(folder)).toEqual([]);
}

function state(folder: string) {
  return {
    tree: treeOf(folder),
    index: readFileSync(join(folder, '.git/index')).toString('base64'),
    stashes: git(folder, 'stash', 'list'),
  };
}

describe.concurrent('a signal', () => {
  // Stuck in the verify before, in a step that writes after format has written, and in the verify that judges.
  const scenes: Record<string, (outside: string) => ReturnType<typeof configOf>> = {
    verify: (outside) => configOf({ verify: { checks: [], tests: [tool('stubborn', outside)] } }),
    'a step after format has written': (outside) =>
      configOf({ commands: { own: { run: tool('stubborn', outside), effect: 'writes', after: ['format'] } } }),
    'the gate': (outside) =>
      configOf({
        verify: {
          checks: [],
          tests: [['/bin/sh', '-c', `grep -q "a0 = 1" f0.js && exec "$@"; exit 0`, 'sh', ...tool('stubborn', outside)]],
        },
      }),
  };

  it.each([
    ['SIGINT', 130, 'verify'],
    ['SIGTERM', 143, 'a step after format has written'],
    ['SIGHUP', 129, 'the gate'],
  ] as const)(
    '%s ends with %d during %s: children gone, tree and index as before, lock released',
    async (signal, code, scene) => {
      const outside = join(temporaryFolder(), 'out');
      const folder = repository({ ...PRETTIER, ...many(4), ...scenes[scene]?.(outside) });
      const before = state(folder);
      const only = scene.startsWith('a step') ? 'format,own' : 'verify,format';
      const running = start(folder, ['run', '--only', only, '--gate', 'tests']);
      await until(() => existsSync(outside));
      running.child.kill(signal);
      // A second one, whichever it is, changes nothing.
      await sleep(50);
      running.child.kill('SIGINT');
      running.child.kill(signal);
      expect(await running.ended).toMatchObject({ code });
      await expectUntouched(folder, before, running.mark);
      expect(quality(folder, 'recover').out).toContain('Nothing to recover');
    },
  );

  it('in an endless loop of a worker', async () => {
    const folder = repository({ ...PRETTIER, ...many(3), ...eslintRule("if (name === 'f1.js') for (;;)") });
    const before = state(folder);
    const running = start(folder, ['run', '--reporter', 'ndjson']);
    await until(() => processesOf(running.mark).length > 2);
    await sleep(500);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130 });
    await expectUntouched(folder, before, running.mark);
  });

  it('while it waits for the lock', async () => {
    const outside = join(temporaryFolder(), 'out');
    const folder = repository({
      'a.txt': 'a',
      ...configOf({ commands: { own: { run: tool('stubborn', outside), effect: 'writes' } } }),
    });
    const holder = start(folder, ['run', '--only', 'own']);
    await until(() => existsSync(outside));
    const waiting = start(folder, ['run', '--only', 'own']);
    waiting.child.stderr?.once('data', () => waiting.child.kill('SIGTERM'));
    const ended = await waiting.ended;
    expect(ended.code).toBe(143);
    expect(ended.err).toContain(`Waiting for another run: process ${String(holder.child.pid)}`);
    const refused = await start(folder, ['run', '--only', 'own', '--lock-timeout', '300ms']).ended;
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(`process ${String(holder.child.pid)}`);
    holder.child.kill('SIGKILL');
    await holder.ended;
    expect(await survivors(holder.mark)).toEqual([]);
  });
});

describe.concurrent('kill -9', () => {
  /** About as long as a run takes here. */
  const LONGEST_MS = 2_500;
  const random = (seed: number): number => {
    const x = Math.sin(seed) * 10_000;
    return x - Math.floor(x);
  };

  it.each([1, 2])(
    'at any moment (seed %i): no process survives, and the next command puts the tree back',
    async (seed) => {
      const folder = repository({
        ...PRETTIER,
        ...many(40),
        ...eslintRule("if (name === 'f7.js') for (const end = Date.now() + 60; Date.now() < end; );"),
      });
      const before = state(folder);
      const after = { ...before.tree };
      for (let turn = 0; turn < 5; turn++) {
        const running = start(folder, ['run']);
        await Promise.race([sleep(random(seed * 100 + turn) * LONGEST_MS), running.ended]);
        running.child.kill('SIGKILL');
        const { code } = await running.ended;
        expect(await survivors(running.mark)).toEqual([]);
        const next = quality(
          folder,
          ...(['runs', 'plan', 'recover', 'diff', 'rollback'][turn % 5] ?? 'runs').split(' '),
        );
        const now = treeOf(folder);
        const untouched = JSON.stringify(now) === JSON.stringify(after);
        if (!untouched) {
          // It had come to its end, and what stands is proven.
          expect([code, next.err]).toEqual([code, expect.not.stringContaining('was cut off: ')]);
          expect((await start(folder, ['run', '--check']).ended).code).toBe(0);
          git(folder, 'checkout', '--quiet', '.');
        }
        expect(locks(folder).filter((name) => name !== 'write')).toEqual([]);
        expect({ ...state(folder), tree: treeOf(folder) }).toMatchObject({ tree: before.tree, stashes: '' });
      }
    },
  );

  /** A run that was killed after `format` had written, and the state before it: each test gets a copy. */
  const cutOff = once(async () => {
    const outside = join(temporaryFolder(), 'out');
    const folder = repository({
      ...PRETTIER,
      ...many(3),
      ...configOf({ commands: { own: { run: tool('stubborn', outside), effect: 'writes', after: ['format'] } } }),
    });
    const before = state(folder);
    const running = start(folder, ['run', '--only', 'format,own']);
    await until(() => existsSync(outside));
    expect(treeOf(folder)).not.toEqual(before.tree);
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await survivors(running.mark)).toEqual([]);
    return { folder, before };
  });

  it.each([['plan'], ['runs'], ['diff'], ['recover'], ['run --check']])(
    'after files were written: the next command, `%s`, brings them back and says so in one line',
    async (words) => {
      const { folder: killed, before } = await cutOff();
      const folder = copyOf(killed);
      const next = await start(folder, words.split(' ')).ended;
      const said = `${next.out}\n${next.err}`
        .split('\n')
        .filter((line) => /^Run \S+ was cut off: \d+ files/.test(line));
      expect([said.length, next.err]).toEqual([1, next.err]);
      expect(state(folder)).toEqual(before);
      expect(locks(folder)).toEqual([]);
    },
  );

  it('and files that the user changed since are left alone and listed', async () => {
    const folder = copyOf((await cutOff()).folder);
    writeFileSync(join(folder, 'f1.js'), 'by hand\n');
    expect((await start(folder, ['run', '--only', 'verify']).ended).err).toMatch(/was cut off.*left alone: f1\.js/);
    expect(readFileSync(join(folder, 'f1.js'), 'utf8')).toBe('by hand\n');
    expect(readFileSync(join(folder, 'f0.js'), 'utf8')).toBe(many(1)['f0.js']);
  });
});

describe.concurrent('kill -9 in the middle of putting things back', () => {
  const COUNT = 200;
  const made = (step: string, number: number): string => `${step}/n${String(number)}.txt`;
  const writes = (step: string, text: string) => ({
    run: tool('edit', ...Array.from({ length: COUNT }, (_, number) => [made(step, number), text]).flat()),
    effect: 'writes',
  });

  /** `one` changes files, `two` makes more; `stuck` does not end. */
  const scene = (outside: string): string =>
    repository({
      ...Object.fromEntries(Array.from({ length: COUNT }, (_, number) => [made('one', number), 'old\n'])),
      'two/there.txt': '',
      ...configOf({
        verify: { tests: [tool('say', '0', 'ok')] },
        commands: {
          one: writes('one', 'new\n'),
          two: { ...writes('two', 'made\n'), after: ['one'] },
          stuck: { run: tool('stubborn', outside), effect: 'writes', after: ['two'] },
        },
      }),
    });

  function journals(folder: string): { name: string; open: boolean }[] {
    const runs = join(folder, '.quality/runs');
    return readdirSync(runs).flatMap((run) =>
      readdirSync(join(runs, run, 'journal')).map((file) => {
        const [header = '{}'] = readFileSync(join(runs, run, 'journal', file), 'utf8').split('\n');
        return { name: (JSON.parse(header) as { name: string }).name, open: file.endsWith('.open.jsonl') };
      }),
    );
  }

  /** On a busy machine the kill may come when all is over: then once more. */
  async function killedInTheMiddle<T>(attempt: () => Promise<{ readonly inTheMiddle: boolean } & T>): Promise<T> {
    for (let left = 4; left > 0; left--) {
      const tried = await attempt();
      if (tried.inTheMiddle) return tried;
    }
    throw new Error('Everything was put back each time before it could be killed');
  }

  async function killAfterSignal() {
    const outside = join(temporaryFolder(), 'out');
    const folder = scene(outside);
    const before = state(folder);
    // A gate after each step: what `one` did is let through.
    const running = start(folder, ['run', '--only', 'one,two,stuck', '--gate', 'tests', '--priority', 'safety']);
    await until(() => existsSync(outside));
    expect(readFileSync(join(folder, made('one', 7)), 'utf8')).toBe('new\n');
    running.child.kill('SIGINT');
    // What was made goes first: as soon as the first is gone, hundreds are still to come.
    const first = join(folder, made('two', 0));
    while (existsSync(first)) await sleep(1);
    running.child.kill('SIGKILL');
    await running.ended;
    return { folder, before, running, inTheMiddle: existsSync(join(folder, made('two', COUNT - 1))) };
  }

  it('after a signal: the next command ends the job', async () => {
    const { folder, before, running } = await killedInTheMiddle(killAfterSignal);
    expect(journals(folder)).toContainEqual({ name: 'undo', open: true });
    const next = await start(folder, ['runs']).ended;
    expect(next.err).toMatch(/^Run \S+ was cut off: \d+ files are back/);
    await expectUntouched(folder, before, running.mark);
    expect((await start(folder, ['recover']).ended).out).toContain('Nothing to recover');
  });

  async function killRollback() {
    const folder = scene('');
    const before = state(folder);
    expect((await start(folder, ['run', '--only', 'one,two']).ended).code).toBe(0);
    const after = treeOf(folder);
    const killed = start(folder, ['rollback']);
    while (existsSync(join(folder, made('two', 0)))) await sleep(1);
    killed.child.kill('SIGKILL');
    await killed.ended;
    return { folder, before, after, killed, inTheMiddle: existsSync(join(folder, made('two', COUNT - 1))) };
  }

  it('by `quality rollback`: it can be asked for again', async () => {
    const { folder, before, after, killed } = await killedInTheMiddle(killRollback);
    const next = await start(folder, ['runs']).ended;
    expect(next.err).toMatch(/^Run \S+ was cut off/);
    expect(treeOf(folder)).toEqual(after);
    expect((await start(folder, ['rollback']).ended).code).toBe(0);
    await expectUntouched(folder, before, killed.mark);
  });

  async function killRestore() {
    const folder = scene('');
    const before = state(folder);
    expect((await start(folder, ['run', '--only', 'one']).ended).code).toBe(0);
    git(folder, 'add', '--all');
    const killed = start(folder, ['rollback', '--snapshot']);
    const isOld = (number: number): boolean => readFileSync(join(folder, made('one', number)), 'utf8') === 'old\n';
    while (!isOld(0)) await sleep(1);
    killed.child.kill('SIGKILL');
    await killed.ended;
    return { folder, before, killed, inTheMiddle: !isOld(99) };
  }

  it('by `quality rollback --snapshot`: the next command goes on with it, and leaves what was edited since', async () => {
    const { folder, before, killed } = await killedInTheMiddle(killRestore);
    writeFileSync(join(folder, made('one', 99)), 'the user\n');
    const next = await start(folder, ['runs']).ended;
    expect(next.err).toMatch(/^The rollback of run \S+ was cut off: \d+ files .*left alone: one\/n99\.txt/);
    expect(readFileSync(join(folder, made('one', 99)), 'utf8')).toBe('the user\n');
    writeFileSync(join(folder, made('one', 99)), 'old\n');
    await expectUntouched(folder, before, killed.mark);
  });
});

describe('scratch copies in the system’s temporary folder', () => {
  it('of a killed run go with the next command, those of a live one stay', async () => {
    const temp = temporaryFolder();
    const options = { env: { TMPDIR: temp } };
    const copies = (): string[] => readdirSync(temp).filter((name) => name.startsWith('quality-scratch'));
    const begin = async () => {
      const outside = join(temporaryFolder(), 'out');
      const own = { run: tool('stubborn', outside), effect: 'writes' };
      const folder = repository({ 'a.txt': 'a', ...configOf({ commands: { own } }) });
      const running = start(folder, ['run', '--only', 'own'], options);
      await until(() => existsSync(outside));
      return { folder, running };
    };
    const killed = await begin();
    const [dead] = copies();
    const live = await begin();
    killed.running.child.kill('SIGKILL');
    await killed.running.ended;
    expect(copies()).toHaveLength(2);
    expect(await start(killed.folder, ['runs'], options).ended).toMatchObject({ code: 0 });
    expect(copies()).toHaveLength(1);
    expect(copies()).not.toContain(dead);
    live.running.child.kill('SIGINT');
    expect(await live.running.ended).toMatchObject({ code: 130 });
    expect(copies()).toEqual([]);
  });
});

describe('several commands at once', () => {
  const tree = {
    ...PRETTIER,
    ...many(6),
    'used.js': "import { a0, } from './f0.js'\nimport { a1 } from './f1.js'\nexport const b = a0\n",
  };
  const oneAfterTheOther = once(async () => {
    const folder = repository(tree);
    for (let turn = 0; turn < 2; turn++) await run(folder);
    return treeOf(folder);
  });

  it.each([2, 6])('%i runs: the same result as one after the other, no lost write, no error', async (count) => {
    const folder = repository(tree);
    const all = Array.from({ length: count }, () => start(folder, ['run', '--lock-timeout', '60s']));
    const ended = await Promise.all(all.map((one) => one.ended));
    expect(ended.map((one) => one.code)).toEqual(ended.map(() => 0));
    expect(ended.map((one) => one.err).join('')).not.toMatch(/index\.lock|error|bug/i);
    expect(ended.filter((one) => one.err.includes('Waiting for another run')).length).toBeGreaterThan(0);
    expect(treeOf(folder)).toEqual(await oneAfterTheOther());
    expect(readFileSync(join(folder, 'f0.js'), 'utf8')).toBe(NEAT.replace('a ', 'a0 '));
    expect(locks(folder)).toEqual([]);
  });
});
