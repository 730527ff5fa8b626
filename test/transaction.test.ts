import fc from 'fast-check';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashBytes } from '../src/host/hash.js';
import type { Edit } from '../src/model/edit.js';
import { readBlob } from '../src/safety/blobs.js';
import { readJournals } from '../src/safety/journal.js';
import { recoverRun } from '../src/safety/recover.js';
import { markRun } from '../src/safety/run-mark.js';
import { type AppliedEdit, applyEdits } from '../src/safety/transaction.js';
import { putAgain, takeBack, undoRun } from '../src/safety/undo.js';
import { type Tree, read, temporaryFolder } from './rig.js';
import { ended, saidBy, startHelper } from './helpers/safety-bundle.js';
import { treeOf } from './helpers/trees.js';

const hash = (text: string | Uint8Array): string => hashBytes(Buffer.from(text));

function change(path: string, before: string | null, after: string | null): Edit {
  return {
    path,
    before: before === null ? null : hash(before),
    after: after === null ? null : Buffer.from(after),
  };
}

function target(tree: Tree): { root: string; runDir: string; name: string } {
  const root = temporaryFolder(tree);
  const runDir = join(root, '.quality', 'runs', '20261121-000000-test');
  mkdirSync(runDir, { recursive: true });
  return { root, runDir, name: 'step' };
}

describe('what is written', () => {
  test('files are changed, created with their folders, and deleted; contents of both sides are kept', async () => {
    const where = target({ 'a.ts': 'old', 'b.ts': 'gone' });
    const result = await applyEdits(where, [
      change('a.ts', 'old', 'new'),
      change('deep/er/c.ts', null, 'made'),
      change('b.ts', 'gone', null),
    ]);
    expect(result.failures).toEqual([]);
    expect(result.applied.map((one) => one.path)).toEqual(['a.ts', 'deep/er/c.ts', 'b.ts']);
    expect(read(where.root, 'a.ts')).toBe('new');
    expect(read(where.root, 'deep/er/c.ts')).toBe('made');
    expect(existsSync(join(where.root, 'b.ts'))).toBe(false);
    for (const text of ['old', 'new', 'made', 'gone'])
      expect(Buffer.from(await readBlob(where.runDir, hash(text))).toString()).toBe(text);
    expect(Object.keys(treeOf(where.root))).toEqual(['a.ts', 'deep/', 'deep/er/', 'deep/er/c.ts']);
    expect((await readJournals(where.runDir)).map((one) => one.open)).toEqual([false]);
  });

  test('the mode stays, and the exec bit follows a tool that sets it', async () => {
    const where = target({ 'a.sh': 'a', 'b.sh': 'b', 'c.sh': 'c' });
    chmodSync(join(where.root, 'a.sh'), 0o750);
    chmodSync(join(where.root, 'b.sh'), 0o640);
    chmodSync(join(where.root, 'c.sh'), 0o755);
    await applyEdits(where, [
      change('a.sh', 'a', 'A'),
      { ...change('b.sh', 'b', 'B'), executable: true },
      { ...change('c.sh', 'c', 'c'), executable: false },
    ]);
    const mode = (name: string): number => statSync(join(where.root, name)).mode & 0o777;
    expect([mode('a.sh'), mode('b.sh'), mode('c.sh')]).toEqual([0o750, 0o750, 0o644]);
    await undoRun(where);
    expect([mode('a.sh'), mode('b.sh'), mode('c.sh')]).toEqual([0o750, 0o640, 0o755]);
  });

  test('BOM, CRLF and binary bytes pass through', async () => {
    const where = target({ 'a.bin': 'x' });
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x0d, 0x0a, 0, 0xff, 0x0a]);
    await applyEdits(where, [{ path: 'a.bin', before: hash('x'), after: bytes }]);
    expect(readFileSync(join(where.root, 'a.bin')).equals(bytes)).toBe(true);
  });

  test('a symlink within the target stays a link and its file is written', async () => {
    const where = target({ 'real/file.ts': 'old', 'link.ts': { link: 'real/file.ts' } });
    const result = await applyEdits(where, [change('link.ts', 'old', 'new')]);
    expect(result.applied).toHaveLength(1);
    expect(readlinkSync(join(where.root, 'link.ts'))).toBe('real/file.ts');
    expect(read(where.root, 'real/file.ts')).toBe('new');
  });

  test('a folder gives way to a file and a file to a folder; undo turns both round', async () => {
    const where = target({ 'swap/one': '1', 'swap/two': '2', 'swap/empty': null, other: 'file' });
    const before = treeOf(where.root);
    const result = await applyEdits(where, [
      change('swap', null, 'now a file'),
      change('swap/one', '1', null),
      change('swap/two', '2', null),
      change('other/deep/x', null, 'below'),
      change('other', 'file', null),
    ]);
    expect(result.failures).toEqual([]);
    expect(read(where.root, 'swap')).toBe('now a file');
    expect(read(where.root, 'other/deep/x')).toBe('below');
    await undoRun(where);
    expect(treeOf(where.root)).toEqual(before);
  });

  test('a rename that changes only the case of letters', async () => {
    const where = target({ 'Name.ts': 'same' });
    const before = treeOf(where.root);
    const result = await applyEdits(where, [change('name.ts', null, 'same'), change('Name.ts', 'same', null)]);
    expect(result.failures).toEqual([]);
    expect(readdirSync(where.root).filter((name) => name.endsWith('.ts'))).toEqual(['name.ts']);
    await undoRun(where);
    expect(treeOf(where.root)).toEqual(before);
  });

  test('two edits of one file are applied one on the other, and a run is undone through both', async () => {
    const where = target({ 'a.ts': '1' });
    const result = await applyEdits(where, [change('a.ts', '1', '2'), change('a.ts', '2', '3')]);
    expect(result.applied).toHaveLength(2);
    expect(read(where.root, 'a.ts')).toBe('3');
    expect(await undoRun(where)).toMatchObject({ restored: ['a.ts'], leftAlone: [] });
    expect(read(where.root, 'a.ts')).toBe('1');
    expect(await undoRun(where)).toEqual({ restored: [], leftAlone: [], failures: [] });
  });

  test('odd names', async () => {
    const names = ['-rf', 'with space', 'new\nline', '"quoted"', "it's", 'ünï→☃.ts', '$(x)', 'back\\slash'];
    const where = target(Object.fromEntries(names.map((name) => [name, 'old'])));
    const result = await applyEdits(
      where,
      names.map((name) => change(name, 'old', `new ${name}`)),
    );
    expect(result.failures).toEqual([]);
    for (const name of names) expect(read(where.root, name)).toBe(`new ${name}`);
  });
});

