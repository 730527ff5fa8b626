/** Hooks beside pre-commit, and checks that look at the whole project. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRETTIER, blobsIn, commit, followFixes, gitState, hooked, installHook, run } from './hook-rig.js';
import { COMMAND, PACKAGE_FOLDER, quality, treeOf } from './quality.js';
import { git, read, repository, temporaryFolder, writeTree } from './rig.js';

const M = 'export const a   =  1\n';
const N = 'export const a = 1;\n';
const config = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** A repository that was pushed as it is to another one. */
function pushed(tree: Record<string, string>, staged: unknown = {}): string {
  const folder = repository({ ...PRETTIER, '.quality-config.json': config(staged), ...tree });
  const remote = temporaryFolder();
  git(remote, 'init', '--quiet', '--bare', '--initial-branch=main');
  git(folder, 'remote', 'add', 'origin', remote);
  git(folder, 'push', '--quiet', 'origin', 'main');
  installHook(join(folder, '.git'), 'pre-push');
  return folder;
}

function put(folder: string, tree: Record<string, string>): void {
  writeTree(folder, tree);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=more');
}

describe('pre-push', () => {
  it('verifies what the other side does not have, and no more', () => {
    const folder = pushed({ 'old.js': M });
    put(folder, { 'a.js': N });
    expect(run(folder, ['push', '--quiet', 'origin', 'main'])).toMatchObject({ code: 0 });
    put(folder, { 'b.js': M });
    const before = [gitState(folder), treeOf(folder)];
    const refused = run(folder, ['push', 'origin', 'main']);
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('b.js')]);
    expect(refused.out).not.toContain('old.js');
    expect(refused.out).toContain('QUALITY=0 git push');
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
    // As pre-commit and husky 4 say it, who read the input themselves.
    const [head = '', base = ''] = git(folder, 'rev-parse', 'HEAD', 'HEAD~1').split('\n');
    const called = ['-c', `alias.called=!'${process.execPath}' '${COMMAND}' hook run pre-push`, 'called'];
    const ways = [
      { PRE_COMMIT_TO_REF: head, PRE_COMMIT_FROM_REF: base, PRE_COMMIT_REMOTE_NAME: 'origin' },
      { HUSKY_GIT_STDIN: `refs/heads/main ${head} refs/heads/main ${base}\n` },
    ];
    for (const env of ways) expect(run(folder, called, env)).toMatchObject({ code: 1 });
    expect(followFixes(folder, refused.out)).toMatchObject([{ code: 0 }]);
    expect([read(folder, 'b.js'), read(folder, 'old.js')]).toEqual([N, M]);
    expect(run(folder, ['push', 'origin', 'main']).code).toBe(1);
    git(folder, 'commit', '--quiet', '--all', '--message=better');
    writeTree(folder, { 'b.js': M, 'c.js': M });
    expect(run(folder, ['push', '--quiet', 'origin', 'main'])).toMatchObject({ code: 0 });
  });

  it('a new branch, several at once, a tag, a deletion, nothing new', () => {
    const folder = pushed({ 'old.js': M });
    git(folder, 'checkout', '--quiet', '-b', 'good');
    put(folder, { 'a.js': N });
    git(folder, 'checkout', '--quiet', '-b', 'bad', 'main');
    put(folder, { 'b.js': M });
    git(folder, 'checkout', '--quiet', 'main');
    expect(run(folder, ['push', '--quiet', 'origin', 'good'])).toMatchObject({ code: 0 });
    expect(run(folder, ['push', '--quiet', 'origin', 'good', 'bad', 'main'])).toMatchObject({ code: 1 });
    git(folder, 'tag', '-a', '-m', 'tag', 'v1', 'good');
    git(folder, 'tag', 'content', 'bad:b.js');
    expect(run(folder, ['push', '--quiet', 'origin', 'v1', 'content', ':good'])).toMatchObject({ code: 0 });
    expect(run(folder, ['push', '--quiet', 'origin', 'main'])).toMatchObject({ code: 0 });
    expect(run(folder, ['push', '--quiet', 'origin', 'bad'], { QUALITY: '0' })).toMatchObject({ code: 0 });
  });

  it('checks of the whole project see the commit, not what is on disk', () => {
    const check = `import { readFileSync } from 'node:fs';
process.exit(readFileSync('a.js', 'utf8') === ${JSON.stringify(N)} ? 0 : 1);
`;
    const workflows = { 'pre-push': { steps: ['own'] } };
    const commands = { own: { run: [process.execPath, 'check.mjs'] } };
    const folder = pushed({ 'check.mjs': check }, { workflows, commands });
    put(folder, { 'a.js': N });
    writeTree(folder, { 'a.js': 'other' });
    expect(run(folder, ['push', '--quiet', 'origin', 'main'])).toMatchObject({ code: 0 });
    put(folder, { 'a.js': 'other' });
    expect(run(folder, ['push', '--quiet', 'origin', 'main'])).toMatchObject({ code: 1 });
    writeTree(folder, { 'a.js': N });
    expect(run(folder, ['push', '--quiet', 'origin', 'main'])).toMatchObject({ code: 1 });
  });
});

