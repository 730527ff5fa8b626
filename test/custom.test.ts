import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CustomCommand } from '../src/config/schema.js';
import { hashBytes } from '../src/host/hash.js';
import type { JobOutcome } from '../src/model/job.js';
import { failingLines } from '../src/tools/custom/words.js';
import { customTool, testTool } from '../src/tools/custom.js';
import { listWorkspace, withScratchCopy } from '../src/tools/scratch.js';
import { ToolFault } from '../src/tools/tool-fault.js';
import type { SourceText, Tool } from '../src/tools/tool.js';
import { type Tree, git, read, repository, temporaryFolder, writeTree } from './rig.js';

function command(run: readonly string[], more: Partial<CustomCommand> = {}): CustomCommand {
  const base = { effect: 'reads', files: [], after: [], inputs: [], output: 'exit-code', cwd: '' } as const;
  return { ...base, ...more, run: [...run] } as CustomCommand;
}

function source(root: string, path: string, text?: string): SourceText {
  const content = text ?? read(root, path);
  const hash = hashBytes(Buffer.from(content));
  return { path, absolutePath: join(root, path), hash, text: content, virtual: text !== undefined };
}

async function check(
  tool: Tool,
  root: string,
  files: readonly SourceText[],
  more: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<JobOutcome> {
  const [use] = (await tool.detect({ files: [] } as never)).uses;
  if (use === undefined) throw new Error('a command of one’s own is always used');
  const engine = await tool.open(use, {
    root,
    stateFolder: join(root, '.quality/cache/x'),
    timeoutMs: 20_000,
    ...more,
  });
  if (engine.check === undefined) throw new Error('no check');
  return engine.check(files);
}

async function faultOf(work: Promise<unknown>): Promise<ToolFault['failure']> {
  const fault: unknown = await work.then(
    () => new Error('no fault'),
    (error: unknown) => error,
  );
  if (!(fault instanceof ToolFault)) throw fault;
  return fault.failure;
}

/** Everything below the folder: kind, mode, content, time of the last change. */
function photograph(root: string): Record<string, unknown> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.parentPath.includes('.git'),
  );
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const stats = statSync(path, { throwIfNoEntry: false });
      return [path, entry.isFile() ? [stats?.mode, stats?.mtimeMs, readFileSync(path, 'latin1')] : stats?.mode];
    }),
  );
}

