import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Repository, openRepository } from '../src/git/repository.js';
import { type Restored, holdBefore, restoreSnapshot } from '../src/git/restore.js';
import { restoreCommands } from '../src/git/restore-commands.js';
import { type Snapshot, takeSnapshot } from '../src/git/snapshot.js';
import { listSnapshots, pruneSnapshots } from '../src/git/snapshot-list.js';
import { hashBytes } from '../src/host/hash.js';
import { integrityCheck } from '../src/safety/integrity.js';
import { GIT_ENV, git, repository, temporaryFolder, writeTree } from './rig.js';
import { treeOf } from './helpers/trees.js';

const RUN = '20261121-000000-test';

interface Where {
  readonly root: string;
  readonly repository: Repository | null;
}

async function open(root: string): Promise<Where> {
  return { root, repository: await openRepository(root) };
}

async function snap(where: Where, options: Partial<Parameters<typeof takeSnapshot>[0]> = {}): Promise<Snapshot> {
  const result = await takeSnapshot({ ...where, runId: RUN, number: 1, message: 'before format', ...options });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

async function restore(where: Where, snapshot: Snapshot, options = {}): Promise<Restored & { before: Snapshot }> {
  const before = await holdBefore(where, snapshot);
  if (!before.ok) throw new Error(JSON.stringify(before.failure));
  const result = await restoreSnapshot(snapshot, before.value, { index: true, ...options });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return { ...result.value, before: before.value };
}

/** What no snapshot may change. */
function stateOf(where: Where): unknown {
  const { repository: repo, root } = where;
  if (repo === null) return treeOf(root);
  const index = join(repo.gitDir, 'index');
  return {
    tree: treeOf(repo.workTree),
    index: existsSync(index) ? readFileSync(index).toString('base64') : null,
    head: readFileSync(join(repo.gitDir, 'HEAD'), 'utf8'),
    refs: git(root, 'for-each-ref', 'refs/heads', 'refs/tags', 'refs/stash'),
    stash: git(root, 'stash', 'list'),
    reflogs: existsSync(join(repo.commonDir, 'logs')) ? Object.keys(treeOf(join(repo.commonDir, 'logs'))) : [],
    top: readdirSync(repo.gitDir).filter((name) => name !== 'quality' && !name.startsWith('sharedindex.')),
  };
}

/** Changes, deletes and turns into something else every file that the snapshot holds. */
function damage(where: Where): void {
  const top = where.repository?.workTree ?? where.root;
  const paths = Object.keys(treeOf(top)).filter(
    (path) =>
      !path.endsWith('/') &&
      !path.startsWith('not text') &&
      !/(?:^|\/)(?:\.git|sub|nested|ignored\.log)(?:\/|$)/.test(path),
  );
  for (const [number, path] of paths.entries()) {
    const absolute = join(top, path);
    const stats = lstatSync(absolute);
    if (number % 3 === 0 || stats.isSymbolicLink()) rmSync(absolute);
    else writeFileSync(absolute, `${String(number)} damaged\r\n`);
    if (number % 3 === 1 && stats.isFile()) chmodSync(absolute, (stats.mode & 0o100) === 0 ? 0o755 : 0o644);
    if (number % 6 === 0) {
      mkdirSync(absolute);
      writeFileSync(join(absolute, 'inside'), 'made by the run');
    }
  }
}

function createdByDamage(where: Where): { path: string; bytes: Uint8Array }[] {
  const top = where.repository?.workTree ?? where.root;
  const made = Object.keys(treeOf(top)).filter((path) => path.endsWith('/inside'));
  return made.map((path) => ({ path, bytes: Buffer.from('made by the run') }));
}

const ambient: string[] = [];
afterEach(() => {
  for (const name of ambient.splice(0)) Reflect.deleteProperty(process.env, name);
});

function setAmbient(name: string, value: string): void {
  process.env[name] = value;
  ambient.push(name);
}

function start(tree: Parameters<typeof writeTree>[1] = {}): string {
  return repository({
    'a.ts': 'a\n',
    'b.ts': 'b\n',
    'bin/run.sh': '#!/bin/sh\n',
    'data.bin': Buffer.from([0, 1, 2, 255]),
    'deep/er/c.ts': 'c\n',
    link: { link: 'a.ts' },
    ...tree,
  });
}

/** A bit of everything on top of the last commit: staged, unstaged, both, deleted, untracked, ignored. */
function disturb(root: string): void {
  writeTree(root, {
    '.gitignore': 'ignored*\n',
    'ignored.log': 'ignored',
    'new.ts': 'untracked',
    'dir/new.ts': 'untracked',
  });
  writeFileSync(join(root, 'a.ts'), 'staged\n');
  git(root, 'add', 'a.ts');
  writeFileSync(join(root, 'a.ts'), 'staged and changed\n');
  writeFileSync(join(root, 'b.ts'), 'unstaged\n');
  chmodSync(join(root, 'bin/run.sh'), 0o755);
  rmSync(join(root, 'deep/er/c.ts'));
  writeFileSync(join(root, 'intended.ts'), 'intent to add');
  git(root, 'add', '--intent-to-add', 'intended.ts');
}

type World = readonly [name: string, make: () => Promise<Where>];

const WORLDS: readonly World[] = [
  ['an ordinary repository', () => inWorld(start(), disturb)],
  ['nothing changed', () => open(start())],
  [
    'no commit yet',
    async () => {
      const root = temporaryFolder({ 'a.ts': 'a', 'b.ts': 'b' });
      git(root, 'init', '--quiet');
      git(root, 'add', 'a.ts');
      return open(root);
    },
  ],
  [
    'no commit and no index yet',
    async () => {
      const root = temporaryFolder({ 'a.ts': 'a', 'sub dir/b.ts': 'b' });
      git(root, 'init', '--quiet');
      return open(root);
    },
  ],
  [
    'a linked work tree',
    async () => {
      const linked = join(temporaryFolder(), 'linked');
      git(start(), 'worktree', 'add', '--quiet', linked);
      return inWorld(linked, disturb);
    },
  ],
  [
    'a submodule and a nested repository in it',
    async () => {
      const root = start();
      git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', start(), 'sub');
      git(root, 'commit', '--quiet', '--message=sub');
      git(root, 'clone', '--quiet', start(), 'nested');
      writeFileSync(join(root, 'sub', 'a.ts'), 'changed in the submodule');
      return inWorld(root, disturb);
    },
  ],
  [
    'inside a submodule',
    async () => {
      const root = start();
      git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', start(), 'sub');
      return inWorld(join(root, 'sub'), disturb);
    },
  ],
  [
    'a sparse checkout, with a file that is there all the same',
    async () => {
      const root = start({ 'out/x.ts': 'x\n', 'out/y.ts': 'y\n', 'in/z.ts': 'z\n' });
      git(root, 'sparse-checkout', 'set', 'in', 'deep', 'bin');
      writeTree(root, { 'out/x.ts': 'here after all' });
      return inWorld(root, disturb);
    },
  ],
  [
    'files that git was told not to look at',
    async () => {
      const root = start();
      git(root, 'update-index', '--assume-unchanged', 'a.ts', 'b.ts');
      writeFileSync(join(root, 'a.ts'), 'changed unseen');
      rmSync(join(root, 'b.ts'));
      return open(root);
    },
  ],
  [
    'a split index',
    async () => {
      const root = start();
      git(root, 'config', 'core.splitIndex', 'true');
      git(root, 'update-index', '--split-index');
      return inWorld(root, disturb);
    },
  ],
  [
    'an untracked cache',
    async () => {
      const root = start();
      git(root, 'config', 'core.untrackedCache', 'true');
      git(root, 'update-index', '--untracked-cache');
      return inWorld(root, disturb);
    },
  ],
  [
    'a filter like that of LFS, on a clean, a changed and an untracked file',
    async () => {
      const root = start();
      git(root, 'config', 'filter.big.clean', 'sha1sum');
      git(root, 'config', 'filter.big.smudge', 'cat >/dev/null; echo smudged');
      writeTree(root, { '.gitattributes': '*.big filter=big\n', 'clean.big': 'content', 'changed.big': 'content' });
      git(root, 'add', '.');
      git(root, 'commit', '--quiet', '--message=big');
      writeTree(root, { 'changed.big': 'other content', 'new.big': 'new content' });
      return open(root);
    },
  ],
  [
    'line endings that git converts, mixed ones among them',
    async () => {
      const root = start();
      git(root, 'config', 'core.autocrlf', 'true');
      writeTree(root, { 'crlf.ts': '1\r\n2\r\n', 'mixed.ts': '1\r\n2\n', 'lf.ts': '1\n2\n' });
      git(root, 'add', '.');
      git(root, 'commit', '--quiet', '--message=endings');
      writeTree(root, { 'new.ts': '1\r\n2\n' });
      return open(root);
    },
  ],
  [
    'attributes: text=auto, eol, ident, an encoding',
    async () => {
      const attributes = '* text=auto\n*.bat eol=crlf\n*.id ident\n*.utf16 working-tree-encoding=UTF-16LE text\n';
      const root = start();
      writeTree(root, {
        '.gitattributes': attributes,
        'x.bat': '1\r\n2\r\n',
        'x.ts': '1\r\n2\r\n',
        'x.id': '$Id$\n',
        'x.utf16': Buffer.from('1\r\n2\n', 'utf16le'),
      });
      git(root, 'add', '.');
      git(root, 'commit', '--quiet', '--message=attributes');
      rmSync(join(root, 'x.id'));
      git(root, 'checkout', 'x.id');
      return open(root);
    },
  ],
  [
    'a .git file that leads elsewhere',
    async () => {
      const root = temporaryFolder({ 'a.ts': 'a', 'b.ts': 'b' });
      git(root, 'init', '--quiet', '--separate-git-dir', join(temporaryFolder(), 'elsewhere.git'));
      git(root, 'add', 'a.ts');
      git(root, 'commit', '--quiet', '--message=start');
      return open(root);
    },
  ],
  [
    'GIT_DIR and GIT_WORK_TREE set',
    async () => {
      const root = start();
      disturb(root);
      const gitDir = join(temporaryFolder(), 'hidden.git');
      renameSync(join(root, '.git'), gitDir);
      setAmbient('GIT_DIR', gitDir);
      setAmbient('GIT_WORK_TREE', root);
      return open(root);
    },
  ],
  [
    'a SHA-256 repository',
    async () => {
      const root = temporaryFolder({ 'a.ts': 'a', 'b.ts': 'b', link: { link: 'a.ts' } });
      git(root, 'init', '--quiet', '--object-format=sha256');
      git(root, 'add', 'a.ts', 'link');
      git(root, 'commit', '--quiet', '--message=start');
      writeFileSync(join(root, 'a.ts'), 'changed');
      return open(root);
    },
  ],
  [
    'a folder of a repository as target',
    async () => {
      const root = start({ 'target/x.ts': 'x' });
      disturb(root);
      return open(join(root, 'target'));
    },
  ],
  [
    'odd names, and one that is no text',
    async () => {
      const names = ['-rf', 'new\nline', '"quoted"', "it's", 'ünï→☃', '$(x)', 'back\\slash', 'tab\there', ' '];
      const tree = (suffix: string): Record<string, string> =>
        Object.fromEntries(names.map((name) => [`${name}${suffix}`, name]));
      const root = start(tree(''));
      writeTree(root, tree(' untracked'));
      for (const name of names.slice(0, 4)) writeFileSync(join(root, name), 'changed');
      writeFileSync(Buffer.concat([Buffer.from(`${root}/latin-`), Buffer.from([0xe9])]), 'no text');
      return open(root);
    },
  ],
  [
    'files and folders in each other’s place, and a link in the place of a folder',
    async () => {
      const root = start({ 'was-folder/x': 'x', 'was-file': 'f', 'was-linked/y': 'y', 'real/y': 'other y' });
      rmSync(join(root, 'was-folder'), { recursive: true });
      rmSync(join(root, 'was-file'));
      rmSync(join(root, 'was-linked'), { recursive: true });
      writeTree(root, { 'was-folder': 'now a file', 'was-file/x': 'now a folder', 'was-linked': { link: 'real' } });
      return open(root);
    },
  ],
  [
    'no repository',
    () =>
      open(
        temporaryFolder({ 'a.ts': 'a\r\n', 'x/b.ts': 'b', link: { link: 'a.ts' }, '.gitattributes': '* text=auto\n' }),
      ),
  ],
];

async function inWorld(root: string, change: (root: string) => void): Promise<Where> {
  change(root);
  return open(root);
}

describe.each(WORLDS)('%s', (_, make) => {
  test('a snapshot changes nothing; what is damaged comes back, by us and by the printed commands', async () => {
    const where = await make();
    const before = stateOf(where);
    const snapshot = await snap(where);
    expect(stateOf(where)).toEqual(before);
    damage(where);
    if (where.repository !== null) git(where.root, 'add', '--all', '--sparse', '.');
    expect(stateOf(where)).not.toEqual(before);
    const result = await restore(where, snapshot, { created: createdByDamage(where) });
    expect(result).toMatchObject({ failures: [], leftAlone: [] });
    expect(stateOf(where)).toEqual(before);
    damage(where);
    for (const { path } of createdByDamage(where))
      rmSync(join(where.repository?.workTree ?? where.root, dirname(path)), { recursive: true });
    const script = restoreCommands(snapshot).join('\n');
    execFileSync('sh', ['-e', '-c', script], { cwd: '/', env: { ...process.env, ...GIT_ENV }, stdio: 'pipe' });
    expect(stateOf(where)).toEqual(before);
  });
});

describe('the commit', () => {
  test('has the shape of a stash, and git reads it as one', async () => {
    const root = start();
    disturb(root);
    const snapshot = await snap(await open(root));
    const parents = git(root, 'show', '--no-patch', '--format=%P', snapshot.ref).trim().split(' ');
    expect(parents).toHaveLength(3);
    expect(parents[0]).toBe(git(root, 'rev-parse', 'HEAD').trim());
    expect(git(root, 'show', `${parents[1]!}:a.ts`)).toBe('staged\n');
    expect(git(root, 'show', `${snapshot.ref}:a.ts`)).toBe('staged and changed\n');
    expect(git(root, 'ls-tree', '-r', '--name-only', parents[2]!).trim().split('\n')).toEqual([
      '.gitignore',
      'dir/new.ts',
      'new.ts',
    ]);
    expect(git(root, 'stash', 'show', '--include-untracked', '--name-only', snapshot.commit)).toContain('new.ts');
    expect(git(root, 'ls-tree', snapshot.ref, 'bin/run.sh')).toContain('100755');
    expect(snapshot.ref).toBe(`refs/quality/snapshots/${RUN}/1`);
  });

  test('no hook hears of it', async () => {
    const root = start();
    for (const name of ['reference-transaction', 'post-index-change', 'post-checkout', 'pre-auto-gc', 'post-commit']) {
      writeFileSync(join(root, '.git/hooks', name), `#!/bin/sh\necho ${name} >> "${root}/heard"\n`, { mode: 0o755 });
    }
    disturb(root);
    rmSync(join(root, 'heard'), { force: true });
    const where = await open(root);
    const snapshot = await snap(where);
    damage(where);
    await restore(where, snapshot, { created: createdByDamage(where) });
    await pruneSnapshots(where, { keepRuns: 0, protectedRuns: [] });
    expect(existsSync(join(root, 'heard'))).toBe(false);
  });

  test('survives garbage collection', async () => {
    const root = start();
    disturb(root);
    const where = await open(root);
    const before = stateOf(where);
    const snapshot = await snap(where);
    git(root, 'gc', '--quiet', '--prune=now');
    damage(where);
    await restore(where, snapshot, { created: createdByDamage(where) });
    expect(treeOf(root)).toEqual((before as { tree: unknown }).tree);
  });

  test('files as young as the index are looked at, however their times and sizes look', async () => {
    const root = start();
    const where = await open(root);
    writeFileSync(join(root, 'a.ts'), '1\n');
    git(root, 'add', 'a.ts');
    writeFileSync(join(root, 'a.ts'), '2\n');
    const snapshot = await snap(where);
    expect(git(root, 'show', `${snapshot.ref}:a.ts`)).toBe('2\n');
  });

  test('holds ignored files when asked, and says what it left out', async () => {
    const root = start();
    disturb(root);
    writeFileSync(join(root, 'huge.bin'), Buffer.alloc(5_000));
    const where = await open(root);
    const snapshot = await snap(where, { extraPaths: ['ignored.log'], maxFileBytes: 4_000 });
    expect(snapshot.skipped).toEqual(['huge.bin']);
    writeFileSync(join(root, 'ignored.log'), 'changed');
    writeFileSync(join(root, 'huge.bin'), 'changed by the user');
    expect(await restore(where, snapshot)).toMatchObject({ restored: ['ignored.log'], failures: [] });
    expect(await restore(where, snapshot)).toMatchObject({ restored: [], removed: [], failures: [] });
    expect(readFileSync(join(root, 'ignored.log'), 'utf8')).toBe('ignored');
    expect(readFileSync(join(root, 'huge.bin'), 'utf8')).toBe('changed by the user');
  });

  test('is refused while files have unresolved conflicts', async () => {
    const root = start();
    git(root, 'checkout', '--quiet', '-b', 'other');
    writeFileSync(join(root, 'a.ts'), 'theirs');
    git(root, 'commit', '--quiet', '--all', '--message=theirs');
    git(root, 'checkout', '--quiet', 'main');
    writeFileSync(join(root, 'a.ts'), 'ours');
    git(root, 'commit', '--quiet', '--all', '--message=ours');
    expect(() => git(root, 'merge', 'other')).toThrow();
    const where = await open(root);
    const before = stateOf(where);
    const result = await takeSnapshot({ ...where, runId: RUN, number: 1, message: 'x' });
    expect(result).toMatchObject({ ok: false, failure: { kind: 'git-state' } });
    expect(stateOf(where)).toEqual(before);
    expect(await listSnapshots(where)).toEqual({ ok: true, value: [] });
  });
});

describe('a restore', () => {
  test('leaves alone what the user made since, and what is in the way of it', async () => {
    const root = start();
    const where = await open(root);
    const snapshot = await snap(where);
    rmSync(join(root, 'deep'), { recursive: true });
    writeTree(root, { 'mine.ts': 'the user', deep: 'a file of the user where a folder was' });
    writeFileSync(join(root, 'a.ts'), 'damaged');
    const result = await restore(where, snapshot, { created: [{ path: 'mine.ts', bytes: Buffer.from('ours') }] });
    expect(result.restored).toEqual(['a.ts']);
    expect(result.leftAlone).toEqual(['mine.ts']);
    expect(result.failures).toMatchObject([{ kind: 'restore-failed', path: 'deep/er/c.ts' }]);
    expect(readFileSync(join(root, 'mine.ts'), 'utf8')).toBe('the user');
    expect(readFileSync(join(root, 'deep'), 'utf8')).toContain('of the user');
  });

  test('keeps what it overwrites in a snapshot of its own', async () => {
    const root = start();
    const where = await open(root);
    const snapshot = await snap(where);
    writeFileSync(join(root, 'a.ts'), 'written by the user since');
    const { before } = await restore(where, snapshot);
    expect(before.number).toBe(2);
    expect(git(root, 'show', `${before.ref}:a.ts`)).toBe('written by the user since');
  });

  test('can be of some paths only, and leave the index', async () => {
    const root = start();
    const where = await open(root);
    const snapshot = await snap(where);
    damage(where);
    git(root, 'add', '--all');
    const index = readFileSync(join(root, '.git/index'));
    await restore(where, snapshot, { only: new Set(['data.bin']), index: false });
    expect(readFileSync(join(root, 'data.bin'))).toEqual(Buffer.from([0, 1, 2, 255]));
    expect(readFileSync(join(root, '.git/index')).equals(index)).toBe(true);
    expect(git(root, 'status', '--short')).toContain('b.ts');
  });

  test('does not take the index from under another git', async () => {
    const root = start();
    const where = await open(root);
    const snapshot = await snap(where);
    writeFileSync(join(root, 'a.ts'), 'x');
    git(root, 'add', 'a.ts');
    writeFileSync(join(root, '.git/index.lock'), '');
    const result = await restore(where, snapshot);
    expect(result.failures).toMatchObject([{ kind: 'git-state' }]);
    expect(existsSync(join(root, '.git/index.lock'))).toBe(true);
  });
});

describe('permissions that git does not keep', () => {
  beforeAll(() => void process.umask(0o022));
  const modeOf = (root: string, path: string): string => (lstatSync(join(root, path)).mode & 0o7777).toString(8);
  const MODES = { 'a.ts': 0o600, 'b.ts': 0o664, 'bin/run.sh': 0o700, 'new secret': 0o600, '-rf': 0o640 };
  const world = (root: string): Promise<Where> => {
    writeTree(root, {
      'a.ts': 'a',
      'b.ts': 'b',
      'bin/run.sh': 'run',
      'new secret': 'untracked',
      '-rf': 'odd',
      plain: 'p',
    });
    for (const [path, mode] of Object.entries(MODES)) chmodSync(join(root, path), mode);
    return open(root);
  };
  const places: readonly World[] = [
    ['repository', () => world(start())],
    ['folder', () => world(temporaryFolder())],
  ];

  test.each(places)('come back with deleted, changed and merely opened files (%s)', async (_, make) => {
    const where = await make();
    const { root } = where;
    const modes = (): Record<string, string> =>
      Object.fromEntries([...Object.keys(MODES), 'plain'].map((path) => [path, modeOf(root, path)]));
    const before = { tree: treeOf(root), modes: modes() };
    const spoil = (): void => {
      rmSync(join(root, 'a.ts'));
      rmSync(join(root, 'new secret'));
      writeFileSync(join(root, '-rf'), 'changed');
      for (const path of ['b.ts', 'bin/run.sh', '-rf']) chmodSync(join(root, path), 0o644);
    };
    const snapshot = await snap(where);
    spoil();
    chmodSync(join(root, 'plain'), 0o600);
    expect(await restore(where, snapshot)).toMatchObject({ failures: [], leftAlone: [] });
    expect({ tree: treeOf(root), modes: modes() }).toEqual(before);
    spoil();
    const script = restoreCommands(snapshot).join(' && ');
    execFileSync('sh', ['-c', script], { cwd: '/', env: { ...process.env, ...GIT_ENV }, stdio: 'pipe' });
    expect({ tree: treeOf(root), modes: modes() }).toEqual(before);
  });

  test('are listed only where they are not what the system gives to a new file', async () => {
    const where = await world(start());
    const { modes } = await snap(where);
    expect(modes.lists.map((list) => list.permissions)).toEqual(['600', '640', '664', '700']);
    const [listed] = (await listSnapshotsOf(where)).slice(-1);
    expect(listed?.modes).toEqual(modes);
  });
});

async function listSnapshotsOf(where: Where): Promise<readonly Snapshot[]> {
  const listed = await listSnapshots(where);
  if (!listed.ok) throw new Error(listed.failure.message);
  return listed.value;
}

describe('a restore that was cut off', () => {
  test('goes on with what is not back yet, leaves what was changed since, and tidies up', async () => {
    const root = start();
    const where = await open(root);
    const snapshot = await snap(where);
    for (const path of ['a.ts', 'b.ts', 'deep/er/c.ts']) writeFileSync(join(root, path), 'damaged');
    git(root, 'add', 'a.ts');
    const before = await holdBefore(where, snapshot);
    if (!before.ok) throw new Error(before.failure.message);
    // As a kill leaves it: one file back, temporary ones lying about, the index locked; and someone has edited since.
    writeFileSync(join(root, 'a.ts'), 'a\n');
    writeFileSync(join(root, 'deep/er/c.ts'), 'the user');
    writeTree(root, {
      '.quality-restore.tmp': 'half',
      '.quality-restore.tmp~': 'damaged',
      'deep/er/.quality-restore.tmp~': 'unknown',
    });
    copyFileSync(snapshot.indexFile!, join(root, '.git/index.quality'));
    linkSync(join(root, '.git/index.quality'), join(root, '.git/index.lock'));
    const result = await restoreSnapshot(snapshot, before.value, { index: true });
    expect(result).toMatchObject({ ok: true, value: { leftAlone: ['deep/er/c.ts'], failures: [] } });
    expect(Object.keys(treeOf(root)).filter((path) => path.includes('.quality'))).toEqual([
      'deep/er/.quality-restore.tmp~',
    ]);
    expect(readFileSync(join(root, 'b.ts'), 'utf8')).toBe('b\n');
    expect(readFileSync(join(root, 'deep/er/c.ts'), 'utf8')).toBe('the user');
    expect(readFileSync(join(root, '.git/index')).equals(readFileSync(snapshot.indexFile!))).toBe(true);
    expect(readdirSync(join(root, '.git')).filter((name) => name.startsWith('index'))).toEqual(['index']);
  });
});

describe('old snapshots', () => {
  test.each(['repository', 'folder'])('are listed and pruned by run, protected ones kept (%s)', async (kind) => {
    const where = await open(kind === 'folder' ? temporaryFolder({ 'a.ts': 'a' }) : start());
    const runs = ['20261118-000000-aaaa', '20261119-000000-bbbb', '20261120-000000-cccc', '20261121-000000-dddd'];
    for (const runId of runs) for (const number of [1, 2]) await snap(where, { runId, number });
    const listed = await listSnapshots(where);
    expect(listed.ok && listed.value.map((one) => one.ref)).toHaveLength(8);
    const fresh = await snap(where, { runId: runs[3]!, number: 3 });
    const again = await listSnapshots(where);
    expect(again.ok && again.value.at(-1)).toEqual(fresh);
    const pruned = await pruneSnapshots(where, { keepRuns: 2, protectedRuns: [runs[0]!] });
    expect(pruned).toEqual({
      ok: true,
      value: [`refs/quality/snapshots/${runs[1]!}/1`, `refs/quality/snapshots/${runs[1]!}/2`],
    });
    const left = await listSnapshots(where);
    expect(left.ok && [...new Set(left.value.map((one) => one.run))]).toEqual([runs[0], runs[2], runs[3]]);
  });

  test('a number is never used twice', async () => {
    const where = await open(start());
    await snap(where);
    writeFileSync(join(where.root, 'a.ts'), 'x');
    expect(await takeSnapshot({ ...where, runId: RUN, number: 1, message: 'x' })).toMatchObject({ ok: false });
  });
});

describe('integrity', () => {
  const hash = (text: string): string => hashBytes(Buffer.from(text));

  test.each(['repository', 'sha256', 'folder'])('tells our edits from those of others (%s)', async (kind) => {
    const root =
      kind === 'repository'
        ? start()
        : temporaryFolder({ 'a.ts': 'a\n', 'b.ts': 'b\n', 'link-to-a': { link: 'a.ts' } });
    if (kind === 'sha256') {
      git(root, 'init', '--quiet', '--object-format=sha256');
      git(root, 'add', 'a.ts');
    }
    writeTree(root, { 'c.ts': 'c', 'd.ts': 'd' });
    const where = await open(root);
    const snapshot = await snap(where);
    for (const name of ['a', 'b', 'e']) writeFileSync(join(root, `${name}.ts`), `${name} after`);
    rmSync(join(root, 'c.ts'));
    const record = (path: string, before: string | null, after: string | null) => ({
      path,
      before: before === null ? null : hash(before),
      after: after === null ? null : hash(after),
    });
    const result = await integrityCheck({
      ...where,
      baseline: snapshot,
      records: [
        record('a.ts', 'a\n', 'between'),
        record('a.ts', 'between', 'a after'),
        record('b.ts', 'b\n', 'ours'),
        record('d.ts', 'd', 'D'),
        record('e.ts', null, 'e after'),
      ],
    });
    expect(result.ok && result.value.differences.map(({ path, by }) => [path, by])).toEqual([
      ['a.ts', 'edit'],
      ['b.ts', 'both'],
      ['c.ts', 'user'],
      ['e.ts', 'edit'],
    ]);
    expect(result.ok && result.value.differences[2]).toMatchObject({ before: hash('c'), now: null });
    expect(result.ok && result.value.undone).toEqual(['d.ts']);
  });

  test('without a snapshot by hashes; outside of the target it shows', async () => {
    const root = start({ 'target/x.ts': 'x' });
    const where = await open(join(root, 'target'));
    const snapshot = await snap(where);
    writeFileSync(join(root, 'a.ts'), 'changed');
    writeFileSync(join(root, 'target/x.ts'), 'X');
    const records = [{ path: 'x.ts', before: hash('x'), after: hash('X') }];
    const whole = await integrityCheck({ ...where, baseline: snapshot, records });
    expect(whole.ok && whole.value.differences.map(({ path, by }) => [path, by])).toEqual([
      ['../a.ts', 'user'],
      ['x.ts', 'edit'],
    ]);
    const hashes = await integrityCheck({ ...where, baseline: new Map([['x.ts', hash('x')]]), records });
    expect(hashes.ok && hashes.value.differences.map(({ path, by }) => [path, by])).toEqual([['x.ts', 'edit']]);
  });
});

type Act = readonly [kind: number, path: string, content: string];
const actArbitrary = fc.tuple(
  fc.nat(6),
  fc.constantFrom('a', 'b', 'c/d', 'c/e', 'f g', 'ö', '-x'),
  fc.constantFrom('', '1\n', '1\r\n', '2\n3\r\n', '\u{feff}4'),
);

/** Anything that a user or a tool might do; what is impossible at the moment is left out. */
function act(root: string, [kind, path, content]: Act): void {
  const absolute = join(root, path);
  try {
    if (kind === 0) rmSync(absolute, { recursive: true, force: true });
    else if (kind === 1) git(root, 'add', '--all', '--', path);
    else if (kind === 2) chmodSync(absolute, content === '' ? 0o755 : 0o644);
    else if (kind === 3) symlinkSync(content === '' ? 'a' : 'nowhere', absolute);
    else if (kind === 4) git(root, 'add', '--intent-to-add', '--', path);
    else {
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
    }
  } catch {
    // Impossible just now.
  }
}

test('property: whatever the state and whatever was done to it, it comes back with its index', async () => {
  const acts = fc.array(actArbitrary, { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(acts, acts, acts, fc.boolean(), async (first, second, third, crlf) => {
      const root = temporaryFolder();
      git(root, 'init', '--quiet');
      if (crlf) git(root, 'config', 'core.autocrlf', 'true');
      for (const one of first) act(root, one);
      git(root, 'add', '--all');
      git(root, 'commit', '--quiet', '--allow-empty', '--message=start');
      for (const one of second) act(root, one);
      const where = await open(root);
      const before = filesOf(where);
      const snapshot = await snap(where);
      expect(filesOf(where)).toEqual(before);
      for (const one of third) act(root, one);
      const created = Object.entries(filesOf(where).tree).filter(([path]) => !(path in before.tree));
      const bytes = ([path, value]: [string, string]): { path: string; bytes: Buffer } => ({
        path,
        bytes: value.startsWith('link ') ? Buffer.from(value.slice(5)) : readFileSync(join(root, path)),
      });
      await restore(where, snapshot, { created: created.map(bytes) });
      expect(filesOf(where)).toEqual(before);
    }),
    { numRuns: 15 },
  );
}, 30_000);

/** Git knows no folders and of the mode only one bit. */
function filesOf({ root }: Where): { tree: Record<string, string>; index: string | null } {
  const index = join(root, '.git/index');
  const files = Object.entries(treeOf(root)).filter(([path]) => !path.endsWith('/'));
  return { tree: Object.fromEntries(files), index: existsSync(index) ? readFileSync(index).toString('base64') : null };
}
