/** What others do in the repository while a run goes on, and what has to hold of theirs when it does not end well. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MESSY, NEAT, PRETTIER, configOf, once, start, survivors, tool, until } from './fixtures-tools/rig.js';
import { commit, everywhere, hooked, startCommit } from './hook-rig.js';
import { quality, treeOf } from './quality.js';
import { copyOf, git, read, repository, temporaryFolder, writeTree } from './rig.js';

const messy = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`f${String(index)}.js`, MESSY.replace('a ', `a${String(index)} `)]),
  );
const NEAT_0 = NEAT.replace('a ', 'a0 ');

/** Format writes, then `own` does not end. */
const stuck = (outside: string, files = messy(4)) => ({
  ...PRETTIER,
  ...files,
  ...configOf({ commands: { own: { run: tool('stubborn', outside), effect: 'writes', after: ['format'] } } }),
});

async function startStuck(folder: string, outside: string) {
  const running = start(folder, ['run', '--only', 'format,own']);
  await until(() => existsSync(outside));
  return running;
}

function indexOf(folder: string): string {
  return readFileSync(join(folder, '.git/index')).toString('base64');
}

describe.concurrent('while a run goes on', () => {
  it('the user commits, moves HEAD to another branch and stashes: all of that stays, what the run wrote goes', async () => {
    const outside = join(temporaryFolder(), 'out');
    const folder = repository(stuck(outside));
    const running = await startStuck(folder, outside);
    writeFileSync(join(folder, 'mine.txt'), 'mine\n');
    writeFileSync(join(folder, 'stashed.txt'), 'stashed\n');
    git(folder, 'add', 'stashed.txt');
    git(folder, 'stash', 'push', '--quiet', '--', 'stashed.txt');
    git(folder, 'checkout', '--quiet', '-b', 'other');
    git(folder, 'add', 'mine.txt', 'f0.js');
    git(folder, 'commit', '--quiet', '--message=mine');
    writeFileSync(join(folder, 'f3.js'), 'the user\n');
    const after = { head: git(folder, 'rev-parse', 'HEAD', 'other', 'main', 'stash@{0}'), index: indexOf(folder) };
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130 });
    expect({ head: git(folder, 'rev-parse', 'HEAD', 'other', 'main', 'stash@{0}'), index: indexOf(folder) }).toEqual(
      after,
    );
    expect(git(folder, 'symbolic-ref', 'HEAD')).toBe('refs/heads/other\n');
    expect(git(folder, 'show', 'HEAD:f0.js')).toBe(NEAT_0);
    expect([read(folder, 'f0.js'), read(folder, 'f3.js'), read(folder, 'mine.txt')]).toEqual([
      messy(1)['f0.js'],
      'the user\n',
      'mine\n',
    ]);
  });

  it('another git holds the index: the run needs no lock of git, and leaves that one alone', async () => {
    const folder = repository({ ...PRETTIER, ...messy(2) });
    writeFileSync(join(folder, '.git/index.lock'), 'of another git');
    expect((await start(folder, ['run', '--only', 'format']).ended).code).toBe(0);
    expect(read(folder, 'f0.js')).toBe(NEAT_0);
    expect((await start(folder, ['rollback']).ended).code).toBe(0);
    expect(read(folder, 'f0.js')).toBe(messy(1)['f0.js']);
    const whole = await start(folder, ['rollback', '--snapshot']).ended;
    expect([whole.code, readFileSync(join(folder, '.git/index.lock'), 'utf8')]).toEqual([0, 'of another git']);
    rmSync(join(folder, '.git/index.lock'));
    git(folder, 'rm', '--quiet', '--cached', 'f1.js');
    writeFileSync(join(folder, '.git/index.lock'), 'of another git');
    const refused = await start(folder, ['rollback', '--snapshot']).ended;
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('git is at work on the index')]);
    expect(readdirSync(join(folder, '.git')).filter((name) => name.startsWith('index'))).toEqual([
      'index',
      'index.lock',
    ]);
  });

  it('git gathers garbage, prunes, packs refs and forgets its reflogs: the snapshot is whole', async () => {
    const outside = join(temporaryFolder(), 'out');
    const folder = repository(stuck(outside));
    writeFileSync(join(folder, 'loose.txt'), 'untracked\n');
    const before = { tree: treeOf(folder), index: indexOf(folder) };
    const running = await startStuck(folder, outside);
    git(folder, 'reflog', 'expire', '--expire=now', '--all');
    git(folder, 'pack-refs', '--all', '--prune');
    git(folder, 'gc', '--quiet', '--prune=now');
    git(folder, 'prune', '--expire=now');
    running.child.kill('SIGKILL');
    await running.ended;
    await survivors(running.mark);
    // Recovery needs no git; then all is lost, and the snapshot alone is left.
    expect((await start(folder, ['recover']).ended).code).toBe(0);
    expect(treeOf(folder)).toEqual(before.tree);
    for (const name of ['f0.js', 'loose.txt']) rmSync(join(folder, name));
    git(folder, 'add', '--all');
    expect((await start(folder, ['rollback', '--snapshot']).ended).code).toBe(0);
    expect({ tree: treeOf(folder), index: indexOf(folder) }).toEqual(before);
    expect(git(folder, 'fsck', '--strict', '--no-dangling')).toBe('');
  });

  it('a command that waits for it sees to what it leaves when it is killed', async () => {
    const outside = join(temporaryFolder(), 'out');
    const folder = repository(stuck(outside));
    const before = treeOf(folder);
    const running = await startStuck(folder, outside);
    const waiting = start(folder, ['run', '--only', 'verify']);
    await new Promise((resolve) => waiting.child.stderr?.once('data', resolve));
    running.child.kill('SIGKILL');
    const ended = await waiting.ended;
    expect(ended.err).toMatch(/^Waiting for another run.*\nRun \S+ was cut off: \d+ files/);
    expect(ended.code).toBe(1);
    expect(treeOf(folder)).toEqual(before);
  });
});

