/** What git can be in the middle of when it calls the hook, and what can happen meanwhile. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  PRETTIER,
  blobsIn,
  commit,
  everywhere,
  followFixes,
  gitState,
  hooked,
  installHook,
  run,
  startCommit,
} from './hook-rig.js';
import { COMMAND, quality, treeOf } from './quality.js';
import { git, read, repository, temporaryFolder, writeTree } from './rig.js';

const M = 'export const a   =  1\n';
const N = 'export const a = 1;\n';
const PARTS = 'export const a   =  1\n\nfunction f() {}\n\nfunction g() {}\n\nfunction h() {}\n';
const PARTS_NEAT = PARTS.replace(M, N);
const BROKEN = 'export const = ;\n';
const config = (value: unknown): string => `${JSON.stringify(value)}\n`;

const NEAT = [N, N, N];

function clean(folder: string): void {
  expect(git(folder, 'status', '--porcelain', '--untracked-files=all')).toBe('');
  const leftovers = readdirSync(join(folder, '.git')).filter((name) => /quality-|\.lock$/.test(name));
  expect(leftovers).toEqual([]);
}

describe('a tool that the project asks for and that is not there', () => {
  it('stands in the way only of what it would look at', () => {
    // All steps, as it is by default.
    const styled = {
      '.quality-config.json': '{}\n',
      'docs/package.json': '{ "devDependencies": { "stylelint": "16.0.0" } }\n',
    };
    const folder = repository({ ...PRETTIER, ...styled, 'docs/.stylelintrc.json': '{ "rules": {} }\n', 'a.js': N });
    writeTree(folder, { 'a.js': M, 'top.css': 'a {\n  color: red;\n}\n' });
    git(folder, 'add', '--all');
    expect(quality(folder, 'run', '--staged')).toMatchObject({ code: 0 });
    writeTree(folder, { 'docs/b.css': 'a {\n  color: red;\n}\n' });
    git(folder, 'add', '--all');
    const blocked = quality(folder, 'run', '--staged');
    expect(blocked).toMatchObject({ code: 1 });
    expect(blocked.err + blocked.out).toContain('stylelint is not installed');
  });
});

describe('kinds of commits', () => {
  it('the first one', () => {
    const folder = temporaryFolder({ ...PRETTIER, 'a.js': M });
    git(folder, 'init', '--quiet');
    installHook(join(folder, '.git'));
    git(folder, 'add', '--all');
    expect(commit(folder)).toMatchObject({ code: 0 });
    expect(everywhere(folder, 'a.js')).toEqual(NEAT);
    clean(folder);
  });

  it('--amend, with and without something new; --amend of the first', () => {
    const folder = hooked();
    writeTree(folder, { 'a.js': M });
    git(folder, 'add', 'a.js');
    expect(commit(folder, '--amend').code).toBe(0);
    expect(git(folder, 'rev-list', '--count', 'HEAD')).toBe('1\n');
    expect(commit(folder, '--amend', '-m', 'other words').code).toBe(0);
    expect(everywhere(folder, 'a.js')).toEqual(NEAT);
    clean(folder);
  });

  it('-a, with a file that is new and a file that is gone', () => {
    const folder = hooked({ 'a.js': N, 'gone.js': N });
    writeTree(folder, { 'a.js': `${M}more()\n`, 'new.js': M });
    rmSync(join(folder, 'gone.js'));
    expect(commit(folder, '-a').code).toBe(0);
    expect(everywhere(folder, 'a.js')).toEqual(Array(3).fill(`${N}more();\n`));
    expect(everywhere(folder, 'new.js')).toEqual([null, null, M]);
    expect(everywhere(folder, 'gone.js')).toEqual([null, null, null]);
    expect(git(folder, 'status', '--porcelain')).toBe('?? new.js\n');
  });

  it('-p: one hunk of a file', () => {
    const folder = hooked({ 'a.js': PARTS_NEAT });
    const change = PARTS_NEAT.replace(N, M).replace('function h() {}', 'function  h() {}');
    writeTree(folder, { 'a.js': change });
    const patch = join(folder, '.git/patch');
    writeFileSync(
      patch,
      git(folder, 'diff', '-U1')
        .split(/^(?=@@)/m)
        .slice(0, 2)
        .join(''),
    );
    git(folder, 'apply', '--cached', '--unidiff-zero', '.git/patch');
    expect(commit(folder)).toMatchObject({
      code: 1,
      out: expect.stringContaining('nothing would be left to commit') as string,
    });
    writeTree(folder, { 'b.js': M });
    git(folder, 'add', 'b.js');
    expect(commit(folder).code).toBe(0);
    const mine = PARTS_NEAT.replace('function h() {}', 'function  h() {}');
    expect(everywhere(folder, 'a.js')).toEqual([PARTS_NEAT, PARTS_NEAT, mine]);
  });

  it('-p as the user types it', () => {
    const folder = hooked({ 'a.js': PARTS });
    writeTree(folder, { 'a.js': `first()\n${PARTS}last()\n` });
    const typed = join(folder, '.git/typed');
    writeFileSync(typed, 'y\nn\n');
    const ended = run(folder, ['-c', `alias.p=!git commit --quiet -m p -p < .git/typed`, 'p']);
    expect(ended.code).toBe(0);
    const neat = `first();\n${PARTS_NEAT}`;
    expect(everywhere(folder, 'a.js')).toEqual([neat, neat, `${neat}last()\n`]);
  });

  it('--only: other staged files stay staged as they are', () => {
    const folder = hooked({ 'a.js': N, 'b.js': N, 'c.js': N });
    writeTree(folder, { 'a.js': `${M}a()\n`, 'b.js': `${M}b()\n`, 'new.js': M });
    git(folder, 'add', 'b.js', 'new.js');
    expect(commit(folder, '--only', 'a.js').code).toBe(0);
    expect(everywhere(folder, 'a.js')).toEqual(Array(3).fill(`${N}a();\n`));
    expect(everywhere(folder, 'b.js')).toEqual([N, `${M}b()\n`, `${M}b()\n`]);
    expect(everywhere(folder, 'new.js')).toEqual([null, M, M]);
    expect(git(folder, 'status', '--porcelain')).toBe('M  b.js\nA  new.js\n');
  });

  it('-i: what is staged and more', () => {
    const folder = hooked({ 'a.js': N, 'b.js': N, 'c.js': N });
    writeTree(folder, { 'a.js': `${M}a()\n`, 'b.js': `${M}b()\n`, 'c.js': M });
    git(folder, 'add', 'b.js');
    expect(commit(folder, '-i', 'a.js').code).toBe(0);
    expect([everywhere(folder, 'a.js'), everywhere(folder, 'b.js'), everywhere(folder, 'c.js')]).toEqual([
      Array(3).fill(`${N}a();\n`),
      Array(3).fill(`${N}b();\n`),
      [N, N, M],
    ]);
  });

  it('from another index: the usual one stays as it is', () => {
    const folder = hooked({ 'a.js': N });
    writeTree(folder, { 'a.js': `${M}a()\n`, 'b.js': M });
    git(folder, 'add', 'b.js');
    const env = { GIT_INDEX_FILE: join(folder, '.git/mine') };
    expect(run(folder, ['read-tree', 'HEAD'], env).code).toBe(0);
    expect(run(folder, ['add', 'a.js'], env).code).toBe(0);
    expect(run(folder, ['commit', '--quiet', '-m', 'mine'], env).code).toBe(0);
    expect(blobsIn(folder, 'HEAD')['a.js']).toBe(`100644 ${N}a();\n`);
    expect(everywhere(folder, 'b.js')).toEqual([null, M, M]);
    expect(read(folder, 'a.js')).toBe(`${N}a();\n`);
  });

  it('with files that are to be added later, hidden from git, or not checked out', () => {
    const folder = hooked({ 'sparse/x.js': N, 'assumed.js': N });
    writeTree(folder, { 'later.js': M, 'assumed.js': M, 'a.js': M });
    git(folder, 'add', '--intent-to-add', 'later.js');
    git(folder, 'update-index', '--assume-unchanged', 'assumed.js');
    git(folder, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'other');
    git(folder, 'add', '--sparse', 'a.js');
    expect(commit(folder).code).toBe(0);
    expect(everywhere(folder, 'a.js')).toEqual(NEAT);
    expect([read(folder, 'later.js'), read(folder, 'assumed.js')]).toEqual([M, M]);
    expect(git(folder, 'ls-files', '-v', 'assumed.js', 'later.js')).toBe('h assumed.js\nH later.js\n');
    expect(git(folder, 'status', '--porcelain')).toBe(' A later.js\n');
    expect([existsSync(join(folder, 'sparse')), blobsIn(folder, 'HEAD')['sparse/x.js']]).toEqual([
      false,
      `100644 ${N}`,
    ]);
  });

  it('a merge: what the other branch has committed is not looked at, what was resolved is', () => {
    const folder = hooked({ 'a.js': N });
    git(folder, 'checkout', '--quiet', '-b', 'stash');
    writeTree(folder, { 'a.js': `${N}theirs();\n`, 'theirs.js': M });
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--no-verify', '--message=theirs');
    git(folder, 'checkout', '--quiet', 'main');
    writeTree(folder, { 'a.js': `${N}ours();\n` });
    git(folder, 'commit', '--quiet', '--no-verify', '--all', '--message=ours');
    expect(run(folder, ['merge', '--quiet', 'stash']).code).toBe(1);
    expect(commit(folder).code).toBe(128);
    writeTree(folder, { 'a.js': `${N}ours()\ntheirs()\n` });
    git(folder, 'add', 'a.js');
    expect(commit(folder).code).toBe(0);
    expect(everywhere(folder, 'a.js')).toEqual(Array(3).fill(`${N}ours();\ntheirs();\n`));
    expect(everywhere(folder, 'theirs.js')).toEqual([M, M, M]);
    expect(git(folder, 'rev-list', '--parents', '-1', 'HEAD').trim().split(' ')).toHaveLength(3);
    clean(folder);
  });

  it('a merge without conflicts: only what no branch has so is looked at, and nothing is changed', () => {
    const folder = hooked({ 'a.js': PARTS });
    installHook(join(folder, '.git'), 'pre-merge-commit');
    git(folder, 'checkout', '--quiet', '-b', 'one');
    writeTree(folder, { 'a.js': `one()\n${PARTS}`, 'one.js': M });
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--no-verify', '--message=one');
    git(folder, 'checkout', '--quiet', 'main');
    writeTree(folder, { 'two.js': N });
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--no-verify', '--message=two');
    expect(run(folder, ['merge', '--quiet', '--no-edit', 'one'])).toMatchObject({ code: 0 });
    expect(everywhere(folder, 'one.js')).toEqual([M, M, M]);
    git(folder, 'reset', '--quiet', '--hard', 'HEAD~1');
    writeTree(folder, { 'a.js': `${PARTS}two()\n` });
    git(folder, 'commit', '--quiet', '--no-verify', '--all', '--message=two more');
    const merged = run(folder, ['merge', '--quiet', '--no-edit', 'one']);
    expect([merged.code, merged.out]).toEqual([1, expect.stringContaining('a.js')]);
    expect(run(folder, ['merge', '--quiet', '--no-edit', '--no-verify', 'one'])).toMatchObject({ code: 128 });
    expect(run(folder, ['merge', '--abort']).code).toBe(0);
    expect(run(folder, ['merge', '--quiet', '--no-edit', '--strategy=ours', 'one'])).toMatchObject({ code: 0 });
    clean(folder);
  });

  it.each(['cherry-pick', 'revert', 'rebase'])('%s that stopped at a conflict', (operation) => {
    const folder = hooked({ 'a.js': `${N}one();\n` });
    git(folder, 'checkout', '--quiet', '-b', 'other');
    writeTree(folder, { 'a.js': `${N}two();\n` });
    git(folder, 'commit', '--quiet', '--no-verify', '--all', '--message=two');
    if (operation !== 'revert') git(folder, 'checkout', '--quiet', 'main');
    writeTree(folder, { 'a.js': `${N}three();\n` });
    git(folder, 'commit', '--quiet', '--no-verify', '--all', '--message=three');
    const target = { 'cherry-pick': 'other', revert: 'HEAD~1', rebase: 'other' }[operation] ?? '';
    expect(run(folder, [operation, target]).code).toBe(1);
    writeTree(folder, { 'a.js': `${M}four()\n` });
    git(folder, 'add', 'a.js');
    expect(commit(folder).code).toBe(0);
    if (operation === 'rebase') expect(run(folder, ['rebase', '--continue']).code).toBe(0);
    expect(everywhere(folder, 'a.js')).toEqual(Array(3).fill(`${N}four();\n`));
    clean(folder);
  });

  it('on a branch called stash, with something stashed, from a folder below', () => {
    const folder = hooked({ 'a.js': N, 'sub/b.js': N });
    git(folder, 'checkout', '--quiet', '-b', 'stash');
    writeTree(folder, { 'a.js': 'stashed' });
    git(folder, 'stash', 'push', '--quiet');
    const stash = git(folder, 'rev-parse', 'refs/stash');
    writeTree(folder, { 'sub/b.js': `${M}b()\n` });
    git(folder, 'add', 'sub/b.js');
    expect(commit(join(folder, 'sub')).code).toBe(0);
    expect(everywhere(folder, 'sub/b.js')).toEqual(Array(3).fill(`${N}b();\n`));
    expect(git(folder, 'rev-parse', 'refs/stash')).toBe(stash);
    clean(folder);
  });
});

describe('kinds of repositories', () => {
  it('two linked work trees that commit at once', async () => {
    const folder = hooked({ 'a.js': N });
    const linked = join(temporaryFolder(), 'linked tree');
    git(folder, 'worktree', 'add', '--quiet', linked, '-b', 'linked');
    for (const tree of [folder, linked]) {
      writeTree(tree, { 'a.js': `${M}here()\n`, 'new.js': M });
      git(tree, 'add', '--all');
      appendFileSync(join(tree, 'new.js'), '\n\n\nlater()\n');
    }
    const ended = await Promise.all([folder, linked].map((tree) => startCommit(tree).ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    for (const tree of [folder, linked]) {
      expect(everywhere(tree, 'a.js')).toEqual(Array(3).fill(`${N}here();\n`));
      expect(everywhere(tree, 'new.js').slice(0, 2)).toEqual([N, N]);
    }
  });

  it('a git folder elsewhere, a linked one, one given in the environment', () => {
    const folder = hooked({ 'a.js': N });
    const elsewhere = join(temporaryFolder(), 'elsewhere.git');
    renameSync(join(folder, '.git'), elsewhere);
    const env = { GIT_DIR: elsewhere, GIT_WORK_TREE: folder };
    const places: readonly (() => NodeJS.ProcessEnv)[] = [
      () => env,
      () => {
        symlinkSync(elsewhere, join(folder, '.git'));
        return {};
      },
      () => {
        rmSync(join(folder, '.git'));
        writeFileSync(join(folder, '.git'), `gitdir: ${elsewhere}\n`);
        return {};
      },
    ];
    for (const [number, place] of places.entries()) {
      const given = place();
      const path = `new${String(number)}.js`;
      writeTree(folder, { [path]: M });
      expect(run(folder, ['add', path], given).code).toBe(0);
      expect(run(folder, ['commit', '--quiet', '-m', 'x'], given)).toMatchObject({ code: 0 });
      expect(run(folder, ['show', `HEAD:${path}`], given).out).toBe(N);
      expect([read(folder, path), run(folder, ['status', '--porcelain'], given).out]).toEqual([N, '']);
    }
  });

  it('hashes of the longer kind', () => {
    const folder = temporaryFolder({ ...PRETTIER, 'a.js': M, 'part.js': PARTS });
    git(folder, 'init', '--quiet', '--object-format=sha256');
    installHook(join(folder, '.git'));
    git(folder, 'add', '--all');
    appendFileSync(join(folder, 'part.js'), 'mine()\n');
    expect(commit(folder)).toMatchObject({ code: 0 });
    expect(everywhere(folder, 'a.js')).toEqual(NEAT);
    expect(everywhere(folder, 'part.js')).toEqual([PARTS_NEAT, PARTS_NEAT, `${PARTS_NEAT}mine()\n`]);
  });

  it('a target below the top: only its files are looked at', () => {
    const folder = repository({ 'app/.quality-config.json': config({ workflows: { staged: { steps: ['format'] } } }) });
    writeTree(folder, { 'app/.prettierrc.json': '{}\n', 'app/a.js': M, 'other.js': M });
    git(folder, 'add', '--all');
    expect(quality(join(folder, 'app'), 'run', '--staged').code).toBe(0);
    expect(blobsIn(folder, '')['app/a.js']).toBe(`100644 ${N}`);
    expect([read(folder, 'app/a.js'), read(folder, 'other.js')]).toEqual([N, M]);
  });
});

describe('what does not pass', () => {
  it('a finding: nothing is changed, and it is said what can be done', () => {
    const folder = hooked({ 'a.js': N });
    writeTree(folder, { 'a.js': `${M}a()\n`, 'broken.js': BROKEN, 'part.js': PARTS });
    git(folder, 'add', '--all');
    appendFileSync(join(folder, 'part.js'), 'mine()\n');
    const before = [gitState(folder), treeOf(folder)];
    const ended = commit(folder);
    expect(ended.code).toBe(1);
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
    for (const words of ['broken.js', 'Nothing was changed', 'quality report', 'QUALITY=0 git commit'])
      expect(ended.out).toContain(words);
    expect(run(folder, ['commit', '--quiet', '-m', 'x'], { QUALITY: '0' }).code).toBe(0);
    expect(blobsIn(folder, 'HEAD')['broken.js']).toBe(`100644 ${BROKEN}`);
    writeTree(folder, { 'broken.js': `${BROKEN}\n` });
    expect(commit(folder, '-a', '--no-verify').code).toBe(0);
  });

  it('--no-fix: what would be changed', () => {
    const folder = repository({ ...PRETTIER });
    installHook(join(folder, '.git'), 'pre-commit', '--no-fix');
    writeTree(folder, { 'a.js': M });
    git(folder, 'add', '--all');
    const before = [gitState(folder), treeOf(folder)];
    const refused = commit(folder);
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('a.js') as string });
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
    expect(quality(folder, 'run', '--staged', '--no-fix').code).toBe(1);
    expect(followFixes(folder, refused.out)).toMatchObject([{ code: 0 }]);
    expect(commit(folder).code).toBe(0);
    expect(everywhere(folder, 'a.js')).toEqual(NEAT);
  });

  it('what a workflow that only looks, or a command of one’s own, could mend: the commands that are named do it', () => {
    const own =
      'for (const f of ["n.txt"]) { const t = fs.readFileSync(f, "utf8"); fs.writeFileSync(f, t.toUpperCase()); }';
    const folder = hooked({
      '.quality-config.json': config({
        commands: { own: { run: [process.execPath, '-e', own], effect: 'writes' } },
        workflows: { staged: { steps: [{ command: 'verify', options: { checks: ['format'] } }, 'own'] } },
      }),
      'n.txt': 'A\n',
    });
    writeTree(folder, { 'a.js': PARTS });
    git(folder, 'add', '--all');
    appendFileSync(join(folder, 'a.js'), 'mine()\n');
    const unformatted = commit(folder);
    expect([unformatted.code, unformatted.out]).toEqual([1, expect.stringContaining('--workflow format-only')]);
    expect(followFixes(folder, unformatted.out)).toMatchObject([{ code: 0 }]);
    expect(everywhere(folder, 'a.js')).toEqual([null, PARTS_NEAT, `${PARTS_NEAT}mine()\n`]);
    writeTree(folder, { 'n.txt': 'a\n' });
    git(folder, 'add', 'n.txt');
    const lower = commit(folder);
    expect([lower.code, lower.out]).toEqual([1, expect.stringContaining('then stage what it has written')]);
    writeTree(folder, { 'a.js': PARTS_NEAT });
    followFixes(folder, lower.out);
    expect(read(folder, 'n.txt')).toBe('A\n');
    git(folder, 'add', 'n.txt');
    expect(commit(folder).code).toBe(0);
    expect(everywhere(folder, 'a.js')[0]).toBe(PARTS_NEAT);
  });

  it('a fix that leaves nothing, unless it is asked for', () => {
    const folder = hooked({ 'a.js': N });
    writeTree(folder, { 'a.js': M });
    git(folder, 'add', 'a.js');
    const before = [gitState(folder), treeOf(folder)];
    expect(commit(folder)).toMatchObject({ code: 1, out: expect.stringContaining('nothing would be left') as string });
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
    expect(run(folder, ['commit', '--quiet', '--allow-empty', '-m', 'x'], { QUALITY_ALLOW_EMPTY: '1' }).code).toBe(0);
    expect(everywhere(folder, 'a.js')).toEqual(NEAT);
    clean(folder);
  });

  it('warnings are counted and pass; nothing staged passes', () => {
    const folder = hooked({
      '.quality-config.json': config({}),
      'eslint.config.mjs':
        'export default [{ files: ["**/*.js"], rules: { "no-empty": "warn", "no-debugger": "error" } }];\n',
    });
    writeTree(folder, { 'a.js': 'if (a) {\n}\n' });
    git(folder, 'add', 'a.js');
    expect(commit(folder)).toMatchObject({ code: 0, out: expect.stringContaining('1 warning') as string });
    writeTree(folder, { 'a.js': 'debugger\n' });
    expect(commit(folder, '-a')).toMatchObject({ code: 1, out: expect.stringContaining('no-debugger') as string });
    git(folder, 'checkout', '--quiet', 'a.js');
    expect(quality(folder, 'run', '--staged')).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing is staged') as string,
    });
  });

  it('lint looks at what is staged, and at the result of the fixes', () => {
    const folder = hooked({
      '.quality-config.json': config({}),
      'eslint.config.mjs':
        'export default [{ files: ["**/*.js"], rules: { "no-var": "error", "no-debugger": "error" } }];\n',
    });
    writeTree(folder, { 'a.js': 'var  a = 1\nexport {a}\n' });
    git(folder, 'add', 'a.js');
    writeTree(folder, { 'a.js': 'var  a = 1\nexport {a}\n\n\ndebugger\n' });
    expect(commit(folder)).toMatchObject({ code: 0 });
    expect(blobsIn(folder, 'HEAD')['a.js']).toBe('100644 let a = 1;\nexport { a };\n');
  });

  it('checks of the whole project see what is staged, not what is on disk', () => {
    const seen = `import { readFileSync } from 'node:fs';
const text = readFileSync('src/a.js', 'utf8');
if (text !== ${JSON.stringify(N)}) { console.log(text); process.exit(1); }
`;
    const folder = hooked({
      'check.mjs': seen,
      '.quality-config.json': config({
        commands: { own: { run: [process.execPath, 'check.mjs'] } },
        workflows: { staged: { steps: ['format', 'own'] } },
      }),
    });
    mkdirSync(join(folder, 'node_modules/there'), { recursive: true });
    writeTree(folder, { 'src/a.js': M });
    git(folder, 'add', 'src');
    writeTree(folder, { 'src/a.js': `${M}\n\n\nnot.staged()\n` });
    expect(commit(folder)).toMatchObject({ code: 0 });
    writeTree(folder, { 'src/a.js': 'other();\n' });
    git(folder, 'add', 'src');
    writeTree(folder, { 'src/a.js': N });
    const before = [gitState(folder), treeOf(folder)];
    expect(commit(folder).code).toBe(1);
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
  });

  const PROJECT = config({
    commands: { own: { run: [process.execPath, 'check.mjs'] } },
    workflows: { staged: { steps: ['own'] } },
  });

  it('programs of its own see what is staged and what git ignores, and run nowhere else than there', () => {
    const folder = hooked({
      'check.mjs': `import { existsSync, writeFileSync } from 'node:fs';
writeFileSync('a.js', 'whatever');
process.exit(['needed.js', 'made/it.js'].every((path) => existsSync(path)) ? 0 : 1);
`,
      '.gitignore': '.quality\nnode_modules\nmade\n',
      '.quality-config.json': PROJECT,
    });
    writeTree(folder, { 'made/it.js': N, 'needed.js': N, 'a.js': N });
    git(folder, 'add', 'a.js');
    // What was forgotten is missed, though it is there.
    expect(commit(folder)).toMatchObject({ code: 1 });
    git(folder, 'add', 'needed.js');
    for (const time of ['first', 'again']) {
      expect([time, commit(folder).code]).toEqual([time, 0]);
      clean(folder);
      expect(read(folder, 'a.js')).toBe(N);
      git(folder, 'reset', '--quiet', '--soft', 'HEAD~1');
    }
  });

  it('checks of the whole project see its own packages as they are staged, and all others', () => {
    const folder = hooked({
      'check.mjs': `import { value } from '@own/lib';
import other from 'other';
process.exit(value === 1 && other === 'other' ? 0 : 1);
`,
      'lib/package.json': '{ "name": "@own/lib", "type": "module", "exports": "./index.js" }\n',
      'lib/index.js': 'export const value = 0;\n',
      '.gitignore': '.quality\nnode_modules\n',
      '.quality-config.json': PROJECT,
    });
    writeTree(folder, {
      'node_modules/other/package.json': '{ "main": "index.js" }\n',
      'node_modules/other/index.js': "module.exports = 'other';\n",
    });
    mkdirSync(join(folder, 'node_modules/@own'));
    symlinkSync('../../lib', join(folder, 'node_modules/@own/lib'));
    writeTree(folder, { 'lib/index.js': 'export const value = 1;\n' });
    git(folder, 'add', 'lib');
    writeTree(folder, { 'lib/index.js': 'export const value = 2;\n' });
    expect(commit(folder)).toMatchObject({ code: 0 });
    git(folder, 'add', 'lib');
    writeTree(folder, { 'lib/index.js': 'export const value = 1;\n' });
    expect(commit(folder)).toMatchObject({ code: 1 });
    // Without packages of its own they are lent as one.
    rmSync(join(folder, 'node_modules/@own'), { recursive: true });
    writeTree(folder, { 'check.mjs': "import other from 'other';\nprocess.exit(other === 'other' ? 0 : 1);\n" });
    git(folder, 'add', 'check.mjs');
    expect(commit(folder)).toMatchObject({ code: 0 });
  });
});

