/** Each row of "When something fails", with real tools that really fail. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { heapArguments, nodeArgumentsFor } from '../src/jobs/heap.js';
import { run as runInProcess } from '../src/run.js';
import {
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
import { PACKAGE_FOLDER, treeOf } from './quality.js';
import { git, read, repository, temporaryFolder, writeTree } from './rig.js';

/** Cleaning up loads a compiler, and is not what these tests are about. */
const FORMAT = ['--only', 'verify,format'];
const others = (...names: string[]) => Object.fromEntries(names.map((name) => [name, MESSY]));
const changed = (report: { readonly changes: readonly { readonly path: string }[] }): string[] =>
  report.changes.map((change) => change.path).filter((path) => path.endsWith('.js'));
const failing = (findings: readonly { rule: string | null; path: string | null }[], kind: string) =>
  findings.filter((one) => one.rule === kind).map((one) => one.path);

describe.concurrent('a tool that takes too long', () => {
  it('in a worker: its file is isolated, the others are done', async () => {
    const folder = repository({
      ...PRETTIER,
      ...eslintRule(`if (name === 'loop.js') ${NEVER_ENDS}`),
      ...others('a.js', 'b.js', 'loop.js', 'd.js'),
    });
    const { code, report, events, mark } = await run(folder, [...FORMAT, '--timeout', '8s']);
    expect(code).toBe(1);
    expect(failing(report.findings, 'tool-timeout')).toEqual(['loop.js']);
    expect(changed(report)).toEqual(['a.js', 'b.js', 'd.js']);
    expect(events.filter((event) => event.type === 'job-retried').length).toBeGreaterThan(0);
    expect(await survivors(mark)).toEqual([]);
  });

  it('as a program with children that ignore TERM and go on writing: all of them are gone', async () => {
    const outside = temporaryFolder();
    const folder = repository({
      ...PRETTIER,
      ...others('a.js'),
      ...configOf({
        commands: { own: { run: tool('stubborn', join(outside, 'out')), effect: 'writes', timeout: '700ms' } },
      }),
    });
    const { code, report, mark } = await run(folder, ['--only', 'format,own']);
    expect(code).toBe(1);
    expect(report.failures).toMatchObject([{ kind: 'tool-timeout', tool: 'own' }]);
    expect(read(folder, 'a.js')).toBe(NEAT);
    expect(await survivors(mark)).toEqual([]);
    const size = statSync(join(outside, 'out')).size;
    await sleep(100);
    expect(statSync(join(outside, 'out')).size).toBe(size);
  });

  it('a program that ends and leaves its children holding the pipes costs no time-out', async () => {
    const outside = temporaryFolder();
    const folder = repository({
      'a.txt': 'a',
      ...configOf({ commands: { own: { run: tool('stubborn', join(outside, 'out'), 'leave') } } }),
    });
    const { code, milliseconds } = await run(folder, ['--only', 'own']);
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(15_000);
  });
});