describe.concurrent('nothing is written', () => {
  it('where no snapshot can be taken', async () => {
    const folder = repository({ ...PRETTIER, ...messy(2) });
    writeFileSync(join(folder, '.git/refs/quality'), 'in the way');
    const before = treeOf(folder);
    const ended = await start(folder, ['run', '--only', 'format']).ended;
    expect([ended.code, ended.out]).toEqual([1, expect.stringContaining('git')]);
    expect(treeOf(folder)).toEqual(before);
  });

  it('where git cannot read its index', async () => {
    const folder = repository({ ...PRETTIER, ...messy(2) });
    writeFileSync(join(folder, '.git/index'), 'no index');
    const before = treeOf(folder);
    const ended = await start(folder, ['run', '--only', 'format']).ended;
    expect([1, 2]).toContain(ended.code);
    expect(ended.err + ended.out).toMatch(/index file/);
    expect(treeOf(folder)).toEqual(before);
    expect(readFileSync(join(folder, '.git/index'), 'utf8')).toBe('no index');
  });
});

describe('what the user had deleted', () => {
  it.each(['to its end', 'until it is interrupted', 'until it is killed'])('stays deleted, run %s', async (how) => {
    const outside = join(temporaryFolder(), 'out');
    const folder = repository({ ...stuck(outside), 'staged.js': MESSY, 'unstaged.js': MESSY });
    git(folder, 'rm', '--quiet', 'staged.js');
    rmSync(join(folder, 'unstaged.js'));
    git(folder, 'status');
    const index = indexOf(folder);
    if (how === 'to its end') expect((await start(folder, ['run', '--only', 'format']).ended).code).toBe(0);
    else {
      const running = await startStuck(folder, outside);
      running.child.kill(how.endsWith('killed') ? 'SIGKILL' : 'SIGTERM');
      await running.ended;
      await start(folder, ['recover']).ended;
    }
    for (const name of ['staged.js', 'unstaged.js']) expect(existsSync(join(folder, name))).toBe(false);
    expect(indexOf(folder)).toBe(index);
    expect((await start(folder, ['rollback', '--snapshot']).ended).code).toBe(0);
    expect(indexOf(folder)).toBe(index);
    expect(git(folder, 'status', '--porcelain')).toBe('D  staged.js\n D unstaged.js\n');
  });
});