describe('what is not written', () => {
  test('a file that is not what the job read, that has appeared, or that is gone', async () => {
    const where = target({ 'a.ts': 'the user was here', 'b.ts': 'new here' });
    const before = treeOf(where.root);
    const result = await applyEdits(where, [
      change('a.ts', 'old', 'new'),
      change('b.ts', null, 'mine'),
      change('c.ts', 'old', 'new'),
      change('d.ts', 'old', null),
    ]);
    expect(result.applied).toEqual([]);
    expect(result.changedMeanwhile).toEqual([
      { path: 'a.ts', expected: hash('old'), found: hash('the user was here') },
      { path: 'b.ts', expected: null, found: hash('new here') },
      { path: 'c.ts', expected: hash('old'), found: null },
      { path: 'd.ts', expected: hash('old'), found: null },
    ]);
    expect(treeOf(where.root)).toEqual(before);
  });

  test('anything outside of the target, of git or of ours, by name or through a symlink', async () => {
    const outside = temporaryFolder({ 'secret.ts': 'secret' });
    const where = target({
      out: { link: outside },
      'leak.ts': { link: join(outside, 'secret.ts') },
      '.git/config': 'x',
    });
    symlinkSync('.git', join(where.root, 'sly'));
    const paths = ['../x', '/etc/x', 'a/../../x', '', 'a//b', './a', '.git/config', 'sub/.GIT/hooks/x', '.quality/x'];
    const refused = await applyEdits(
      where,
      paths.map((path) => change(path, null, 'x')),
    );
    expect(refused.failures.map((failure) => failure.kind)).toEqual(paths.map(() => 'bug'));
    const leaks = await applyEdits(where, [
      change('out/new.ts', null, 'x'),
      change('out/secret.ts', 'secret', 'x'),
      change('leak.ts', 'secret', 'x'),
      change('sly/config', 'x', 'y'),
      change('sly/hooks/post-commit', null, 'y'),
    ]);
    expect(leaks.failures.map((failure) => failure.kind)).toEqual(Array.from({ length: 5 }, () => 'file-unwritable'));
    expect(treeOf(outside)).toMatchObject({ 'secret.ts': expect.stringContaining('c2VjcmV0') as string });
    expect(readdirSync(outside)).toEqual(['secret.ts']);
    expect(read(where.root, '.git/config')).toBe('x');
  });

  test('a read-only file is reported, the others go on', async () => {
    const where = target({ 'a.ts': 'a', 'b.ts': 'b' });
    chmodSync(join(where.root, 'a.ts'), 0o444);
    const result = await applyEdits(where, [change('a.ts', 'a', 'A'), change('b.ts', 'b', 'B')]);
    expect(result.failures).toMatchObject([{ kind: 'file-unwritable', path: 'a.ts' }]);
    expect(read(where.root, 'a.ts')).toBe('a');
    expect(read(where.root, 'b.ts')).toBe('B');
  });

  test('a folder with files of others never gives way', async () => {
    const where = target({ 'swap/one': '1', 'swap/mine': 'the user’s' });
    const result = await applyEdits(where, [change('swap/one', '1', null), change('swap', null, 'file')]);
    expect(result.failures).toMatchObject([{ kind: 'file-unwritable', path: 'swap' }]);
    expect(read(where.root, 'swap/mine')).toBe('the user’s');
    expect(readdirSync(where.root).sort()).toEqual(['.quality', 'swap']);
  });

  test('a full disk: nothing of the call is left, and it says so', async ({ skip }) => {
    const disk = temporaryFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      skip('only the superuser can mount a small disk');
    }
    try {
      const runDir = join(temporaryFolder(), 'run');
      const names = Array.from({ length: 10 }, (_, index) => `f${String(index)}.txt`);
      for (const name of names) writeFileSync(join(disk, name), name);
      const before = treeOf(disk);
      const result = await applyEdits(
        { root: disk, runDir, name: 'step' },
        names.map((name) => change(name, name, name.repeat(10_000))),
      );
      expect(result.applied).toEqual([]);
      expect(result.failures).toMatchObject([{ kind: 'disk-full' }]);
      expect(treeOf(disk)).toEqual(before);
      expect((await readJournals(runDir)).filter((journal) => journal.open)).toEqual([]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

test.each(['in-place', 'rename'])('what someone writes at the very same time is never lost (%s)', async (how) => {
  const count = 240;
  const where = target(
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${String(n)}`, `old ${String(n)}`])),
  );
  const child = startHelper('write-meanwhile', [where.root, String(count), how]);
  await saidBy(child, 'watching');
  const edits = Array.from({ length: count }, (_, n) =>
    change(`f${String(n)}`, `old ${String(n)}`, `new ${String(n)}`),
  );
  const result = await applyEdits(where, edits);
  await ended(child);
  expect(result.failures).toEqual([]);
  for (let number = 0; number < count; number++)
    expect(read(where.root, `f${String(number)}`)).toBe(`${number % 3 === 0 ? 'user' : 'new'} ${String(number)}`);
});

describe('taking back', () => {
  test('only what is still as the edit left it; folders that were made go, the user’s stay', async () => {
    const where = target({ 'a.ts': 'a', 'b.ts': 'b' });
    const { applied } = await applyEdits(where, [
      change('a.ts', 'a', 'A'),
      change('b.ts', 'b', 'B'),
      change('made/x.ts', null, 'x'),
      change('kept/y.ts', null, 'y'),
    ]);
    writeFileSync(join(where.root, 'b.ts'), 'the user');
    writeFileSync(join(where.root, 'kept/user.ts'), 'the user');
    const result = await takeBack(where, applied);
    expect([...result.restored].sort()).toEqual(['a.ts', 'kept/y.ts', 'made/x.ts']);
    expect(result.leftAlone).toEqual([{ path: 'b.ts', expected: hash('B'), found: hash('the user') }]);
    expect(Object.keys(treeOf(where.root))).toEqual(['a.ts', 'b.ts', 'kept/', 'kept/user.ts']);
    expect(read(where.root, 'a.ts')).toBe('a');
  });

  test('undo stops at what someone wrote in between', async () => {
    const where = target({ 'a.ts': '1' });
    await applyEdits(where, [change('a.ts', '1', '2')]);
    writeFileSync(join(where.root, 'a.ts'), 'user');
    await applyEdits(where, [change('a.ts', 'user', 'user, formatted')]);
    const result = await undoRun(where);
    expect(result.leftAlone.map((one) => one.path)).toEqual(['a.ts']);
    expect(read(where.root, 'a.ts')).toBe('user');
  });

  test('a deleted symlink comes back as one', async () => {
    const where = target({ 'real.ts': 'x', 'link.ts': { link: 'real.ts' } });
    const before = treeOf(where.root);
    const { applied } = await applyEdits(where, [change('link.ts', 'x', null)]);
    expect(existsSync(join(where.root, 'link.ts'))).toBe(false);
    await takeBack(where, applied);
    expect(treeOf(where.root)).toEqual(before);
    await putAgain(where, applied);
    expect(existsSync(join(where.root, 'link.ts'))).toBe(false);
    expect(read(where.root, 'real.ts')).toBe('x');
    await undoRun(where);
    expect(lstatSync(join(where.root, 'link.ts')).isSymbolicLink()).toBe(true);
    expect(treeOf(where.root)).toEqual(before);
  });

  test('a damaged copy is never restored', async () => {
    const where = target({ 'a.ts': 'a', 'b.ts': 'b' });
    await applyEdits(where, [change('a.ts', 'a', 'A'), change('b.ts', 'b', 'B')]);
    writeFileSync(join(where.runDir, 'blobs', hash('a')), 'something else');
    const result = await undoRun(where);
    expect(result.failures).toMatchObject([{ kind: 'restore-failed', path: 'a.ts' }]);
    expect(read(where.root, 'a.ts')).toBe('A');
    expect(read(where.root, 'b.ts')).toBe('b');
  });
});

const NAMES = ['a', 'b', 'A', 'x y', '-c', 'é'];
const pathArbitrary = fc
  .array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));
const contentArbitrary = fc.option(fc.constantFrom('', '1', '22\r\n', '\u{feff}3'), { nil: null });
const roundArbitrary = fc.array(fc.tuple(pathArbitrary, contentArbitrary), { minLength: 1, maxLength: 6 });

function contentAt(root: string, path: string): string | null {
  const absolute = join(root, path);
  try {
    return lstatSync(absolute).isFile() ? readFileSync(absolute, 'utf8') : null;
  } catch {
    return null;
  }
}

test('property: any edits of any tree, applied in rounds, are undone to the byte, or were not applied', async () => {
  await fc.assert(
    fc.asyncProperty(roundArbitrary, fc.array(roundArbitrary, { maxLength: 3 }), async (start, rounds) => {
      const where = target({});
      for (const [path, content] of start) {
        try {
          mkdirSync(join(where.root, path, '..'), { recursive: true });
          writeFileSync(join(where.root, path), content ?? 'x');
        } catch {
          // A file stands where this one would need a folder, or the other way round.
        }
      }
      const before = treeOf(where.root);
      for (const round of rounds) {
        const edits = new Map(round.map(([path, after]) => [path, change(path, contentAt(where.root, path), after)]));
        const result = await applyEdits(where, [...edits.values()]);
        expect(result.changedMeanwhile).toEqual([]);
        for (const { path, after } of result.applied) {
          const content = contentAt(where.root, path);
          const now = content === null ? null : hash(content);
          expect(now).toBe(after);
        }
      }
      const undone = await undoRun(where);
      expect(undone.failures).toEqual([]);
      expect(undone.leftAlone).toEqual([]);
      expect(treeOf(where.root)).toEqual(before);
      rmSync(where.root, { recursive: true });
      mkdirSync(where.root);
    }),
    { numRuns: 60 },
  );
});

describe('files and folders that take each other’s place, step after step', () => {
  const pathIn = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const treeIn = fc.array(fc.tuple(pathIn, fc.constantFrom('1', '2')), { maxLength: 5 }).map(treeFrom);
  const stories = fc.record({
    trees: fc.array(treeIn, { minLength: 2, maxLength: 5 }),
    emptyFolders: fc.array(pathIn, { maxLength: 2 }),
    backwards: fc.boolean(),
  });
  type Story = typeof stories extends fc.Arbitrary<infer T> ? T : never;

  /** The first tree on disk, and each later one made of the one before by a call of its own. */
  async function tell({ trees, emptyFolders, backwards }: Story) {
    const [first = new Map<string, string>()] = trees;
    const where = target(Object.fromEntries(first));
    for (const folder of emptyFolders)
      if (!crosses(first, folder)) mkdirSync(join(where.root, folder), { recursive: true });
    const states = [treeOf(where.root)];
    const steps: AppliedEdit[][] = [];
    for (const [index, tree] of trees.slice(1).entries()) {
      const edits = editsBetween(trees[index] ?? first, tree);
      const outcome = await applyEdits(where, backwards ? edits.reverse() : edits);
      expect(outcome).toMatchObject({ failures: [], changedMeanwhile: [] });
      steps.push([...outcome.applied]);
      states.push(treeOf(where.root));
    }
    return { where, states, steps };
  }

  const ALL_WELL = { failures: [], leftAlone: [] };
  const property = (check: (told: Awaited<ReturnType<typeof tell>>) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const told = await tell(story);
        await check(told);
        rmSync(told.where.root, { recursive: true });
        mkdirSync(told.where.root);
      }),
      {
        numRuns: 12,
        examples: EXAMPLES.map((trees) => [{ trees: trees.map(treeFrom), emptyFolders: ['a'], backwards: false }]),
      },
    );

  test('a run is undone to the first state, empty folders too', () =>
    property(async ({ where, states }) => {
      expect(await undoRun(where)).toMatchObject(ALL_WELL);
      expect(treeOf(where.root)).toEqual(states[0]);
    }));

  test('steps are taken back to any state and put in again', () =>
    property(async ({ where, states, steps }) => {
      for (const state of [1, 0, steps.length - 1]) {
        const later = steps.slice(state).flat();
        expect(await takeBack(where, [...later].reverse())).toMatchObject(ALL_WELL);
        expect(treeOf(where.root)).toEqual(states[state]);
        expect(await putAgain(where, later)).toMatchObject(ALL_WELL);
        expect(treeOf(where.root)).toEqual(states.at(-1));
      }
    }));

  test('a run that was cut off is recovered to the first state', () =>
    property(async ({ where, states }) => {
      await markRun(where.runDir);
      const mark = join(where.runDir, 'unproven.json');
      writeFileSync(mark, readFileSync(mark, 'utf8').replace(/"started":"[^"]+"/, '"started":"1"'));
      expect(await recoverRun(where.root, where)).toMatchObject(ALL_WELL);
      expect(treeOf(where.root)).toEqual(states[0]);
    }));
});

/** Later contents win, and take away what stands in their way. */
function treeFrom(choices: readonly (readonly [string, string])[]): Map<string, string> {
  const tree = new Map<string, string>();
  for (const [path, content] of choices) {
    for (const other of tree.keys()) if (crosses(new Map([[path, content]]), other)) tree.delete(other);
    tree.set(path, content);
  }
  return tree;
}

/** Is the path one of these files, a folder above one of them, or below one? */
function crosses(tree: ReadonlyMap<string, string>, path: string): boolean {
  return [...tree.keys()].some((file) => `${file}/`.startsWith(`${path}/`) || path.startsWith(`${file}/`));
}

function editsBetween(from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): Edit[] {
  return [...new Set([...from.keys(), ...to.keys()])]
    .sort()
    .filter((path) => from.get(path) !== to.get(path))
    .map((path) => change(path, from.get(path) ?? null, to.get(path) ?? null));
}

/** Each of these was not undone once. */
const EXAMPLES: readonly (readonly (readonly [string, string])[])[][] = [
  [[], [['a', '1']], [], []],
  [[], [['a/a', '1']], [['a', '1']]],
  [[], [['b/a', '2']], [], [['b/a', '2']], []],
];