describe('a scratch copy', () => {
  const tree: Tree = {
    '.gitignore': 'dist/\n*.log\n!keep.log\n',
    'a.txt': 'a\n',
    'run.sh': '#!/bin/sh\n',
    'sub/b.txt': 'b\n',
    'sub/.gitignore': '/tmp\n',
    'gone.txt': 'gone\n',
    'same.txt': 'same\n',
    'link.txt': { link: 'a.txt' },
    'packages/p/package.json': '{}',
    'package.json': '{}',
    'odd \n-name😀.txt': 'odd\n',
  };

  const filesOf = async (root: string) => (await listWorkspace(root)).map((path) => ({ path }));

  it('holds packages that are committed, and the project’s own as they are in the copy', async () => {
    const root = repository({
      'package.json': '{}',
      'lib/index.js': 'lib',
      'fixture/package.json': '{}',
      'fixture/node_modules/committed/index.js': 'committed',
      '.gitignore': '/node_modules\nfixture/node_modules/installed\n',
    });
    writeTree(root, {
      'node_modules/@own/lib': { link: '../../lib' },
      'fixture/node_modules/installed/index.js': 'installed',
    });
    const edits = await withScratchCopy(
      { tool: 't', root, files: await filesOf(root) },
      async ({ folder, readEdits }) => {
        const modules = join(folder, 'fixture/node_modules');
        expect(read(modules, 'committed/index.js') + read(modules, 'installed/index.js')).toBe('committedinstalled');
        writeTree(folder, { 'lib/index.js': 'changed' });
        expect(read(folder, 'node_modules/@own/lib/index.js')).toBe('changed');
        return readEdits();
      },
    );
    expect(edits.map(({ path }) => path)).toEqual(['lib/index.js']);
    expect(read(root, 'lib/index.js')).toBe('lib');
  });

  it('holds what the workspace holds, modes and links too, and reads off what changed', async () => {
    const root = repository(tree);
    chmodSync(join(root, 'run.sh'), 0o755);
    writeTree(root, {
      'node_modules/m/index.js': 'm',
      'packages/p/node_modules/n/index.js': 'n',
      'dist/old.js': 'old',
      'new.txt': 'untracked\n',
    });
    const before = photograph(root);
    const seen: string[] = [];
    const folders: string[] = [];
    const edits = await withScratchCopy(
      { tool: 't', root, files: await filesOf(root) },
      async ({ folder, readEdits }) => {
        folders.push(folder);
        seen.push(...readdirSync(folder, { recursive: true, encoding: 'utf8' }));
        expect(statSync(join(folder, 'run.sh')).mode & 0o777).toBe(0o755);
        expect(read(folder, 'node_modules/m/index.js') + read(folder, 'packages/p/node_modules/n/index.js')).toBe('mn');
        writeTree(folder, {
          'link.txt': 'changed through the link\n',
          'sub/b.txt': 'B\n',
          'same.txt': 'same\n',
          'created/c.sh': '#!/bin/sh\n',
          'dist/out.js': 'ignored',
          'sub/tmp': 'ignored',
          'x.log': 'ignored',
          'keep.log': 'kept',
          'odd \n-name😀.txt': 'ODD\n',
        });
        chmodSync(join(folder, 'created/c.sh'), 0o755);
        chmodSync(join(folder, 'run.sh'), 0o644);
        git(folder, 'init', '--quiet');
        git(folder, 'clean', '-fdq', '--exclude=*', '.');
        rmSync(join(folder, 'gone.txt'));
        return readEdits();
      },
    );
    const shown = edits.map((edit) => [
      edit.path,
      edit.before,
      edit.after === null ? null : Buffer.from(edit.after).toString(),
      edit.executable,
    ]);
    const hash = (text: string): string => hashBytes(Buffer.from(text));
    expect(shown).toEqual([
      ['a.txt', hash('a\n'), 'changed through the link\n', undefined],
      ['created/c.sh', null, '#!/bin/sh\n', true],
      ['gone.txt', hash('gone\n'), null, undefined],
      ['keep.log', null, 'kept', undefined],
      ['odd \n-name😀.txt', hash('odd\n'), 'ODD\n', undefined],
      ['run.sh', hash('#!/bin/sh\n'), '#!/bin/sh\n', false],
      ['sub/b.txt', hash('b\n'), 'B\n', undefined],
    ]);
    expect(seen).toContain('new.txt');
    expect(seen.some((path) => path.startsWith('dist') || path.startsWith('.git/'))).toBe(false);
    expect(photograph(root)).toEqual(before);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false]);
  });

  it('shows texts that are not on disk, and links into the target lead into the copy', async () => {
    const root = temporaryFolder({ 'a.txt': 'disk', 'exec.sh': 'x' });
    chmodSync(join(root, 'exec.sh'), 0o755);
    writeTree(root, { 'absolute.txt': { link: join(root, 'a.txt') } });
    const contents = new Map([
      ['a.txt', Buffer.from('virtual')],
      ['exec.sh', Buffer.from('y')],
      ['only.txt', Buffer.from('new')],
    ]);
    const files = ['a.txt', 'exec.sh', 'only.txt', 'absolute.txt', 'vanished.txt'].map((path) => ({ path }));
    const edits = await withScratchCopy({ tool: 't', root, files, contents }, async ({ folder, readEdits }) => {
      expect(['a.txt', 'exec.sh', 'only.txt', 'absolute.txt'].map((path) => read(folder, path))).toEqual([
        'virtual',
        'y',
        'new',
        'virtual',
      ]);
      expect(statSync(join(folder, 'exec.sh')).mode & 0o777).toBe(0o755);
      writeTree(folder, { 'absolute.txt': 'written' });
      return readEdits();
    });
    expect(edits.map((edit) => [edit.path, edit.before])).toEqual([['a.txt', hashBytes(Buffer.from('virtual'))]]);
    expect(read(root, 'a.txt')).toBe('disk');
  });

  it('is gone when the work fails, and a changed link is a fault', async () => {
    const root = repository(tree);
    const files = await filesOf(root);
    const folders: string[] = [];
    const work = withScratchCopy({ tool: 't', root, files }, async ({ folder, readEdits }) => {
      folders.push(folder);
      rmSync(join(folder, 'link.txt'));
      writeTree(folder, { 'link.txt': { link: 'sub/b.txt' } });
      return readEdits();
    });
    expect(await faultOf(work)).toMatchObject({ kind: 'tool-output', tool: 't', detail: 'link.txt' });
    const aborted = withScratchCopy({ tool: 't', root, files, signal: AbortSignal.abort(new Error('stop')) }, () =>
      Promise.resolve(0),
    );
    await expect(aborted).rejects.toThrow('stop');
    expect(folders.map((folder) => existsSync(folder))).toEqual([false]);
  });
});