describe('other hooks', () => {
  it('run the workflow of their name, whose commands are told what git says', () => {
    const check = `import { readFileSync } from 'node:fs';
process.exit(/^[a-z]+: /.test(readFileSync(process.env.QUALITY_HOOK_ARG_1, 'utf8')) ? 0 : 1);
`;
    const folder = repository({
      'check.mjs': check,
      '.quality-config.json': config({
        commands: { message: { run: [process.execPath, 'check.mjs'] } },
        workflows: { 'commit-msg': { steps: ['message'] } },
      }),
    });
    installHook(join(folder, '.git'), 'commit-msg');
    expect(run(folder, ['commit', '--allow-empty', '-m', 'no good'])).toMatchObject({ code: 1 });
    expect(run(folder, ['commit', '--allow-empty', '-m', 'fix: good'])).toMatchObject({ code: 0 });
    expect(quality(folder, 'hook', 'run', 'post-merge').code).toBe(0);
    const own = { run: ['sh', '-c', 'echo written >n.txt; exit 0'], effect: 'writes' };
    const steps = ['own', { command: 'verify', options: { checks: ['format'] } }];
    const workflows = { 'post-merge': { steps } };
    writeTree(folder, { '.prettierrc.json': '{}', '.quality-config.json': config({ commands: { own }, workflows }) });
    writeTree(folder, { 'n.txt': 'n\n' });
    const late = quality(folder, 'hook', 'run', 'post-merge');
    expect([late.code, late.out]).toEqual([1, expect.stringContaining('1 file changed')]);
    expect(late.out).toContain('post-merge has found this');
    expect(late.out).not.toMatch(/Skip:|Nothing was changed/);
    const [, undo = ''] = /Undo: +quality (.*)/.exec(late.out) ?? [];
    expect(quality(folder, ...undo.split(' ')).code).toBe(0);
    expect(read(folder, 'n.txt')).toBe('n\n');
  });
});

describe('the types of what is pushed', () => {
  it('are checked in files that are not pushed as well, where it stands and elsewhere', () => {
    const folder = pushed(
      {
        'package.json': config({ name: 'x', private: true, devDependencies: { typescript: '*' } }),
        'tsconfig.json': config({
          compilerOptions: { strict: true, noEmit: true, lib: ['es5'], types: [] },
          include: ['src'],
        }),
        'src/a.ts': 'export const a = 1;\n',
        'src/b.ts': "import { a } from './a';\nexport const b = a;\n",
        '.gitignore': 'node_modules\n.quality\n',
      },
      { workflows: { 'pre-push': { steps: [{ command: 'verify', options: { checks: ['types'] } }] } } },
    );
    symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'));
    put(folder, { 'src/a.ts': 'export const other = 1;\n' });
    const refused = (): readonly unknown[] => {
      const { code, out } = run(folder, ['push', 'origin', 'main']);
      return [code, out];
    };
    const expected = [1, expect.stringContaining('src/b.ts')];
    expect(refused()).toEqual(expected);
    writeTree(folder, { 'new.txt': 'not added\n' });
    expect(refused()).toEqual(expected);
    put(folder, { 'src/b.ts': 'export const b = 1;\n' });
    expect(run(folder, ['push', '--quiet', 'origin', 'main'])).toMatchObject({ code: 0 });
  });
});

describe('the types of what is staged', () => {
  it('are checked when they are asked for', () => {
    const steps = ['format', { command: 'verify', options: { checks: ['lint', 'types'] } }];
    const folder = hooked({
      '.quality-config.json': config({ workflows: { staged: { steps } } }),
      'package.json': config({
        name: 'x',
        private: true,
        workspaces: ['packages/*'],
        devDependencies: { typescript: '*' },
      }),
      'tsconfig.json': config({
        compilerOptions: { strict: true, noEmit: true, lib: ['es5'], types: [] },
        include: ['src'],
      }),
      'src/a.ts': 'export const a = 1;\n',
      '.gitignore': 'node_modules\n.quality\n',
    });
    symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'));
    writeTree(folder, { 'src/b.ts': "import { a } from './a';\nexport const b: string   = a;\n" });
    git(folder, 'add', 'src');
    writeFileSync(join(folder, 'src/b.ts'), "import { a } from './a';\n\n\nexport const b: number = a;\n");
    const before = [gitState(folder), treeOf(folder)];
    const refused = commit(folder);
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('src/b.ts')]);
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
    git(folder, 'add', 'src');
    writeFileSync(join(folder, 'src/a.ts'), 'export const a: string = 1;\n');
    expect(commit(folder)).toMatchObject({ code: 0 });
    expect(blobsIn(folder, 'HEAD')['src/b.ts']).toContain("'./a';\n\nexport const b");
    expect(read(folder, 'src/a.ts')).toBe('export const a: string = 1;\n');
    // With nothing else on disk: all the same, and what nobody has added is missed.
    git(folder, 'checkout', '--quiet', '--', '.');
    writeTree(folder, { 'src/c.ts': "export { d } from './d';\n", 'src/d.ts': 'export const d = 1;\n' });
    git(folder, 'add', 'src/c.ts');
    const forgotten = commit(folder);
    expect([forgotten.code, forgotten.out]).toEqual([1, expect.stringContaining('src/c.ts')]);
    git(folder, 'add', 'src/d.ts');
    expect(commit(folder)).toMatchObject({ code: 0 });
    writeTree(folder, { 'src/d.ts': 'export const d: string = 1;\n' });
    git(folder, 'add', 'src/d.ts');
    expect(commit(folder)).toMatchObject({ code: 1 });
    git(folder, 'update-index', '--assume-unchanged', 'src/a.ts');
    writeTree(folder, { 'src/d.ts': 'export const d = 2;\n', 'src/a.ts': 'export const a: string = 1;\n' });
    git(folder, 'add', 'src/d.ts');
    expect(commit(folder)).toMatchObject({ code: 0 });
  });
});