describe.concurrent('a worker that dies', () => {
  it('of memory: the file is isolated and the reason is said', async () => {
    const folder = repository({
      ...PRETTIER,
      ...eslintRule("if (name === 'eat.js') { const all = []; for (;;) all.push(new Array(100000).fill(0.5)); }"),
      ...others('a.js', 'eat.js', 'c.js'),
    });
    const env = { NODE_OPTIONS: '--max-old-space-size=150' };
    const { code, report } = await run(folder, FORMAT, { env });
    expect(code).toBe(1);
    expect(failing(report.findings, 'tool-crashed')).toEqual(['eat.js']);
    expect(report.findings.map((one) => one.message).join()).toContain('ran out of memory');
    expect(changed(report)).toEqual(['a.js', 'c.js']);
  });

  it('has a bound for its memory, from the machine and the number of workers', () => {
    const GIB = 1024 ** 3;
    expect(heapArguments(2 * GIB, 1, undefined)).toEqual(['--max-old-space-size=1536']);
    expect(heapArguments(64 * GIB, 4, '')).toEqual(['--max-old-space-size=4096']);
    expect(heapArguments(GIB, 8, undefined)).toEqual(['--max-old-space-size=512']);
    expect(heapArguments(GIB, 8, '--max-old-space-size=9000')).toEqual([]);
  });

  it('has more room for what is young where it looks at few files and there is memory for it', () => {
    const GIB = 1024 ** 3;
    const roomy = nodeArgumentsFor(16 * GIB, 2, undefined);
    expect(roomy.few).toEqual([...roomy.many.slice(0, 1), '--min-semi-space-size=128', '--max-semi-space-size=128']);
    expect(roomy.many).toEqual(['--max-old-space-size=4096', '--min-semi-space-size=16']);
    const tight = nodeArgumentsFor(GIB, 2, undefined);
    expect(tight.few).toEqual(tight.many);
    const own = nodeArgumentsFor(16 * GIB, 2, '--max-semi-space-size=32');
    expect(own).toEqual({ few: ['--max-old-space-size=4096'], many: ['--max-old-space-size=4096'] });
  });

  it('by exit, by abort, by a signal: each guilty file is isolated, the others are done', async () => {
    const folder = repository({
      ...PRETTIER,
      ...eslintRule(
        "if (name === 'exit.js') process.exit(0); if (name === 'abort.js') process.abort(); if (name === 'kill.js') { process.kill(process.pid, 'SIGKILL'); for (;;); }",
      ),
      ...others('a.js', 'abort.js', 'c.js', 'exit.js', 'kill.js', 'z.js'),
    });
    const { code, report } = await run(folder, FORMAT);
    expect(code).toBe(1);
    expect(failing(report.findings, 'tool-crashed')).toEqual(['abort.js', 'exit.js', 'kill.js']);
    expect(changed(report)).toEqual(['a.js', 'c.js', 'z.js']);
  });

  it('for every file: it is given up soon, with one finding', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `f${String(index)}.js`);
    const folder = repository({
      'prettier.config.mjs': "export default { plugins: ['./exits.mjs'] };\n",
      'exits.mjs': 'process.exit(7);\n',
      ...others(...names),
    });
    const { code, report, events } = await run(folder, ['--workflow', 'verify-only']);
    expect(code).toBe(1);
    expect(report.findings.filter((one) => one.path === null)).toMatchObject([{ rule: 'tool-crashed' }]);
    expect(report.notices.join()).toMatch(/prettier is not called any more in this run/);
    const retried = events.filter(({ type }) => type === 'job-retried').length;
    expect([retried > 0, retried < 40]).toEqual([true, true]);
  });
});

describe.concurrent('output that cannot be trusted', () => {
  it.each([
    ['nonsense where JSON is due', tool('say', '0', 'all is well'), 'eslint-json', 'tool-output'],
    ['success with no output where output is due', tool('say', '0', ''), 'sarif', 'tool-output'],
    ['an exit code without a finding', tool('say', '9', '[]'), 'eslint-json', 'tool-crashed'],
  ])('%s is a failure, and the raw output is kept', async (_, words, output, kind) => {
    const folder = repository({ 'a.txt': 'a', ...configOf({ commands: { own: { run: words, output } } }) });
    const { code, report } = await run(folder, ['--only', 'own']);
    expect(code).toBe(1);
    expect(report.findings).toMatchObject([{ tool: 'own', rule: kind }]);
    expect(read(folder, `.quality/runs/${report.run}/steps/own-1.log`)).toContain(words.at(-1) ?? '');
  });

  it('a tool that waits for input gets the end of it', async () => {
    const folder = repository({ 'a.txt': 'a', ...configOf({ commands: { own: { run: tool('read-input') } } }) });
    expect(await run(folder, ['--only', 'own', '--timeout', '20s'])).toMatchObject({ code: 0 });
  });

  it('a tool that fails for every batch is not called for the rest', async () => {
    const names = Array.from({ length: 480 }, (_, index) => `f${String(index)}.js`);
    const counter = join(temporaryFolder(), 'counter');
    const count = `const fs = process.getBuiltinModule('node:fs'); fs.appendFileSync(${JSON.stringify(counter)}, name + ' ')`;
    const folder = repository({ ...eslintRule(`${count}; throw new Error('own fault')`), ...others(...names) });
    const { code, report } = await run(folder, ['--workflow', 'verify-only']);
    expect(code).toBe(1);
    expect(report.findings).toHaveLength(1);
    expect(report.findings).toMatchObject([{ tool: 'eslint', rule: 'tool-crashed' }]);
    expect(report.findings[0]?.message).toContain('own fault');
    expect(report.findings[0]?.message).not.toMatch(/^\s+at /m);
    expect(report.notices.join()).toMatch(/eslint is not called any more/);
    const asked = readFileSync(counter, 'utf8').trim().split(' ');
    const batches = new Set(asked.map((name) => Math.floor(names.sort().indexOf(name) / 50)));
    // Three, and what was under way beside the third.
    expect(batches.size).toBeLessThanOrEqual(4);
  });
});