describe('what cannot be taken back', () => {
  /** A run that was killed after `format` had written. */
  const cutOff = once(async () => {
    const outside = join(temporaryFolder(), 'out');
    const folder = repository(stuck(outside));
    const before = treeOf(folder);
    const running = await startStuck(folder, outside);
    running.child.kill('SIGKILL');
    await running.ended;
    await survivors(running.mark);
    return { folder, before };
  });
  const copyOfCutOff = async () => {
    const { folder, before } = await cutOff();
    return { folder: copyOf(folder), before };
  };

  it('is said at every command, until the whole snapshot is brought back', async () => {
    const { folder, before } = await copyOfCutOff();
    const [run = ''] = readdirSync(join(folder, '.quality/runs'));
    const original = execFileSync('git', ['rev-parse', 'HEAD:f0.js'], { cwd: folder, encoding: 'utf8' }).trim();
    writeFileSync(join(folder, '.quality/runs', run, 'blobs', original), 'damaged');
    for (const command of ['runs', 'diff']) {
      const ended = await start(folder, [command]).ended;
      expect(ended.code).toBe(5);
      expect(ended.err).toContain('f0.js');
      expect(ended.err).toContain(`quality rollback --snapshot ${run}`);
    }
    expect(read(folder, 'f0.js')).toBe(NEAT_0);
    expect((await start(folder, ['rollback', '--snapshot', run]).ended).code).toBe(0);
    expect(treeOf(folder)).toEqual(before);
    expect(await start(folder, ['recover']).ended).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing') as string,
    });
  });

  it('of a machine or container that is gone waits for `recover --force`', async () => {
    const { folder, before } = await copyOfCutOff();
    const elsewhere = (file: string): void =>
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"host":"[^"]*"/, '"host":"another-container"'));
    const [run = ''] = readdirSync(join(folder, '.quality/runs'));
    elsewhere(join(folder, '.git/quality/lock/write'));
    elsewhere(join(folder, '.quality/runs', run, 'unproven.json'));
    for (const name of readdirSync(join(folder, '.quality/runs', run, 'journal')))
      elsewhere(join(folder, '.quality/runs', run, 'journal', name));
    const refused = await start(folder, ['run', '--only', 'format', '--lock-timeout', '100ms']).ended;
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('quality recover --force')]);
    expect((await start(folder, ['recover']).ended).out).toContain('Nothing to recover');
    expect((await start(folder, ['recover', '--force']).ended).out).toMatch(/was cut off: \d+ files brought back/);
    expect(treeOf(folder)).toEqual(before);
    expect((await start(folder, ['run', '--only', 'format']).ended).code).toBe(0);
  });
});

describe('runs, rollbacks and recoveries at once', () => {
  const files = { ...PRETTIER, ...messy(5) };
  const format = ['run', '--only', 'format'];
  const check = ['run', '--check', '--only', 'format'];
  const commands = [format, ['rollback'], ['recover'], check, format, ['rollback'], ['runs'], ['diff']];

  it.each([2, 8])('%i of them: as one after the other, in some order', async (count) => {
    const folder = repository(files);
    writeFileSync(join(folder, 'f4.js'), messy(5)['f4.js']!.replace('=', '=  '));
    git(folder, 'add', 'f4.js');
    const before = { tree: treeOf(folder), index: indexOf(folder) };
    expect((await start(folder, format).ended).code).toBe(0);
    const formatted = treeOf(folder);
    const all = commands.slice(0, count).map((args) => start(folder, [...args]));
    const ended = await Promise.all(all.map((one) => one.ended));
    for (const [at, { code, err }] of ended.entries()) {
      expect(err).not.toMatch(/index\.lock|bug|was cut off/);
      // A check finds something to do where a rollback came before it.
      expect(commands[at] === check ? [0, 1] : [0]).toContain(code);
    }
    expect([before.tree, formatted]).toContainEqual(treeOf(folder));
    expect(indexOf(folder)).toBe(before.index);
    expect(readdirSync(join(folder, '.git/quality/lock'))).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('.quality-'))).toEqual([]);
  });

  it('in two work trees of one repository: each its own, one lock', async () => {
    const main = repository(files);
    const linked = join(temporaryFolder(), 'linked');
    git(main, 'worktree', 'add', '--quiet', linked);
    const all = [main, linked, main, linked].map((folder) => start(folder, [...format, '--lock-timeout', '60s']));
    const ended = await Promise.all(all.map((one) => one.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(ended.some(({ err }) => err.includes('Waiting for another run'))).toBe(true);
    expect([read(main, 'f0.js'), read(linked, 'f0.js')]).toEqual([NEAT_0, NEAT_0]);
    expect(quality(linked, 'rollback').code).toBe(0);
    expect([read(main, 'f0.js'), read(linked, 'f0.js')]).toEqual([NEAT_0, messy(1)['f0.js']]);
  });

  it('prune no snapshots of each other’s work trees', () => {
    const config = configOf({ keepRuns: 1 });
    const main = repository({ ...files, ...config });
    const linked = join(temporaryFolder(), 'linked');
    git(main, 'worktree', 'add', '--quiet', linked);
    mkdirSync(join(main, 'more'));
    expect(quality(linked, ...format).code).toBe(0);
    for (const turn of [1, 2, 3]) {
      writeFileSync(join(main, 'more/g.js'), `export const g   = ${String(turn)}\n`);
      expect(quality(main, ...format).code).toBe(0);
    }
    rmSync(join(linked, 'f1.js'));
    expect(quality(linked, 'rollback', '--snapshot').code).toBe(0);
    expect([read(linked, 'f0.js'), read(linked, 'f1.js')]).toEqual([messy(1)['f0.js'], messy(2)['f1.js']]);
    expect(git(main, 'for-each-ref', 'refs/quality/snapshots').trim().split('\n').length).toBeLessThanOrEqual(3);
  });
});