describe('a command that reads', () => {
  const root = (): string => repository({ 'a.txt': 'a\n', '-b c.txt': 'b\n', 'sub/d.txt': 'd\n' });
  const files = (folder: string): SourceText[] =>
    ['-b c.txt', 'a.txt', 'sub/d.txt'].map((path) => source(folder, path));

  it('gets the files as arguments, seen from its folder', async () => {
    const folder = root();
    const print = ['node', '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', 'x', '{files}', 'y'];
    const outcome = await check(customTool('own', command(print)), folder, files(folder));
    expect(outcome.log).toContain('["x","./-b c.txt","a.txt","sub/d.txt","y"]');
    expect(outcome.files.map((file) => [file.path, file.status])).toEqual([
      ['-b c.txt', 'done'],
      ['a.txt', 'done'],
      ['sub/d.txt', 'done'],
    ]);
    const inSub = await check(customTool('own', command(print, { cwd: 'sub' })), folder, files(folder));
    expect(inSub.log).toContain('["x","../-b c.txt","../a.txt","d.txt","y"]');
  });

  it('takes the files of its globs', () => {
    const tool = customTool('own', command(['x'], { files: ['docs/**', '*.md'] }));
    const taken = ['docs/.x/a.txt', 'a.md', 'sub/a.md', 'a.txt'].filter((path) =>
      tool.takes({} as never, { path } as never),
    );
    expect(taken).toEqual(['docs/.x/a.txt', 'a.md']);
  });

  it('exit code: anything but zero is one finding with the last lines, durations aside', async () => {
    const folder = root();
    const fails = (ms: string): Tool =>
      customTool('own', command(['sh', '-c', `echo checked; echo "2 problems in ${ms}ms" >&2; exit 4`]));
    const outcome = await check(fails('12'), folder, files(folder));
    expect(outcome.diagnostics).toEqual([
      { tool: 'own', rule: null, severity: 'error', path: null, message: 'exit code 4\nchecked\n2 problems in' },
    ]);
    expect((await check(fails('3456'), folder, files(folder))).diagnostics).toEqual(outcome.diagnostics);
    expect(outcome.log).toContain('2 problems in 12ms');
  });

  it('gcc-style lines: findings go to their files; a failure without any is a fault, chatter at success is not', async () => {
    const folder = root();
    const tool = (script: string): Tool => customTool('own', command(['sh', '-c', script], { output: 'gcc' }));
    const outcome = await check(
      tool('echo looking; echo "a.txt:1:1: warning: hm [w]" >&2; echo "z.txt:2: error: other"; exit 1'),
      folder,
      files(folder),
    );
    expect(outcome.files[1]?.diagnostics).toEqual([
      { tool: 'own', rule: 'w', severity: 'warning', message: 'hm', path: 'a.txt', start: { line: 1, column: 1 } },
    ]);
    expect(outcome.diagnostics.map((one) => one.path)).toEqual(['z.txt']);
    expect((await check(tool('echo fine'), folder, files(folder))).diagnostics).toEqual([]);
    expect((await faultOf(check(tool('echo broken; exit 2'), folder, files(folder)))).kind).toBe('tool-crashed');
  });

  it('a document that is none is a fault, even with exit code 0', async () => {
    const folder = root();
    for (const output of ['sarif', 'eslint-json', 'checkstyle', 'unified-diff'] as const) {
      const tool = customTool('own', command(['echo', 'all good'], { output }));
      expect((await faultOf(check(tool, folder, files(folder)))).kind).toBe('tool-output');
    }
  });

  it('a missing program, a time-out and an abort', async () => {
    const folder = root();
    const missing = await faultOf(check(customTool('own', command(['no-such-program'])), folder, []));
    expect(missing).toMatchObject({
      kind: 'tool-missing',
      message: 'The command "own" starts "no-such-program", but it is neither in node_modules/.bin nor on the PATH',
    });
    expect((await faultOf(check(customTool('own', command(['./no.sh'])), folder, []))).message).toContain(
      'there is no such file',
    );
    const slow = customTool('own', command(['sleep', '20'], { timeout: 200 }));
    expect((await faultOf(check(slow, folder, []))).kind).toBe('tool-timeout');
    const aborted = check(customTool('own', command(['sleep', '20'])), folder, [], {
      signal: AbortSignal.timeout(200),
    });
    expect((await faultOf(aborted)).kind).toBe('interrupted');
  });

  it('sees texts that are not on disk', async () => {
    const folder = root();
    const outcome = await check(customTool('own', command(['cat', '{files}'])), folder, [
      source(folder, 'a.txt', 'virtual!'),
    ]);
    expect(outcome.log).toContain('virtual!');
    expect(outcome.edits).toBeUndefined();
  });

  it.each(['', 'sub', './sub/'])(
    'sees them as files, from its folder "%s", and beside them what is on disk',
    async (cwd) => {
      const folder = root();
      writeTree(folder, { 'sub/deep/e.txt': 'e\n', 'made/ignored.txt': 'made', 'node_modules/m/index.js': 'm' });
      const before = photograph(folder);
      const program = `const fs = require('node:fs');
const [, ...files] = process.argv;
const up = ${JSON.stringify(cwd === '' ? '.' : '..')};
const seen = ['a.txt', 'sub/d.txt', 'made/ignored.txt', 'node_modules/m/index.js', 'sub/deep/e.txt', 'new/f.txt'];
console.log(JSON.stringify([
  files.map((file) => [fs.readFileSync(file, 'utf8'), fs.lstatSync(file).isFile()]),
  seen.map((path) => fs.readFileSync(up + '/' + path, 'utf8')),
  fs.existsSync(up + '/.git'),
]));`;
      const outcome = await check(customTool('own', command(['node', '-e', program, '{files}'], { cwd })), folder, [
        source(folder, 'a.txt', 'virtual a'),
        source(folder, '-b c.txt'),
        source(folder, 'new/f.txt', 'virtual f'),
        source(folder, 'sub/d.txt'),
      ]);
      const given = ['virtual a', 'b\n', 'virtual f', 'd\n'];
      const shown = ['virtual a', 'd\n', 'made', 'm', 'e\n', 'virtual f'];
      expect(outcome.log).toContain(JSON.stringify([given.map((text) => [text, true]), shown, false]));
      expect(photograph(folder)).toEqual(before);
    },
  );
});