describe('what has passed before', () => {
  const AGAIN = 'clean as before';
  const again = (folder: string): string => {
    git(folder, 'reset', '--quiet', '--soft', 'HEAD~1');
    const ended = commit(folder);
    expect(ended.code).toBe(0);
    return ended.out;
  };

  it('is not looked at again, until something changes that it depends on', () => {
    const folder = hooked({
      '.quality-config.json': config({}),
      'rule.mjs': 'export default { create: () => ({}) };\n',
      'eslint.config.mjs': `import rule from './rule.mjs';
export default [{ files: ['**/*.js'], plugins: { own: { rules: { rule } } }, rules: { 'own/rule': 'error' } }];
`,
    });
    writeTree(folder, { 'a.js': M, 'b.js': N });
    git(folder, 'add', '--all');
    expect(commit(folder)).toMatchObject({ code: 0, out: expect.stringContaining('1 fixed') as string });
    expect(again(folder)).toContain(AGAIN);
    writeTree(folder, { 'a.js': `${M}a()\n` });
    expect(again(folder)).toContain(AGAIN);
    writeTree(folder, { '.prettierrc.json': '{ "semi": false }\n' });
    expect(again(folder)).toContain('fixed');
    git(folder, 'checkout', '--quiet', '.prettierrc.json');
    expect(again(folder)).toContain('fixed');
    expect(again(folder)).toContain(AGAIN);
    writeTree(folder, {
      'rule.mjs':
        'export default { create: (context) => ({ Program: (node) => context.report({ node, message: "no" }) }) };\n',
    });
    git(folder, 'reset', '--quiet', '--soft', 'HEAD~1');
    expect(commit(folder)).toMatchObject({ code: 1, out: expect.stringContaining('own/rule') as string });
    git(folder, 'checkout', '--quiet', 'rule.mjs');
    expect(commit(folder)).toMatchObject({ code: 0, out: expect.stringContaining(AGAIN) as string });
    writeTree(folder, { '.editorconfig': '[*]\nindent_style = tab\n' });
    expect(again(folder)).not.toContain(AGAIN);
  });

  it('by a run, or in an editor: for the contents, the config and the workflow that it was found for, and no other', () => {
    const lint = { command: 'verify', options: { checks: ['lint'] } };
    const folder = hooked({
      '.quality-config.json': config({ workflows: { staged: { steps: ['format', lint] } } }),
      'eslint.config.mjs': 'export default [{ files: ["**/*.js"], rules: { "no-debugger": "error" } }];\n',
      '.prettierignore': '*.json\n*.mjs\n',
      'a.js': N,
    });
    const staged = (...more: string[]): string => quality(folder, 'run', '--staged', ...more).out;
    writeTree(folder, { 'a.js': `${M}a()\n`, 'new.js': M, 'bad.js': 'debugger\n' });
    expect(quality(folder, 'run').code).toBe(1);
    git(folder, 'add', 'a.js', 'new.js');
    expect(staged()).toContain(AGAIN);
    git(folder, 'add', 'bad.js');
    expect(staged('--workflow', 'format-only')).not.toContain(AGAIN);
    expect(staged()).toContain('no-debugger');
    git(folder, 'rm', '--quiet', '--cached', 'bad.js');
    expect(staged('--no-cache')).not.toContain(AGAIN);
    // Saved by an editor that formats; staged before that, and after it.
    writeTree(folder, { 'a.js': `${M}b()\n` });
    git(folder, 'add', 'a.js');
    const saved = spawnSync(process.execPath, [COMMAND, 'run', '--stdin', '--stdin-filepath', 'a.js'], {
      cwd: folder,
      input: read(folder, 'a.js'),
      encoding: 'utf8',
    });
    writeTree(folder, { 'a.js': saved.stdout });
    expect(saved.stdout).toBe(`${N}b();\n`);
    git(folder, 'add', 'a.js');
    expect(staged()).toContain(AGAIN);
    writeTree(folder, { '.prettierrc.json': '{ "semi": false }\n' });
    expect(staged()).not.toContain(AGAIN);
  });

  it('a config that is staged otherwise than it stands on disk is looked at each time', () => {
    const folder = hooked();
    writeTree(folder, { 'a.js': N, '.prettierrc.json': '{ "semi": true }\n' });
    git(folder, 'add', '--all');
    expect(commit(folder).code).toBe(0);
    expect(again(folder)).not.toContain(AGAIN);
  });
});