describe.concurrent('files that stand in the way', () => {
  it.runIf(process.getuid?.() === 0)('read-only and unreadable ones are reported, the others go on', async () => {
    const nobody = 65_534;
    const folder = repository({ ...PRETTIER, ...others('a.js', 'shut/b.js', 'c.js'), 'd.txt': 'd' });
    execFileSync('chown', ['-R', `${String(nobody)}:${String(nobody)}`, folder]);
    chownSync(join(folder, 'shut'), 0, 0);
    chmodSync(join(folder, 'shut'), 0o755);
    chmodSync(join(folder, 'c.js'), 0o000);
    const { code, report } = await run(folder, ['--only', 'format'], { uid: nobody, env: { HOME: folder } });
    expect(code).toBe(1);
    expect(report.failures).toMatchObject([{ kind: 'file-unwritable', path: 'shut/b.js' }]);
    expect(read(folder, 'a.js')).toBe(NEAT);
    expect(read(folder, 'shut/b.js')).toBe(MESSY);
    expect(read(folder, 'c.js')).toBe(MESSY);
  });

  it('one that somebody deletes in the very moment in which it is to be written is gone, and no read-only one', async () => {
    const folder = repository({ ...PRETTIER, 'a.js': 'export const a   = 1\n', 'b.js': 'export const b   = 1\n' });
    const program = `const fs = require('node:fs');
const { accessSync } = fs;
fs.accessSync = (path, ...rest) => {
  if (String(path).endsWith('/a.js')) fs.rmSync(path, { force: true });
  return accessSync(path, ...rest);
};
`;
    const deletes = join(temporaryFolder({ 'deletes.cjs': program }), 'deletes.cjs');
    const ended = await start(folder, ['format'], { env: { NODE_OPTIONS: `--require=${deletes}` } }).ended;
    expect(ended.out + ended.err).not.toContain('read-only');
    expect(ended.code).toBe(0);
    expect([existsSync(join(folder, 'a.js')), read(folder, 'b.js')]).toEqual([false, 'export const b = 1;\n']);
  });

  it('a file changed under the run is done again on its new content', async () => {
    const { folder, code, report } = await meddled(1);
    expect(code).toBe(0);
    expect(read(folder, 'a.txt')).toBe('A\nBY HAND 0\n');
    expect(read(folder, 'b.txt')).toBe('B\n');
    expect(report.failures).toEqual([]);
  });

  it('a file changed each time is reported and never overwritten', async () => {
    const { folder, code, report } = await meddled(9);
    expect(code).toBe(1);
    expect(read(folder, 'a.txt')).toBe('a\nby hand 0\nby hand 1\nby hand 2\n');
    expect(read(folder, 'b.txt')).toBe('B\n');
    expect(report.failures).toMatchObject([{ kind: 'file-changed', path: 'a.txt' }]);
  });
});