describe('a command that writes', () => {
  const script = `const fs = require('node:fs');
fs.writeFileSync('docs/index.md', fs.readdirSync('src').join('\\n'));
fs.writeFileSync('docs/new.md', 'new');
fs.rmSync('docs/old.md');
`;
  const tree = { 'docs.cjs': script, 'src/a.ts': '', 'docs/index.md': 'stale', 'docs/old.md': 'old' };

  it('leaves the target alone and gives edits', async () => {
    const root = repository(tree);
    const before = photograph(root);
    const outcome = await check(customTool('docs', command(['node', 'docs.cjs'], { effect: 'writes' })), root, [
      source(root, 'docs/index.md'),
    ]);
    expect(
      outcome.edits?.map((edit) => [
        edit.path,
        edit.before,
        edit.after === null ? null : Buffer.from(edit.after).toString(),
      ]),
    ).toEqual([
      ['docs/index.md', hashBytes(Buffer.from('stale')), 'a.ts'],
      ['docs/new.md', null, 'new'],
      ['docs/old.md', hashBytes(Buffer.from('old')), null],
    ]);
    expect(photograph(root)).toEqual(before);
  });

  it('leaves nothing behind when it fails', async () => {
    const root = repository(tree);
    const outcome = await check(
      customTool('docs', command(['sh', '-c', 'node docs.cjs; exit 1'], { effect: 'writes' })),
      root,
      [],
    );
    expect(outcome.edits).toEqual([]);
    expect(outcome.diagnostics.map((one) => one.message)).toEqual(['exit code 1']);
  });

  it('a diff that it prints is applied to what it saw', async () => {
    const root = repository({
      'x.txt': 'one\ntwo\n',
      'd.diff': '--- a/x.txt\n+++ b/x.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n',
    });
    const tool = customTool('own', command(['cat', 'd.diff'], { effect: 'writes', output: 'unified-diff' }));
    const outcome = await check(tool, root, []);
    expect(
      outcome.edits?.map((edit) => [edit.path, edit.after === null ? null : Buffer.from(edit.after).toString()]),
    ).toEqual([['x.txt', 'one\n2\n']]);
    writeTree(root, { 'x.txt': 'something else\n' });
    expect((await faultOf(check(tool, root, []))).message).toContain('fits x.txt');
  });

  it('finds programs of node_modules', async () => {
    const root = repository({ ...tree, '.gitignore': 'node_modules\n' });
    writeTree(root, { 'node_modules/.bin/mk': '#!/bin/sh\necho made > made.txt\n' });
    chmodSync(join(root, 'node_modules/.bin/mk'), 0o755);
    for (const program of ['mk', './node_modules/.bin/mk']) {
      const outcome = await check(customTool('own', command([program], { effect: 'writes' })), root, []);
      expect(outcome.edits?.map((edit) => edit.path)).toEqual(['made.txt']);
    }
    expect(existsSync(join(root, 'made.txt'))).toBe(false);
  });
});