describe('commits, runs and rollbacks at once', () => {
  const staged = 'export const a   =  1\n\nf();\n';
  const fixed = 'export const a = 1;\n\nf();\n';

  /** The hook that git has started, killed; nothing where it is done. */
  async function killHook(git: number, afterMs: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const file = `/proc/${String(git)}/task/${String(git)}/children`;
    const [hook = ''] = existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ') : [];
    if (hook !== '') process.kill(Number(hook), 'SIGKILL');
  }

  /** Committed or not, nothing is between, and what was not staged is there; what was killed can be done again. */
  function expectWhole(tree: string, isKilled: boolean): void {
    expect(quality(tree, 'recover').code).toBe(0);
    const [head, index, disk] = everywhere(tree, 'part.js');
    expect(head).toBe(isKilled ? null : fixed);
    expect(isKilled ? [staged, fixed] : [fixed]).toContain(index);
    expect([staged, fixed].map((text) => `${text}\n\n// mine\n`).concat(`${fixed}\n// mine\n`)).toContain(disk);
    if (isKilled) expect(commit(tree).code).toBe(0);
    expect(everywhere(tree, 'part.js').slice(0, 2)).toEqual([fixed, fixed]);
  }

  it.each([
    { processes: 4, killedAfterMs: null, what: 'nobody is killed' },
    { processes: 8, killedAfterMs: 500, what: 'a hook is killed' },
  ])('$processes of them in two work trees, $what', async ({ processes, killedAfterMs }) => {
    const main = hooked(messy(2));
    const linked = join(temporaryFolder(), 'linked');
    git(main, 'worktree', 'add', '--quiet', linked);
    const trees = [main, linked];
    for (const tree of trees) {
      writeTree(tree, { 'part.js': staged });
      git(tree, 'add', 'part.js');
      writeTree(tree, { 'part.js': `${staged}\n\n// mine\n` });
    }
    const commits = trees.map((tree) => startCommit(tree));
    const others = [['run', '--only', 'format'], ['rollback'], ['recover']].flatMap((words) =>
      trees.map((tree) => [tree, words] as const),
    );
    const running = others.slice(0, processes - 2).map(([tree, words]) => start(tree, words));
    const [first] = commits;
    const killing = killedAfterMs === null ? null : killHook(first?.child.pid ?? 0, killedAfterMs);
    const ended = await Promise.all(commits.map((one) => one.ended));
    await Promise.all([...running.map((one) => one.ended), killing]);
    const isKilled = killedAfterMs !== null && ended[0]?.code !== 0;
    expect(ended.map(({ code }) => code)).toEqual([isKilled ? 1 : 0, 0]);
    for (const tree of trees) expectWhole(tree, isKilled && tree === main);
    expect(readdirSync(join(main, '.git/quality/lock'))).toEqual([]);
  });
});

describe('a mere look', () => {
  it.each([
    ['at what changed since a commit', ['run', '--check', '--since', 'HEAD']],
    ['at what is staged, with a config that is not', ['run', '--staged', '--no-fix']],
  ])('%s does not touch the index, though git would have something to note there', (_, args) => {
    const folder = repository({ ...PRETTIER, 'a.js': NEAT });
    writeTree(folder, { '.prettierrc.json': '{ "semi": true }\n', 'b.js': NEAT });
    git(folder, 'add', 'b.js');
    // Other times than git knows: it has to look into the file to see that it is the same.
    utimesSync(join(folder, 'a.js'), 1, 1);
    const before = indexOf(folder);
    expect(quality(folder, ...args).code).toBe(0);
    expect(indexOf(folder)).toBe(before);
  });
});