async function meddled(times: number) {
  const folder = repository({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  const run1 = tool('meddle', folder, 'a.txt', String(times), join(temporaryFolder(), 'counter'));
  const config = configOf({ commands: { own: { run: run1, effect: 'writes', files: ['*.txt'] } } });
  appendFileSync(join(folder, '.quality-config.json'), config['.quality-config.json']);
  return { folder, ...(await run(folder, ['--only', 'own'])) };
}

const BLACK = `#!/bin/sh
case "$*" in
  *--version*) echo 'black, 25.1.0' ;;
  *--check*) echo 'would reformat a.py' >&2; exit 1 ;;
  *) sed 's/x=1/x = 1/' ;;
esac
`;

describe.concurrent('a tool that is missing', () => {
  it('is replaced by the next alternative, or skipped with the command that installs it', async () => {
    const folder = repository({
      'a.py': 'x=1\n',
      'b.sh': 'echo   b\n',
      'node_modules/.bin/black': BLACK,
      ...configOf({ formatters: { python: [['ruff', 'black']], shell: ['shfmt'] } }),
    });
    chmodSync(join(folder, 'node_modules/.bin/black'), 0o755);
    const { report } = await run(folder, ['--only', 'format'], { env: { PATH: pathOfGit() } });
    expect(report.changes).toMatchObject([{ path: 'a.py', tools: ['black'] }]);
    expect(read(folder, 'b.sh')).toBe('echo   b\n');
    const said = JSON.stringify([report.findings, readPlan(folder, report.run)]);
    expect(said).toMatch(/install.*shfmt|shfmt.*install/i);
  });
});

/** A PATH on which there is git and no formatter. */
function pathOfGit(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  for (const name of ['git', 'sed', 'node', 'sh']) {
    const found = execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    execFileSync('ln', ['-s', found, join(folder, 'bin', name)]);
  }
  return join(folder, 'bin');
}

function readPlan(folder: string, id: string): unknown {
  return JSON.parse(read(folder, `.quality/runs/${id}/plan.json`));
}

describe.concurrent('--on-failure', () => {
  // `format` writes, then `own` fails, then `after` would write.
  const scene = () =>
    repository({
      ...PRETTIER,
      ...others('a.js'),
      'b.txt': 'b\n',
      ...configOf({
        commands: {
          own: { run: tool('say', '0', 'no diff'), output: 'unified-diff', effect: 'writes', after: ['format'] },
          later: { run: tool('edit', 'b.txt', 'later\n'), effect: 'writes', after: ['own'] },
        },
      }),
    });

  it.each([
    ['continue', NEAT, 'later\n'],
    ['stop', NEAT, 'b\n'],
    ['rollback', MESSY, 'b\n'],
  ])('%s', async (policy, a, b) => {
    const folder = scene();
    const { code, report } = await run(folder, ['--only', 'format,own,later', '--on-failure', policy]);
    expect(code).toBe(1);
    expect(report.failures).toMatchObject([{ tool: 'own', kind: 'tool-output' }]);
    expect([read(folder, 'a.js'), read(folder, 'b.txt')]).toEqual([a, b]);
  });
});

describe.concurrent('the gate', () => {
  const numbered = (count: number, number: (index: number) => number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `src/n${String(index)}.js`,
        `export const n = ${String(number(index))};\n`,
      ]),
    );
  const editing = (tree: Record<string, string>) => ({
    run: tool('edit', ...Object.entries(tree).flat()),
    effect: 'writes',
    files: ['src/**'],
  });

  it.each([
    ['bisect', 4, ['src/n1.js']],
    ['rollback', 4, ['src/n0.js', 'src/n1.js', 'src/n2.js']],
    ['keep', 1, []],
  ])('--on-regression %s', async (policy, exit, takenBack) => {
    const before = numbered(3, () => 0);
    const folder = repository({
      ...before,
      ...configOf({
        verify: { tests: [tool('check-sum')] },
        commands: { own: editing(numbered(3, (index) => (index === 1 ? 500 : 2))) },
      }),
    });
    const { code, report } = await run(folder, ['--only', 'own', '--gate', 'tests', '--on-regression', policy]);
    expect(code).toBe(exit);
    expect(report.refused.map((one) => one.path).sort()).toEqual(takenBack);
    for (const path of Object.keys(before)) expect(read(folder, path) === before[path]).toBe(takenBack.includes(path));
  });

  it('among 200 edits refuses one that breaks types elsewhere, one that breaks a test, one of two that break together', async () => {
    const before = numbered(200, () => 0);
    const typed = (type: string, value: string) => `export const t: ${type} = ${value};\n`;
    const after: Record<string, string> = {
      ...numbered(200, (index) => (index === 150 ? 500 : index === 20 || index === 90 ? 3 : 2)),
      'lib/t.ts': typed('string', "'a'"),
    };
    const folder = repository({
      ...before,
      'lib/t.ts': typed('number', '1'),
      'lib/use.ts': "import { t } from './t.js';\nexport const double: number = t * 2;\n",
      'tsconfig.json':
        '{ "compilerOptions": { "strict": true, "noEmit": true, "module": "esnext", "moduleResolution": "bundler", "lib": ["es5"], "types": [] }, "include": ["lib"] }\n',
      'package.json': '{ "type": "module", "devDependencies": { "typescript": "*" } }\n',
      '.gitignore': 'node_modules\n',
      'node_modules/typescript': { link: join(PACKAGE_FOLDER, 'node_modules/typescript') },
      ...configOf({
        verify: { checks: ['types'], tests: [tool('check-sum')] },
        commands: { own: { ...editing(after), files: [] } },
      }),
    });
    const { code, report, events } = await run(folder, ['--only', 'own', '--gate', 'tests']);
    expect(code).toBe(4);
    const refused = new Map(report.refused.map((one) => [one.path, one.reason]));
    expect([...refused.keys()].filter((path) => !/n(20|90)\.js/.test(path)).sort()).toEqual([
      'lib/t.ts',
      'src/n150.js',
    ]);
    expect(refused.size).toBe(3);
    expect(refused.get('lib/t.ts')).toMatch(/TS\d+ in lib\/use\.ts/);
    expect(refused.get('src/n150.js')).toMatch(/n150\.js is small/);
    expect(report.findings).toEqual([]);
    const changed = Object.keys(after).filter((path) => read(folder, path) === after[path]);
    expect(changed).toHaveLength(198);
    expect(events.find((event) => event.type === 'gate-judged')?.verifications).toBeLessThanOrEqual(12);
  });

  it('a test that fails and then passes on the same tree is flaky, and no edit is blamed', async () => {
    const counter = join(temporaryFolder(), 'counter');
    const folder = repository({
      'b.txt': 'b\n',
      ...configOf({
        verify: { tests: [tool('nth', counter, '2')] },
        commands: { own: { run: tool('edit', 'b.txt', 'new\n'), effect: 'writes' } },
      }),
    });
    const { code, report } = await run(folder, ['--only', 'own', '--gate', 'tests']);
    expect(code).toBe(0);
    expect(read(folder, 'b.txt')).toBe('new\n');
    expect(report.notices.join()).toMatch(/Flaky.*not ok 1 - sometimes|Flaky/);
    expect(readFileSync(counter, 'utf8')).toHaveLength(3);
  });

  it('--priority safety judges each step that writes before the next one starts', async () => {
    const folder = repository({
      ...PRETTIER,
      ...others('src/a.js'),
      ...configOf({
        verify: { tests: [tool('check-sum')] },
        commands: {
          bad: { run: tool('edit', 'src/a.js', 'export const a = 900;\n'), effect: 'writes', after: ['format'] },
          later: { run: tool('edit', 'c.txt', 'later\n'), effect: 'writes', after: ['bad'] },
        },
      }),
    });
    const { code, report } = await run(folder, [
      '--only',
      'format,bad,later',
      '--gate',
      'tests',
      '--priority',
      'safety',
    ]);
    expect(report.steps.map((one) => one.step)).toEqual([
      ...['verify-1', 'format-1', 'verify-2', 'bad-1', 'verify-3', 'later-1', 'verify-4'],
    ]);
    expect(code).toBe(4);
    expect(report.refused.map((one) => [one.step, one.path])).toEqual([['bad-1', 'src/a.js']]);
    expect([read(folder, 'src/a.js'), read(folder, 'c.txt')]).toEqual([NEAT, 'later\n']);
  });
});