describe('the project’s own tests', () => {
  it('pass, or fail with one finding for the exit code and one for each failing test', async () => {
    const root = repository({
      'ok.sh': 'exit 0',
      'bad.sh': 'echo " FAIL  test/b.test.ts > adds (12 ms)"; echo "not ok 3 - sub"; echo "Duration 1.21s"; exit 1',
    });
    expect((await check(testTool(['sh', 'ok.sh']), root, [])).diagnostics).toEqual([]);
    const outcome = await check(testTool(['sh', 'bad.sh']), root, [source(root, 'ok.sh')]);
    expect(outcome.diagnostics.map((one) => [one.tool, one.rule, one.severity, one.message])).toEqual([
      ['test', 'sh bad.sh', 'error', 'exit code 1'],
      ['test', 'sh bad.sh', 'error', 'FAIL test/b.test.ts > adds'],
      ['test', 'sh bad.sh', 'error', 'not ok 3 - sub'],
    ]);
    expect(outcome.log).toContain('Duration 1.21s');
    expect(testTool(['npm', 'test']).name).toBe('test:npm test');
  });

  it('says the same when the same tests fail in another order, at another time, elsewhere', () => {
    const first =
      '✗ one (3 ms)\nFAILED tests/x.py::test_a - /tmp/abc/x\n--- FAIL: TestB (0.01s)\ntest m::c ... FAILED\n  1) suite adds\n';
    const second =
      '--- FAIL: TestB (1.5s)\ntest m::c ... FAILED\n✗ one (1.2s)\n  2) suite adds\nFAILED tests/x.py::test_a - /tmp/def/y\n';
    expect(failingLines(first)).toHaveLength(5);
    expect(failingLines(second)).toEqual(failingLines(first));
  });
});