describe('what happens meanwhile', () => {
  /** ESLint waits in this rule until the file is there, and says so. */
  const waiting = (gate: string) => ({
    'eslint.config.mjs': `import { existsSync, writeFileSync } from 'node:fs';
const create = () => {
  writeFileSync(${JSON.stringify(`${gate}.reached`)}, '');
  while (!existsSync(${JSON.stringify(gate)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  return {};
};
export default [{ files: ['**/*.js'], plugins: { own: { rules: { rule: { create } } } }, rules: { 'own/rule': 'error' } }];
`,
  });
  const until = async (there: () => boolean): Promise<void> => {
    while (!there()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('the user stages more, and saves the file again: that is looked at, too', async () => {
    const gate = join(temporaryFolder(), 'gate');
    const folder = hooked(waiting(gate));
    writeTree(folder, { 'a.js': PARTS, 'b.js': M });
    git(folder, 'add', 'a.js');
    const { ended } = startCommit(folder);
    await until(() => existsSync(`${gate}.reached`));
    git(folder, 'add', 'b.js');
    appendFileSync(join(folder, 'a.js'), 'late()\n');
    writeFileSync(gate, '');
    expect(await ended).toMatchObject({ code: 0 });
    expect(everywhere(folder, 'b.js')).toEqual(NEAT);
    expect(everywhere(folder, 'a.js')).toEqual([PARTS_NEAT, PARTS_NEAT, `${PARTS_NEAT}late()\n`]);
  });

  it('another git holds the index for a moment', async () => {
    const gate = join(temporaryFolder(), 'gate');
    const folder = hooked(waiting(gate));
    writeTree(folder, { 'a.js': M });
    git(folder, 'add', 'a.js');
    const { ended } = startCommit(folder);
    await until(() => existsSync(`${gate}.reached`));
    writeFileSync(join(folder, '.git/index.lock'), '');
    writeFileSync(gate, '');
    setTimeout(() => rmSync(join(folder, '.git/index.lock')), 1500);
    expect(await ended).toMatchObject({ code: 0 });
    expect(everywhere(folder, 'a.js')).toEqual(NEAT);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s: index and tree are as before', async (signal) => {
    const gate = join(temporaryFolder(), 'gate');
    const folder = hooked(waiting(gate));
    writeTree(folder, { 'a.js': M });
    git(folder, 'add', 'a.js');
    const before = [gitState(folder), treeOf(folder)];
    const { child, ended } = startCommit(folder);
    await until(() => existsSync(`${gate}.reached`));
    const hook = childOf(child.pid ?? 0);
    process.kill(hook, signal);
    process.kill(hook, signal);
    expect((await ended).code).toBe(1);
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
    clean1(folder);
  });

  function childOf(pid: number): number {
    return Number(
      readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
        .trim()
        .split(' ')[0],
    );
  }

  function clean1(folder: string): void {
    expect(readdirSync(join(folder, '.git')).filter((name) => /quality-|\.lock$/.test(name))).toEqual([]);
  }
});
