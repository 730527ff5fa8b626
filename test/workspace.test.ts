import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Repository } from '../src/git/repository.js';
import { hashBytes } from '../src/host/hash.js';
import type { Result } from '../src/model/result.js';
import { patternTest } from '../src/workspace/exclusion.js';
import { pnpmPackages } from '../src/workspace/packages.js';
import {
  type Workspace,
  conflictMarkers,
  filesChangedSince,
  gitOperationInProgress,
  openWorkspace,
  refreshFiles,
  selectPaths,
  unmergedPaths,
} from '../src/workspace/workspace.js';
import { GIT_ENV, type Tree, git, repository, temporaryFolder, writeTree } from './rig.js';

beforeEach(() => {
  vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
  vi.stubEnv('GIT_CONFIG_SYSTEM', '/dev/null');
  vi.stubEnv('XDG_CONFIG_HOME', '/nowhere');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

interface Asked {
  readonly excludedPatterns?: string[];
  readonly maxFileSize?: string | number;
  readonly stateFolder?: string;
  readonly reads?: string[];
}

async function open(root: string, asked: Asked = {}): Promise<Workspace> {
  const { excludedPatterns = [], maxFileSize = '10MiB', stateFolder, reads } = asked;
  return valueOf(
    await openWorkspace({
      root,
      config: { excludedPatterns, maxFileSize },
      ...(stateFolder === undefined ? {} : { stateFolder }),
      ...(reads === undefined ? {} : { onRead: (path: string) => reads.push(path) }),
    }),
  );
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

function failureOf(result: Result<unknown>) {
  if (result.ok) throw new Error('expected a failure');
  return result.failure;
}

const paths = (workspace: Workspace): string[] => workspace.files.map(({ path }) => path);
const left = (workspace: Workspace): Record<string, string> =>
  Object.fromEntries(workspace.excluded.map(({ path, reason, detail }) => [path, `${reason}: ${detail}`]));
const fileOf = (workspace: Workspace, path: string) => workspace.files.find((file) => file.path === path)!;

/** Every file of the workspace has the hash of what stands on disk. */
function expectTrueHashes(workspace: Workspace): void {
  for (const { path, hash, size } of workspace.files) {
    const bytes = readFileSync(join(workspace.root, path));
    expect({ path, hash, size }).toEqual({ path, hash: hashBytes(bytes), size: bytes.length });
  }
}

/** Cold, and twice warm: what the cache answers must be what reading answers. */
async function openThrice(root: string): Promise<{ workspace: Workspace; reads: string[] }> {
  const stateFolder = temporaryFolder();
  const cold = await open(root, { stateFolder });
  await open(root, { stateFolder });
  const reads: string[] = [];
  const workspace = await open(root, { stateFolder, reads });
  expect({ ...workspace, sources: null }).toEqual({ ...cold, sources: null });
  expectTrueHashes(workspace);
  return { workspace, reads };
}

/** Files as old as their index entries make git read them again: nobody's files are all from this very moment. */
function settle(root: string): void {
  for (const path of git(root, 'ls-files', '-z').split('\0').filter(Boolean))
    try {
      utimesSync(join(root, path), 1_700_000_000, 1_700_000_000);
    } catch {
      // Not on disk in a sparse checkout.
    }
  git(root, 'update-index', '-q', '--refresh');
}

describe('in a repository', () => {
  it('lists tracked and untracked files, sorted, without ignored ones and its own folder', async () => {
    const root = repository({
      'b.ts': 'b\n',
      'a/z.js': 'z\n',
      '.gitignore': 'out/\n*.log\n',
      'é.md': '# é\n',
      '😀.ts': '1\n',
      '\uFF5E.ts': '2\n',
    });
    writeTree(root, {
      'new.ts': 'n\n',
      'x.log': 'l\n',
      'out/o.js': 'o\n',
      '.quality/cache/x': 'x',
      'node_modules/p/i.js': 'p',
    });
    const workspace = await open(root);
    const expected = ['.gitignore', 'a/z.js', 'b.ts', 'new.ts', 'é.md', '😀.ts', '\uFF5E.ts'];
    expect(paths(workspace)).toEqual(expected);
    expect(expected).toEqual(expected.toSorted());
    expect(workspace.repository?.workTree).toBe(root);
    expect(fileOf(workspace, 'b.ts').hash).toBe(git(root, 'hash-object', '--no-filters', 'b.ts').trim());
    expectTrueHashes(workspace);
  });

  it('reads every file once, and none when nothing has changed', async () => {
    const root = repository({
      'a.ts': 'a\n',
      'b.md': 'b\n',
      'package.json': '{"name":"p"}',
      '.gitattributes': '* text=auto\n*.md linguist-generated\n',
    });
    settle(root);
    const stateFolder = join(temporaryFolder(), 'not', 'there', 'yet');
    const reads: string[] = [];
    const cold = await open(root, { stateFolder, reads });
    expect(reads.splice(0).sort()).toEqual(['.gitattributes', 'a.ts', 'b.md', 'package.json']);
    const warm = await open(root, { stateFolder, reads });
    expect(reads).toEqual([]);
    expect({ ...warm, sources: null }).toEqual({ ...cold, sources: null });
    writeTree(root, { 'a.ts': 'changed\n' });
    expectTrueHashes(await open(root, { stateFolder, reads }));
    expect(reads).toEqual(['a.ts']);
  });

  it.each<[string, (file: string) => void]>([
    ['cut off', (file) => writeFileSync(file, readFileSync(file).subarray(0, -20))],
    [
      'with a flipped letter',
      (file) => writeFileSync(file, readFileSync(file, 'latin1').replace(/ t(\d+)\n/, ' b$1\n'), 'latin1'),
    ],
    ['full of zeros', (file) => writeFileSync(file, Buffer.alloc(5000))],
    [
      'with rubbish before and after',
      (file) => {
        writeFileSync(file, `rubbish @quality-facts-1 x y\n${readFileSync(file, 'utf8')}`);
        appendFileSync(file, '\0\0@quality-facts-1 12 99999\n');
      },
    ],
    [
      'a folder',
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ],
  ])('does not believe a cache that is %s', async (_, damage) => {
    const root = repository({ 'a.ts': 'a\n', 'b.ts': 'b\n' });
    const stateFolder = temporaryFolder();
    const before = await open(root, { stateFolder });
    damage(join(stateFolder, 'facts'));
    const after = await open(root, { stateFolder });
    expect({ ...after, sources: null }).toEqual({ ...before, sources: null });
  });

  it('shares the cache with others that open at the same time', async () => {
    const root = repository(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}.ts`, `${i}\n`])));
    settle(root);
    const stateFolder = temporaryFolder();
    await Promise.all(Array.from({ length: 4 }, () => open(root, { stateFolder })));
    const reads: string[] = [];
    await open(root, { stateFolder, reads });
    expect(reads).toEqual([]);
  });

  it('keeps the cache bounded, and in it what is in use', async () => {
    const root = repository({ 'a.ts': 'a\n' });
    settle(root);
    const stateFolder = temporaryFolder();
    for (let round = 0; round < 7; round += 1) {
      for (let i = 0; i < 30; i += 1) mkdirSync(join(root, `d${i}`), { recursive: true });
      for (let i = 0; i < 30; i += 1)
        writeFileSync(
          join(root, `d${i}`, 'package.json'),
          JSON.stringify({ name: `${round}-${i}`, x: 'x'.repeat(60_000) }),
        );
      await open(root, { stateFolder });
    }
    expect(readFileSync(join(stateFolder, 'facts')).length).toBeLessThan(9 * 1024 * 1024);
    const reads: string[] = [];
    const workspace = await open(root, { stateFolder, reads });
    expect(reads).not.toContain('a.ts');
    expect(workspace.packages.map(({ name }) => name)).toContain('6-29');
  });

  it('tells what stands on disk in every state that git knows', async () => {
    const names = [
      'clean',
      'modified',
      'staged',
      'both',
      'removed',
      'rm-cached',
      'assumed',
      'skipped',
      'gone',
      'typed',
      'mode',
      'touched',
    ];
    const root = repository(Object.fromEntries(names.map((name) => [`${name}.ts`, `${name}\n`])));
    settle(root);
    const write = (path: string, text: string) => writeFileSync(join(root, path), text);
    write('modified.ts', 'new\n');
    write('staged.ts', 'staged now\n');
    write('both.ts', 'staged\n');
    git(root, 'add', 'staged.ts', 'both.ts');
    write('both.ts', 'and more\n');
    rmSync(join(root, 'removed.ts'));
    git(root, 'rm', '--quiet', '--cached', 'rm-cached.ts');
    write('rm-cached.ts', 'untracked under the old name\n');
    git(root, 'update-index', '--assume-unchanged', 'assumed.ts');
    write('assumed.ts', 'secret\n');
    git(root, 'update-index', '--skip-worktree', 'skipped.ts', 'gone.ts');
    write('skipped.ts', 'local\n');
    rmSync(join(root, 'gone.ts'));
    rmSync(join(root, 'typed.ts'));
    writeTree(root, { 'typed.ts/inner.ts': 'inner\n' });
    chmodSync(join(root, 'mode.ts'), 0o755);
    utimesSync(join(root, 'touched.ts'), 1, 1);
    write('intended.ts', 'intended\n');
    git(root, 'add', '--intent-to-add', 'intended.ts');
    const { workspace, reads } = await openThrice(root);
    expect(paths(workspace)).toEqual(
      [
        'assumed',
        'both',
        'clean',
        'intended',
        'mode',
        'modified',
        'rm-cached',
        'skipped',
        'staged',
        'touched',
        'typed.ts/inner',
      ].map((name) => `${name}.ts`),
    );
    expect(fileOf(workspace, 'rm-cached.ts').size).toBe(29);
    expect(reads).not.toContain('clean.ts');
    expect(workspace.excluded).toEqual([]);
  });

  it.each<[string, Tree, string[]]>([
    ['core.autocrlf', { 'a.ts': 'one\ntwo\n' }, ['-c', 'core.autocrlf=true']],
    ['text=auto with eol=crlf', { '.gitattributes': '* text=auto eol=crlf\n', 'a.ts': 'one\ntwo\n' }, []],
    ['ident', { '.gitattributes': '*.ts ident\n', 'a.ts': '// $Id$\n' }, []],
    [
      'working-tree-encoding',
      { '.gitattributes': '*.ts working-tree-encoding=ISO-8859-1\n', 'a.ts': Buffer.from('// caf\xe9\n', 'latin1') },
      [],
    ],
    [
      'a filter that keeps the size',
      { '.gitattributes': '*.ts filter=swap\n', 'a.ts': 'abc\n' },
      ['-c', 'filter.swap.clean=tr a-z b-za', '-c', 'filter.swap.smudge=tr b-za a-z'],
    ],
  ])('hashes what stands on disk where git converts: %s', async (_, tree, config) => {
    const root = temporaryFolder(tree);
    git(root, 'init', '--quiet');
    for (let at = 1; at < config.length; at += 2) {
      const [key = '', value = ''] = config[at]!.split(/=(.*)/s);
      git(root, 'config', key, value);
    }
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '--message=start');
    rmSync(join(root, 'a.ts'));
    git(root, 'checkout', '--', 'a.ts');
    settle(root);
    expect(git(root, 'status', '--porcelain')).toBe('');
    // The blob itself is in the cache, too: an equal size alone must not be taken for an equal content.
    const blob = execFileSync('git', ['cat-file', 'blob', ':a.ts'], { cwd: root });
    writeFileSync(join(root, 'copy-of-blob.md'), blob);
    const { workspace } = await openThrice(root);
    const bytes = readFileSync(join(root, 'a.ts'));
    expect(bytes.equals(blob)).toBe(false);
    const seen = fileOf(workspace, 'a.ts') as { hash: string } | undefined;
    if (seen === undefined) expect(left(workspace)['a.ts']).toMatch(/^not-utf8/);
    else expect(seen.hash).toBe(hashBytes(bytes));
  });

  it('trusts the index under text=auto where nothing was converted', async () => {
    const root = repository({ '.gitattributes': '* text=auto eol=lf\n', 'a.ts': 'a\n', 'crlf.md': 'x\n' });
    settle(root);
    const { reads } = await openThrice(root);
    expect(reads).toEqual([]);
  });

  it('reads filtered files named by the repository’s own attributes', async () => {
    const root = repository({ 'a.ts': 'abc\n', 'b.ts': 'b\n' });
    writeTree(root, { '.git/info/attributes': 'a.ts filter=swap\n' });
    settle(root);
    const { reads } = await openThrice(root);
    expect(reads).toEqual(['a.ts']);
  });

  it('takes a subfolder as target: paths and attributes are seen from there', async () => {
    const root = repository({
      '.gitattributes': 'sub/gen.ts linguist-generated\n',
      'top.ts': 't\n',
      '.gitignore': '*.tmp\n',
      'sub/gen.ts': 'g\n',
      'sub/in/a.ts': 'a\n',
      'sub/changed.ts': 'c\n',
      'subway.ts': 's\n',
    });
    writeTree(root, { 'sub/changed.ts': 'other\n', 'sub/new.ts': 'n\n', 'new.ts': 'n\n', 'sub/x.tmp': 'x\n' });
    const { workspace } = await openThrice(join(root, 'sub'));
    expect(paths(workspace)).toEqual(['changed.ts', 'gen.ts', 'in/a.ts', 'new.ts']);
    expect(workspace.repository?.prefix).toBe('sub');
    expect(fileOf(workspace, 'gen.ts').protection).toEqual({
      kind: 'generated',
      evidence: '.gitattributes: linguist-generated',
    });
  });

  it('walks a subfolder that the repository ignores', async () => {
    const root = repository({ '.gitignore': 'scratch/\n', 'a.ts': 'a\n' });
    writeTree(root, { 'scratch/b.ts': 'b\n' });
    const workspace = await open(join(root, 'scratch'));
    expect(paths(workspace)).toEqual(['b.ts']);
    expect(workspace.repository).toBeNull();
  });

  it('works in a linked work tree', async () => {
    const main = repository({ 'a.ts': 'a\n' });
    const linked = join(temporaryFolder(), 'linked');
    git(main, 'worktree', 'add', '--quiet', '-b', 'other', linked);
    writeTree(linked, { 'b.ts': 'b\n' });
    const { workspace } = await openThrice(linked);
    expect(paths(workspace)).toEqual(['a.ts', 'b.ts']);
    expect(workspace.repository?.gitDir).toBe(join(main, '.git/worktrees/linked'));
  });

  it('follows GIT_DIR and GIT_WORK_TREE, and a hook’s GIT_INDEX_FILE', async () => {
    const root = repository({ 'a.ts': 'a\n' });
    const elsewhere = join(temporaryFolder(), 'dot-git');
    renameSync(join(root, '.git'), elsewhere);
    vi.stubEnv('GIT_DIR', elsewhere);
    vi.stubEnv('GIT_WORK_TREE', root);
    expect((await open(root)).repository?.gitDir).toBe(elsewhere);
    vi.stubEnv('GIT_INDEX_FILE', join(elsewhere, 'empty-index'));
    expectTrueHashes((await openThrice(root)).workspace);
  });

  it('leaves out submodules, nested repositories and what is in neither', async () => {
    const inner = repository({ 'in.ts': 'i\n' });
    const root = repository({ 'a.ts': 'a\n' });
    git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'module');
    execFileSync('git', ['clone', '--quiet', inner, join(root, 'nested')], { env: { ...process.env, ...GIT_ENV } });
    const workspace = await open(root);
    expect(paths(workspace)).toEqual(['.gitmodules', 'a.ts']);
    expect(left(workspace)).toEqual({ module: 'not-a-file: submodule', nested: 'not-a-file: a repository of its own' });
  });

  it('lists only what a sparse checkout has', async () => {
    const root = repository({ 'a.ts': 'a\n', 'in/b.ts': 'b\n', 'out/c.ts': 'c\n' });
    git(root, 'sparse-checkout', 'set', 'in');
    settle(root);
    const { workspace, reads } = await openThrice(root);
    expect(paths(workspace)).toEqual(['a.ts', 'in/b.ts']);
    expect(reads).toEqual([]);
  });

  it('reads in a SHA-256 repository, whose hashes are of another kind', async () => {
    const root = temporaryFolder({ 'a.ts': 'a\n' });
    git(root, 'init', '--quiet', '--object-format=sha256');
    git(root, 'add', '--all');
    git(root, 'commit', '--quiet', '--message=start');
    settle(root);
    const { workspace, reads } = await openThrice(root);
    expect(fileOf(workspace, 'a.ts').hash).toBe(hashBytes(Buffer.from('a\n')));
    expect(reads).toEqual(['a.ts']);
  });

  it('has no files in an empty repository', async () => {
    const root = temporaryFolder();
    git(root, 'init', '--quiet');
    const workspace = await open(root);
    expect(workspace.files).toEqual([]);
    expect(workspace.repository).not.toBeNull();
  });

  it('says so when git refuses to open the repository, and does not take it for none', async () => {
    const root = repository({ 'a.ts': 'a\n' });
    writeFileSync(join(root, '.git/config'), '[core\n');
    const failure = failureOf(await openWorkspace({ root, config: { maxFileSize: 1000, excludedPatterns: [] } }));
    expect(failure).toMatchObject({ kind: 'git-state', detail: expect.stringContaining('bad config') as string });
  });

  it('names a target that does not exist or is no folder', async () => {
    const root = temporaryFolder({ 'a.ts': 'a\n' });
    for (const path of ['missing', 'a.ts', 'a.ts/b'])
      expect(
        failureOf(await openWorkspace({ root: join(root, path), config: { maxFileSize: 1, excludedPatterns: [] } }))
          .kind,
      ).toBe('target-invalid');
  });

  it('has the hash of what stands on disk, whatever was done to the tree', async () => {
    const name = fc.constantFrom('a.ts', 'b.md', 'd/a.ts', 'd/é ".js', 'd/e/-x', '*.ts');
    const content = fc.constantFrom(
      '',
      'one\n',
      'two\r\n',
      'mixed\r\nline\n',
      'x'.repeat(5000),
      '\uFEFFbom\n',
      'ends without',
    );
    const literal = (...args: string[]) => ['--literal-pathspecs', ...args];
    const gitSteps: Readonly<Record<string, (path: string) => string[]>> = {
      commit: () => ['commit', '--quiet', '--message=more'],
      refresh: () => ['update-index', '-q', '--refresh'],
      assume: (path) => ['update-index', '--assume-unchanged', path],
      add: (path) => literal('add', '--', path),
      unstage: (path) => literal('rm', '--quiet', '--cached', '--', path),
      intend: (path) => literal('add', '--intent-to-add', '--', path),
      checkout: (path) => literal('checkout', '--', path),
    };
    const what = fc.constantFrom('write', 'write', 'write', 'remove', 'open', ...Object.keys(gitSteps));
    const step = fc.record({ what, name, content });
    const attributes = fc.constantFrom(null, '* text=auto\n', '* text=auto eol=crlf\n', '*.ts -text\n*.md eol=crlf\n');
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 14 }),
        attributes,
        fc.constantFrom('false', 'input', 'true'),
        async (steps, text, autocrlf) => {
          const root = repository(text === null ? {} : { '.gitattributes': text });
          git(root, 'config', 'core.autocrlf', autocrlf);
          const stateFolder = temporaryFolder();
          const attempt = (...args: string[]): void => {
            try {
              git(root, ...args);
            } catch {
              // Nothing there to do it to.
            }
          };
          for (const each of steps) {
            if (each.what === 'write') writeTree(root, { [each.name]: each.content });
            else if (each.what === 'remove') rmSync(join(root, each.name), { force: true });
            else if (each.what === 'open') await open(root, { stateFolder });
            else attempt(...gitSteps[each.what]!(each.name));
          }
          const workspace = await open(root, { stateFolder });
          expectTrueHashes(workspace);
          const onDisk = execFileSync('find', ['.', '-name', '.git', '-prune', '-o', '-type', 'f', '-print0'], {
            cwd: root,
            encoding: 'utf8',
          });
          expect(paths(workspace)).toEqual(
            onDisk
              .split('\0')
              .filter(Boolean)
              .map((path) => path.slice(2))
              .sort(),
          );
        },
      ),
      { numRuns: 15, seed: 20261121 },
    );
  }, 60_000);
});

describe('what is left out', () => {
  const tree: Tree = {
    'ok.ts': 'x\n',
    'big.ts': 'x'.repeat(2000),
    'picture.PNG': 'not really',
    'nul.ts': Buffer.from('a\0b'),
    'latin1.ts': Buffer.from('caf\xe9', 'latin1'),
    'utf16.ts': Buffer.from('\uFEFFabc', 'utf16le'),
    'gen/a.ts': 'a\n',
    'deep/gen/b.ts': 'b\n',
    'docs/api/x.md': 'x\n',
    'loop-a': { link: 'loop-b' },
    'loop-b': { link: 'loop-a' },
    'inside.ts': { link: 'ok.ts' },
    'folder-link': { link: 'deep' },
    up: { link: '.' },
    'outside.ts': { link: '/etc/hostname' },
    'broken.ts': { link: 'nowhere.ts' },
  };
  const expected = {
    'big.ts': 'too-large: 2.0 KiB, over maxFileSize 1.0 KiB',
    'picture.PNG': 'binary: .png file',
    'nul.ts': 'binary: has a NUL byte',
    'latin1.ts': 'not-utf8: its text is not valid UTF-8',
    'utf16.ts': 'not-utf8: its text is not valid UTF-8',
    'gen/a.ts': 'excluded: excludedPatterns: gen',
    'deep/gen/b.ts': 'excluded: excludedPatterns: gen',
    'docs/api/x.md': 'excluded: excludedPatterns: docs/*/',
    'loop-a': 'not-a-file: broken symlink to loop-b',
    'loop-b': 'not-a-file: broken symlink to loop-a',
    'inside.ts': 'not-a-file: symlink to ok.ts',
    'folder-link': 'not-a-file: symlink to deep',
    up: 'not-a-file: symlink to .',
    'outside.ts': 'outside: symlink to /etc/hostname',
    'broken.ts': 'not-a-file: broken symlink to nowhere.ts',
  };
  const asked = { maxFileSize: 1024, excludedPatterns: ['gen', 'docs/*/'] };

  it.each([
    ['tracked', () => repository(tree)],
    [
      'untracked',
      () => {
        const root = repository();
        writeTree(root, tree);
        return root;
      },
    ],
    ['without a repository', () => temporaryFolder(tree)],
  ])('has its reason: %s', async (_, make) => {
    const root = make();
    const stateFolder = temporaryFolder();
    for (let round = 0; round < 2; round += 1) {
      const workspace = await open(root, { ...asked, stateFolder });
      expect(left(workspace)).toEqual(expected);
      expect(paths(workspace)).toEqual(['ok.ts']);
      expect(workspace.excluded.map(({ path }) => path)).toEqual(Object.keys(expected).sort());
    }
  });

  it.each<[string[], string, string | null]>([
    [['*.snap'], 'a/b.snap', '*.snap'],
    [['/top.ts'], 'top.ts', '/top.ts'],
    [['/top.ts'], 'a/top.ts', null],
    [['a/**'], 'a/b/c.ts', 'a/**'],
    [['fixtures/'], 'test/fixtures/x.ts', 'fixtures/'],
    [['fixtures/'], 'fixtures', null],
    [['.*'], 'a/.hidden/x.ts', '.*'],
    [['*.ts', '!keep.ts'], 'a/keep.ts', null],
    [['*.ts', '!keep.ts'], 'a/other.ts', '*.ts'],
    [['a', '!a/keep.ts'], 'a/keep.ts', 'a'],
    [['**/*.{js,ts}'], 'x/y.ts', '**/*.{js,ts}'],
    [[], 'x.ts', null],
  ])('reads patterns %j as a .gitignore does: %s → %s', (patterns, path, answer) =>
    expect(patternTest(patterns)(path)).toBe(answer),
  );

  it('takes odd names as they are', async () => {
    const names = [
      'with space.ts',
      'quo"te\'s.ts',
      'new\nline.ts',
      '-dash.ts',
      'tab\t.ts',
      'back\\slash.ts',
      '[id].ts',
      '*.ts',
      ' lead',
      'e\u0301.ts',
      '日本/語.ts',
      '\uFFFD.ts',
      '#hash.ts',
      '!bang.ts',
    ];
    const tree = Object.fromEntries(names.map((name) => [name, `${name}\n`]));
    expect(paths((await openThrice(repository(tree))).workspace)).toEqual(names.toSorted());
    expect(paths(await open(temporaryFolder(tree)))).toEqual(names.toSorted());
  });

  it.skipIf(process.platform !== 'linux')('leaves out names that are not UTF-8, without a crash', async () => {
    const plain = temporaryFolder({ 'a.ts': 'a\n' });
    writeFileSync(Buffer.concat([Buffer.from(`${plain}/caf`), Buffer.from([0xe9]), Buffer.from('.ts')]), 'x\n');
    const tracked = repository({ 'a.ts': 'a\n' });
    writeFileSync(Buffer.concat([Buffer.from(`${tracked}/caf`), Buffer.from([0xe9]), Buffer.from('.ts')]), 'x\n');
    const untracked = await open(tracked);
    git(tracked, 'add', '--all');
    for (const workspace of [untracked, await open(tracked), await open(plain)]) {
      expect(paths(workspace)).toEqual(['a.ts']);
      expect(left(workspace)).toEqual({ 'caf\uFFFD.ts': 'not-utf8: its name is not valid UTF-8' });
    }
  });

  it('lists an unreadable file with its reason, and goes on', async () => {
    const root = repository({ 'a.ts': 'a\n', 'secret.ts': 's\n', 'b.ts': 'b\n' });
    chmodSync(join(root, 'secret.ts'), 0);
    const workspace = await open(root);
    // root may read everything
    if (process.getuid?.() === 0) expect(paths(workspace)).toEqual(['a.ts', 'b.ts', 'secret.ts']);
    else {
      expect(paths(workspace)).toEqual(['a.ts', 'b.ts']);
      expect(left(workspace)).toEqual({ 'secret.ts': 'unreadable: permission denied' });
    }
  });
});

describe('protection', () => {
  it.each<[string, string, RegExp | null]>([
    ['a.ts', '// @generated\n', /^generated marker in line 1: \/\/ @generated$/],
    ['a.ts', '/**\n * @generated SignedSource<<1>>\n */\n', /line 2/],
    ['a.ts', '/*\nThis file is auto-generated\n*/\n', /line 2/],
    ['a.go', '// Code generated by protoc. DO NOT EDIT.\npackage a\n', /line 1/],
    ['a.cs', '\uFEFF// <auto-generated/>\n', /line 1/],
    ['a.py', '#!/usr/bin/env python\n# This file was automatically generated by swig\n', /line 2/],
    ['a.ts', '// This file is generated by gen.mjs\n', /line 1/],
    ['tsconfig.json', '{\n  // This file is auto-generated, do not edit\n}\n', /line 2/],
    ['a.md', '<!-- This file is auto-generated -->\n', /line 1/],
    ['a.md', '# @generated\n\nThis file is generated by hand.\n', null],
    ['a.ts', '// looks for the `@generated` marker\n', null],
    ['a.ts', '// @generatedBy is a decorator\n', null],
    ['a.ts', 'const a = 1;\nconst b = 2;\nconst c = 3;\nconst d = `\n// @generated\n`;\n', null],
    ['a.ts', 'export const marker = "@generated";\n', null],
    ['a.ts', '// Do not edit without asking Ann.\n', null],
    ['lib/app.min.js', 'x', /^generated name: app.min.js/],
    ['app.bundle.css', 'x', /^generated name/],
    ['a.pb.go', 'x', /^generated name/],
    ['a_pb2.py', 'x', /^generated name/],
    ['src/__generated__/q.ts', 'x', /^generated name/],
    ['sub/package-lock.json', '{}', /^generated lock file: package-lock.json/],
    ['minify.js', 'x', null],
    ['vendor/x/a.js', 'x', /^vendored folder: vendor\//],
    ['packages/a/vendors/a.js', 'x', /^vendored folder: vendors\//],
    ['src/vendor/list.ts', 'x', null],
    ['vendor.ts', 'x', null],
    ['third_party/a.c', 'x', /^vendored folder: third_party\//],
    ['test/node_modules/a/i.js', 'x', /^vendored folder: node_modules\//],
    ['.yarn/releases/yarn.cjs', 'x', /^vendored folder: .yarn\/releases\//],
  ])('%s with %j: %s', async (path, content, evidence) => {
    const { protection } = fileOf(await open(repository({ [path]: content })), path);
    if (evidence === null) expect(protection).toBeUndefined();
    else expect(`${protection?.kind} ${protection?.evidence}`).toMatch(evidence);
  });

  it('lets .gitattributes decide, in both directions', async () => {
    const root = repository({
      '.gitattributes':
        'gen/** linguist-generated=true\nvendor/mine.js -linguist-vendored\nlib/** linguist-vendored\nold.min.js linguist-generated=false\n',
      'gen/a.ts': 'a\n',
      'vendor/mine.js': 'm\n',
      'lib/b.js': 'b\n',
      'old.min.js': 'o\n',
      'vendor/other.js': 'o\n',
    });
    const { workspace } = await openThrice(root);
    expect(workspace.files.map(({ path, protection }) => [path, protection?.evidence])).toEqual([
      ['.gitattributes', undefined],
      ['gen/a.ts', '.gitattributes: linguist-generated'],
      ['lib/b.js', '.gitattributes: linguist-vendored'],
      ['old.min.js', undefined],
      ['vendor/mine.js', undefined],
      ['vendor/other.js', 'folder: vendor/'],
    ]);
  });

  it('finds the language of a script by its first line, warm as well as cold', async () => {
    const root = repository({
      'bin/a': '#!/usr/bin/env -S FOO=1 node --x\n1\n',
      'bin/b': '#! /bin/sh -e\n',
      'bin/c': 'text\n',
    });
    const { workspace } = await openThrice(root);
    expect(workspace.files.map(({ language }) => language)).toEqual(['javascript', 'shell', null]);
  });
});

describe('without a repository', () => {
  it('honours .gitignore files at each level, as git would', async () => {
    const root = temporaryFolder({
      '.gitignore': 'dist\n*.log\n!keep.log\n/only-top.ts\n# comment\n',
      'a.ts': 'a',
      'only-top.ts': 'x',
      'b/only-top.ts': 'x',
      'x.log': 'x',
      'keep.log': 'x',
      'dist/a.js': 'x',
      'b/.gitignore': '!dist\n*.ts\n!c.ts\n',
      'b/dist/b.js': 'x',
      'b/c.ts': 'c',
      'b/d.ts': 'd',
      'node_modules/p/i.js': 'x',
      '.hg/store': 'x',
      '.quality/runs/x': 'x',
      empty: null,
    });
    const workspace = await open(root);
    expect(workspace.repository).toBeNull();
    expect(paths(workspace)).toEqual(['.gitignore', 'a.ts', 'b/.gitignore', 'b/c.ts', 'b/dist/b.js', 'keep.log']);
    expectTrueHashes(workspace);
  });

  it('leaves out repositories below, and does not follow links to folders', async () => {
    const root = temporaryFolder({ 'a.ts': 'a', sub: null, link: { link: 'real' }, 'real/b.ts': 'b' });
    writeTree(join(root, 'sub'), { 'x.ts': 'x' });
    git(join(root, 'sub'), 'init', '--quiet');
    const workspace = await open(root);
    expect(paths(workspace)).toEqual(['a.ts', 'real/b.ts']);
    expect(left(workspace)).toEqual({
      link: 'not-a-file: symlink to real',
      sub: 'not-a-file: a repository of its own',
    });
  });

  it('lists what git would list, for any tree and any .gitignore files', async () => {
    const folder = fc.constantFrom('', 'a/', 'b/', 'a/b/', 'a/b/c/');
    const file = fc.tuple(folder, fc.constantFrom('x.ts', 'y.js', 'build', 'a.log')).map(([dir, name]) => dir + name);
    const line = fc.constantFrom(
      '*.ts',
      '!x.ts',
      'b',
      '!b',
      '/a',
      'a/b',
      '/b/',
      '!/b/',
      'build/',
      '*.log',
      '!*.log',
      '**/c',
      'a/**',
      '!a/b/',
      '*',
      '!*/',
      'x.ts ',
      '\\!x',
    );
    const ignores = fc.array(fc.tuple(folder, fc.array(line, { minLength: 1, maxLength: 3 })), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(file, { minLength: 3, maxLength: 10 }), ignores, async (files, rules) => {
        const kept = files.filter((path) => !files.some((other) => other.startsWith(`${path}/`)));
        const tree = {
          ...Object.fromEntries(kept.map((path) => [path, 'x'])),
          ...Object.fromEntries(rules.map(([dir, lines]) => [`${dir}.gitignore`, lines.join('\n')])),
        };
        const root = temporaryFolder(tree);
        const walked = paths(await open(root));
        git(root, 'init', '--quiet');
        expect(walked).toEqual(
          git(root, 'ls-files', '-z', '--others', '--exclude-standard').split('\0').filter(Boolean).sort(),
        );
      }),
      { numRuns: 40, seed: 20261121 },
    );
  }, 60_000);
});

describe('packages', () => {
  it('finds every package, the nearest one of each file, the declared members and the package manager', async () => {
    const root = repository({
      'package.json':
        '\uFEFF{ "name": "root", "packageManager": "yarn@4.1.0", "workspaces": { "packages": ["./packages/*", "!packages/no"] } }',
      'packages/a/package.json': '{ "name": "a" }',
      'packages/a/src/x.ts': 'x\n',
      'packages/a/src/esm/package.json': '{ "type": "module" }',
      'packages/a/src/esm/y.ts': 'y\n',
      'packages/no/package.json': '{ "name": "no" }',
      'broken/package.json': '{ nope',
      'broken/z.ts': 'z\n',
      'list/package.json': '[]',
      'package-lock.json': '{}',
      'b.ts': 'b\n',
    });
    settle(root);
    const { workspace, reads } = await openThrice(root);
    expect(reads).toEqual([]);
    expect(workspace.packages.map(({ dir, name }) => [dir, name])).toEqual([
      ['', 'root'],
      ['broken', null],
      ['list', null],
      ['packages/a', 'a'],
      ['packages/a/src/esm', null],
      ['packages/no', 'no'],
    ]);
    expect(workspace.packages[1]!.manifest).toBeNull();
    expect(workspace.packages[4]!.manifest).toEqual({ type: 'module' });
    const owner = (path: string) => fileOf(workspace, path).package;
    expect([
      owner('b.ts'),
      owner('package.json'),
      owner('packages/a/src/x.ts'),
      owner('packages/a/src/esm/y.ts'),
      owner('broken/z.ts'),
      owner('packages/a/package.json'),
    ]).toEqual(['', '', 'packages/a', 'packages/a/src/esm', 'broken', 'packages/a']);
    expect(workspace.members).toEqual(['packages/a']);
    expect(workspace.packageManager).toBe('yarn');
  });

  it.each<[Tree, Workspace['packageManager']]>([
    [{ 'pnpm-lock.yaml': '' }, 'pnpm'],
    [{ 'bun.lockb': Buffer.from([0, 1]) }, 'bun'],
    [{ 'bun.lock': '{}' }, 'bun'],
    [{ 'yarn.lock': '' }, 'yarn'],
    [{ 'package-lock.json': '{}' }, 'npm'],
    [{ 'package.json': '{ "devEngines": { "packageManager": { "name": "pnpm" } } }' }, 'pnpm'],
    [{ 'package.json': '{ "packageManager": 3 }' }, null],
    [{ 'sub/yarn.lock': '' }, null],
  ])('package manager of %j: %s', async (tree, manager) =>
    expect((await open(repository(tree))).packageManager).toBe(manager),
  );

  it.each<[string, string[]]>([
    [
      'packages:\n  - "packages/*" # all\n  - \'it\'\'s/*\'\n  # none\n  - apps/**\n  - "!**/test/**"\n\ncatalog:\n  - no\n',
      ['packages/*', "it's/*", 'apps/**', '!**/test/**'],
    ],
    ['# head\r\npackages:\r\n- a\r\n- b#c\r\nonly: x\r\n', ['a', 'b#c']],
    ['packages: ["a/*", \'b\', c]\n', ['a/*', 'b', 'c']],
    ['packages: [\n  "a", # x\n  "b"\n]\nother: [c]\n', ['a', 'b']],
    ['packages:\n  ["a"]\n', ['a']],
    ['"packages":\n  - x\n', ['x']],
    ['catalog:\n  packages:\n    - no\n', []],
    ['packages:\n', []],
    ['', []],
  ])('reads pnpm-workspace.yaml %j', (yaml, expected) => expect(pnpmPackages(yaml)).toEqual(expected));

  it('takes members from pnpm-workspace.yaml and lerna.json, too', async () => {
    const pnpm = await open(
      repository({
        'package.json': '{}',
        'pnpm-workspace.yaml': 'packages:\n  - libs/*\n',
        'libs/a/package.json': '{}',
        'x/package.json': '{}',
      }),
    );
    expect(pnpm.members).toEqual(['libs/a']);
    expect(pnpm.packageManager).toBe('pnpm');
    const lerna = await open(repository({ 'lerna.json': '{"packages":["m/**"]}', 'm/a/b/package.json': '{}' }));
    expect(lerna.members).toEqual(['m/a/b']);
  });
});

describe('refreshFiles', () => {
  it('sees changed, new, deleted and now excluded files, as opening again would', async () => {
    const root = repository({
      '.gitattributes': 'g.ts linguist-generated\n',
      'a.ts': 'a\n',
      'b.ts': 'b\n',
      'c.ts': 'c\n',
      'd/package.json': '{"name":"d"}',
      'd/x.ts': 'x\n',
      'untouched.ts': 'u\n',
    });
    const before = await open(root);
    writeTree(root, { 'a.ts': 'changed\n', 'e/new.ts': 'n\n', 'c.ts': Buffer.from([0]), 'g.ts': 'g\n' });
    rmSync(join(root, 'b.ts'));
    rmSync(join(root, 'd/package.json'));
    const after = await refreshFiles(before, [
      'a.ts',
      'b.ts',
      'c.ts',
      'd/package.json',
      'e/new.ts',
      'g.ts',
      'never.ts',
      '.quality/x',
    ]);
    const again = await open(root);
    expect({ ...after, sources: null }).toEqual({ ...again, sources: null });
    expect(fileOf(after, 'd/x.ts').package).toBe('');
    expect(fileOf(after, 'g.ts').protection?.kind).toBe('generated');
    expect(paths(before)).toContain('b.ts');
  });

  it('looks at those paths only', async () => {
    const root = repository({ 'a.ts': 'a\n', 'b.ts': 'b\n' });
    const reads: string[] = [];
    const before = await open(root, { reads });
    reads.length = 0;
    await refreshFiles(before, ['a.ts']);
    expect(reads).toEqual(['a.ts']);
  });
});

describe('filesChangedSince', () => {
  it('compares with the merge base, and adds what is not committed', async () => {
    const root = repository({
      'same.ts': 's\n',
      'committed.ts': 'c\n',
      'changed.ts': 'c\n',
      'staged.ts': 's\n',
      'gone.ts': 'g\n',
      'sub/deep.ts': 'd\n',
      'theirs.ts': 't\n',
      'new\nline.ts': 'n\n',
    });
    git(root, 'branch', 'feature');
    writeTree(root, { 'theirs.ts': 'theirs\n' });
    git(root, 'commit', '--quiet', '--all', '--message=theirs');
    git(root, 'checkout', '--quiet', 'feature');
    writeTree(root, { 'committed.ts': 'new\n', 'sub/deep.ts': 'new\n', 'new\nline.ts': 'new\n' });
    git(root, 'commit', '--quiet', '--all', '--message=ours');
    writeTree(root, { 'changed.ts': 'new\n', 'staged.ts': 'new\n', 'untracked.ts': 'u\n' });
    git(root, 'add', 'staged.ts');
    rmSync(join(root, 'gone.ts'));
    expect(valueOf(await filesChangedSince(await open(root), 'main'))).toEqual([
      'changed.ts',
      'committed.ts',
      'new\nline.ts',
      'staged.ts',
      'sub/deep.ts',
      'untracked.ts',
    ]);
    expect(valueOf(await filesChangedSince(await open(root), 'HEAD'))).toEqual([
      'changed.ts',
      'staged.ts',
      'untracked.ts',
    ]);
    expect(valueOf(await filesChangedSince(await open(join(root, 'sub')), 'main'))).toEqual(['deep.ts']);
  });

  it('names the nearest branch for one that does not exist', async () => {
    const root = repository({ 'a.ts': 'a\n' });
    git(root, 'branch', 'release/next');
    const workspace = await open(root);
    expect(failureOf(await filesChangedSince(workspace, 'mian'))).toMatchObject({
      kind: 'usage',
      next: 'Did you mean `main`?',
    });
    expect(failureOf(await filesChangedSince(workspace, 'release/nxt')).next).toContain('release/next');
    for (const ref of ['--all', '-x', '', 'HEAD:a.ts', 'zzzzzzzz'])
      expect(failureOf(await filesChangedSince(workspace, ref)).kind).toBe('usage');
  });

  it('fails without a common ancestor, and without a repository', async () => {
    const root = repository({ 'a.ts': 'a\n' });
    git(root, 'checkout', '--quiet', '--orphan', 'alone');
    git(root, 'commit', '--quiet', '--message=alone');
    expect(failureOf(await filesChangedSince(await open(root), 'main')).message).toContain('no common ancestor');
    expect(failureOf(await filesChangedSince(await open(temporaryFolder()), 'main')).kind).toBe('usage');
  });
});

describe('selectPaths', () => {
  const tree: Tree = {
    'a.ts': 'a',
    'src/a.ts': 'a',
    'src/deep/b.ts': 'b',
    'src/deep/c.md': 'c',
    'src/[id].ts': 'i',
    'src/.dot.ts': 'd',
    'src/p.png': 'p',
    'other/x.ts': 'x',
  };
  const chosen = async (words: string[], cwd = '') => {
    const workspace = await open(repository(tree));
    return selectPaths(workspace, words, join(workspace.root, cwd));
  };

  it.each<[string[], string, string[]]>([
    [['a.ts'], '', ['a.ts']],
    [['a.ts'], 'src', ['src/a.ts']],
    [['../a.ts', './deep/'], 'src', ['a.ts', 'src/deep/b.ts', 'src/deep/c.md']],
    [['.'], 'other', ['other/x.ts']],
    [
      ['..'],
      'other',
      Object.keys(tree)
        .filter((path) => !path.endsWith('.png'))
        .sort(),
    ],
    [['**/*.md'], '', ['src/deep/c.md']],
    [['*.ts'], 'src', ['src/.dot.ts', 'src/[id].ts', 'src/a.ts']],
    [['../other/*'], 'src', ['other/x.ts']],
    [['src/[id].ts'], '', ['src/[id].ts']],
    [['src/*/'], '', ['src/deep/b.ts', 'src/deep/c.md']],
    [['src', '!src/deep/**'], '', ['src/.dot.ts', 'src/[id].ts', 'src/a.ts']],
    [['!**/*.ts'], '', ['src/deep/c.md']],
    [['src/p.png', 'a.ts'], '', ['a.ts']],
  ])('%j seen from "%s"', async (words, cwd, expected) =>
    expect([...valueOf(await chosen(words, cwd))].sort()).toEqual(expected),
  );

  it('takes absolute paths, also through a link', async () => {
    const workspace = await open(repository(tree));
    const link = join(temporaryFolder(), 'link');
    symlinkSync(workspace.root, link);
    expect(valueOf(selectPaths(workspace, [join(workspace.root, 'src/deep')], '/')).size).toBe(2);
    expect([...valueOf(selectPaths(workspace, ['a.ts', `${link}/src/**/*.md`], link))]).toEqual([
      'a.ts',
      'src/deep/c.md',
    ]);
  });

  it.each<[string[], RegExp]>([
    [['src/aa.ts'], /Did you mean `src\/a.ts`/],
    [['scr'], /Did you mean `src`/],
    [['*.go'], /matches no file/],
    [['/etc/passwd'], /outside the workspace/],
    [['a.ts', 'nothing-like-that-at-all'], /matches no file/],
    [['src/p.png'], /select no file.*src\/p.png: binary/],
    [['a.ts', '!a.ts'], /select no file/],
  ])('%j is a failure', async (words, message) => {
    const failure = failureOf(await chosen(words));
    expect(failure.kind).toBe('target-invalid');
    expect(`${failure.message} ${failure.next ?? ''} ${failure.detail ?? ''}`).toMatch(message);
  });

  it('selects nothing from nothing', async () => expect(valueOf(await chosen([])).size).toBe(7));
});

describe('what git has in progress', () => {
  function conflicted(): string {
    const root = repository({
      'a.ts': 'base\n',
      'doc.md': '# t\n\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n',
      'title.md': 'Title\n=======\n',
    });
    git(root, 'checkout', '--quiet', '-b', 'other');
    writeTree(root, { 'a.ts': 'other\n' });
    git(root, 'commit', '--quiet', '--all', '--message=other');
    git(root, 'checkout', '--quiet', 'main');
    writeTree(root, { 'a.ts': 'main\n' });
    git(root, 'commit', '--quiet', '--all', '--message=main');
    return root;
  }
  const tryGit = (root: string, ...args: string[]): void => expect(() => git(root, ...args)).toThrow();
  const repo = async (root: string): Promise<Repository> => (await open(root)).repository!;

  it.each<[string, string[]]>([
    ['merge', ['merge', 'other']],
    ['rebase', ['rebase', 'other']],
    ['rebase', ['rebase', '--apply', 'other']],
    ['cherry-pick', ['cherry-pick', 'other']],
    ['revert', ['revert', '--no-edit', 'HEAD~1', 'HEAD']],
  ])('%s', async (operation, command) => {
    const root = conflicted();
    if (operation === 'revert') {
      writeTree(root, { 'a.ts': 'again\n' });
      git(root, 'commit', '--quiet', '--all', '--message=again');
      tryGit(root, 'revert', '--no-edit', 'HEAD~1');
    } else tryGit(root, ...command);
    expect(await gitOperationInProgress(await repo(root))).toBe(operation);
    const workspace = await open(root);
    expect(valueOf(await unmergedPaths(workspace))).toEqual(['a.ts']);
    expect(valueOf(await conflictMarkers(workspace))).toEqual([{ path: 'a.ts', line: 1 }]);
    expectTrueHashes(workspace);
  });

  it('bisect, and nothing', async () => {
    const root = conflicted();
    expect(await gitOperationInProgress(await repo(root))).toBeNull();
    git(root, 'bisect', 'start');
    expect(await gitOperationInProgress(await repo(root))).toBe('bisect');
  });

  it('takes markers that were committed for content, and those that were not for a conflict', async () => {
    const root = conflicted();
    const clean = await open(root);
    expect(clean.conflicts).toEqual([{ path: 'doc.md', line: 3 }]);
    expect(valueOf(await conflictMarkers(clean))).toEqual([]);
    const marked = '<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n';
    writeTree(root, { 'new.ts': marked, 'a.ts': `x\n${marked}` });
    git(root, 'add', 'a.ts');
    expect(valueOf(await conflictMarkers(await open(root)))).toEqual([
      { path: 'a.ts', line: 2 },
      { path: 'new.ts', line: 1 },
    ]);
    expect(valueOf(await conflictMarkers(await open(temporaryFolder({ 'x.ts': marked }))))).toEqual([
      { path: 'x.ts', line: 1 },
    ]);
    expect(valueOf(await unmergedPaths(await open(root)))).toEqual([]);
  });
});