describe('a full disk', () => {
  const canMount = process.getuid?.() === 0 && process.platform === 'linux' && mounts();
  it.skipIf(!canMount)('stops the run, leaves nothing of the phase and says how much is needed', async () => {
    const disk = temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=70m', 'tmpfs', disk]);
    try {
      const folder = join(disk, 'repo');
      const source = repository({
        ...PRETTIER,
        ...Object.fromEntries(
          Array.from({ length: 20 }, (_, index) => [
            `f${String(index)}.js`,
            MESSY.repeat(200).replaceAll('const a', 'let a'),
          ]),
        ),
        '.gitignore': 'filler\n',
        ...configOf({ verify: { checks: [], tests: [tool('fill', 'filler')] } }),
      });
      execFileSync('cp', ['-a', source, folder]);
      const tree = treeOf(folder);
      delete tree.filler;
      const ended = await start(folder, ['run', '--only', 'verify,format']).ended;
      expect(ended.code).toBe(1);
      expect(ended.out + ended.err).toMatch(/disk is full.*(KiB|MiB|needed|written)/i);
      execFileSync('rm', [join(folder, 'filler')]);
      expect(treeOf(folder)).toEqual(tree);
      expect(readdirSync(join(folder, '.git')).filter((name) => name.endsWith('.lock'))).toEqual([]);
      const again = await start(folder, ['runs']).ended;
      expect(again).toMatchObject({ code: 0, err: '' });
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

function mounts(): boolean {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    console.warn('No tmpfs can be mounted here: what happens on a full disk is not tested.');
    return false;
  }
}

describe.concurrent('a bug in the middle of a run', () => {
  it('puts the tree back before it is thrown on', async () => {
    const folder = repository({ ...PRETTIER, ...others('a.js', 'b.js') });
    const tree = treeOf(folder);
    const onEvent = (event: { readonly type: string }): void => {
      if (event.type === 'edits-applied') throw new Error('planted');
    };
    await expect(runInProcess({ cwd: folder, only: ['format'] }, { onEvent })).rejects.toThrow('planted');
    expect(treeOf(folder)).toEqual(tree);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(await start(folder, ['run', '--only', 'format']).ended).toMatchObject({ code: 0, err: '' });
  });

  it('ends with exit code 3 and the tree as it was', async () => {
    const folder = repository({ ...PRETTIER, ...others('a.js') });
    const breaks = `for run in "$1"/.quality/runs/*; do test -f "$run/unproven.json" && mkdir -p "$run/unproven.json.new/x"; done; exit 0`;
    const config = configOf({ verify: { checks: [], tests: [['/bin/sh', '-c', breaks, 'sh', folder]] } });
    appendFileSync(join(folder, '.quality-config.json'), config['.quality-config.json']);
    const tree = treeOf(folder);
    const ended = await start(folder, ['run', '--only', 'verify,format', '--gate', 'tests']).ended;
    expect(ended.code).toBe(3);
    expect(ended.err).toContain('This is a bug in quality');
    expect(treeOf(folder)).toEqual(tree);
    expect(existsSync(join(folder, '.git/quality/lock/write'))).toBe(false);
  });

  it('ends with exit code 3 when it waits for what will never come, which is no success', async () => {
    const folder = repository({ ...PRETTIER, 'a.js': NEAT });
    const never = join(folder, 'never.cjs');
    writeTree(folder, { 'never.cjs': "require('node:fs').promises.writeFile = () => new Promise(() => undefined);\n" });
    const ended = await start(folder, ['verify'], { env: { NODE_OPTIONS: `--require=${never}` } }).ended;
    expect(ended).toMatchObject({ code: 3, err: expect.stringContaining('This is a bug in quality') as string });
  });
});
