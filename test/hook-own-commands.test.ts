/** Commands of the project's own at a commit: those that are given files, and what is staged of them. */
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobsIn, commit, everywhere, followFixes, gitState, hooked, installHook } from './hook-rig.js';
import { PACKAGE_FOLDER, quality, treeOf } from './quality.js';
import { git, read, repository, writeTree } from './rig.js';

const UNFIT = `import { readFileSync } from 'node:fs';
const unfit = process.argv.slice(2).filter((path) => readFileSync(path, 'utf8').includes('unfit'));
for (const path of unfit) console.log(path + ':1:1: error: it is unfit');
process.exit(unfit.length > 0 ? 1 : 0);
`;

/** Makes upper case of the files that it is given; \`also\` runs before that. */
const loud = (also = ''): string => `import { readFileSync, rmSync, writeFileSync } from 'node:fs';
${also}
for (const path of process.argv.slice(2)) writeFileSync(path, readFileSync(path, 'utf8').toUpperCase());
`;

function withCommand(program: string, more: object = {}, workflow: readonly string[] = ['own']): string {
  return hooked({
    'own.mjs': program,
    '.quality-config.json': `${JSON.stringify({
      commands: { own: { run: [process.execPath, 'own.mjs', '{files}'], files: ['**/*.txt'], ...more } },
      workflows: { staged: { steps: workflow } },
    })}\n`,
    'old.txt': 'unfit\n',
  });
}

function stage(folder: string, tree: Readonly<Record<string, string>>): void {
  writeTree(folder, tree);
  git(folder, 'add', '--', ...Object.keys(tree));
}

describe('a command that is given files', () => {
  it('is given those that are staged, as they are staged', () => {
    const folder = withCommand(UNFIT, { output: 'gcc' });
    stage(folder, { 'a b.txt': 'fit\n', '-c.txt': 'fit\n', 'sub/ü.txt': 'fit\n' });
    expect(commit(folder)).toMatchObject({ code: 0, out: expect.stringContaining('3 staged files') as string });
    stage(folder, { 'a b.txt': 'fit again\n' });
    appendFileSync(join(folder, 'a b.txt'), 'unfit, and not staged\n');
    expect(commit(folder).code).toBe(0);
    stage(folder, { 'sub/ü.txt': 'unfit\n' });
    writeTree(folder, { 'sub/ü.txt': 'fit, and not staged\n' });
    const before = [gitState(folder), treeOf(folder)];
    const refused = commit(folder);
    expect([refused.code, refused.out]).toEqual([1, expect.stringMatching(/sub\/ü\.txt:1:1.*it is unfit/)]);
    expect(refused.out).not.toContain('old.txt');
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
  });

  it('is given them as files where they are not staged as a whole: Prettier takes no links', () => {
    const prettier = join(PACKAGE_FOLDER, 'node_modules/prettier/bin/prettier.cjs');
    const own = { run: [process.execPath, prettier, '--check', '{files}'], files: ['**/*.js'] };
    const config = { commands: { own }, workflows: { staged: { steps: ['own'] } } };
    const folder = hooked({ '.quality-config.json': `${JSON.stringify(config)}\n` });
    stage(folder, { 'a.js': 'a();\n', 'b.js': 'b();\n', 'sub/c.js': 'c();\n' });
    appendFileSync(join(folder, 'a.js'), 'not   (  staged)');
    expect(commit(folder)).toMatchObject({ code: 0 });
    stage(folder, { 'sub/c.js': 'c(   );\n', 'b.js': 'b2();\n' });
    writeTree(folder, { 'sub/c.js': 'c();\n' });
    expect(commit(folder)).toMatchObject({ code: 1, out: expect.stringContaining('sub/c.js') as string });
  });

  it('does not run where nothing is staged that it is for; nor on what is left of a file that is gone', () => {
    const folder = withCommand('process.exit(1);\n');
    stage(folder, { 'a.md': 'whatever\n' });
    expect(commit(folder).code).toBe(0);
    git(folder, 'rm', '--quiet', 'old.txt');
    expect(commit(folder).code).toBe(0);
    stage(folder, { 'a.txt': 'whatever\n' });
    expect(commit(folder).code).toBe(1);
    expect(quality(folder, 'run', '--staged', '--workflow', 'format-only').code).toBe(0);
  });

  it('mends what is staged where it writes: in the commit, and on disk what is not staged stays', () => {
    const folder = withCommand(loud(), { effect: 'writes' });
    stage(folder, { 'a.txt': 'a\n\n\n\n', 'b.txt': 'b\n' });
    appendFileSync(join(folder, 'a.txt'), 'mine\n');
    expect(commit(folder)).toMatchObject({ code: 0, out: expect.stringContaining('2 fixed') as string });
    expect(everywhere(folder, 'a.txt')).toEqual(['A\n\n\n\n', 'A\n\n\n\n', 'A\n\n\n\nmine\n']);
    expect(everywhere(folder, 'b.txt')).toEqual(['B\n', 'B\n', 'B\n']);
    expect(read(folder, 'old.txt')).toBe('unfit\n');
    stage(folder, { 'b.txt': 'B\nc\n' });
    const before = [gitState(folder), treeOf(folder)];
    expect(quality(folder, 'run', '--staged', '--no-fix')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/b\.txt +would be changed +own/) as string,
    });
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
  });

  it.each([
    ['creates', "writeFileSync('new.txt', 'NEW\\n');", '"own" would create it', 'new.txt'],
    ['deletes', "rmSync('a.txt'); process.argv.length = 2;", '"own" would delete it', 'a.txt'],
    ['changes', "writeFileSync('old.txt', 'OLD\\n');", '"own" would change it', 'old.txt'],
  ])('stops the commit where it %s what is not staged so, and says what to do', (_, also, reason, path) => {
    const folder = withCommand(loud(also), { effect: 'writes' });
    stage(folder, { 'a.txt': 'a\n' });
    const before = [gitState(folder), treeOf(folder)];
    const refused = commit(folder);
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining(`${path} was left as it is: ${reason}`)]);
    expect([gitState(folder), treeOf(folder)]).toEqual(before);
    expect(followFixes(folder, refused.out)).toHaveLength(1);
    expect(existsSync(join(folder, path))).toBe(reason !== '"own" would delete it');
    git(folder, 'add', '--all');
    expect(commit(folder).code).toBe(existsSync(join(folder, 'a.txt')) ? 0 : 1);
  });

  it('is found out where it writes although it is said only to read', () => {
    const folder = withCommand(loud());
    stage(folder, { 'a.txt': 'a\n' });
    const refused = commit(folder);
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('give it "effect": "writes"')]);
    expect(refused.out).toContain('a.txt');
    expect(blobsIn(folder, '')['a.txt']).toBe('100644 a\n');
    const everywhereElse = quality(folder, 'run', '--only', 'own');
    expect([everywhereElse.code, everywhereElse.out]).toEqual([1, expect.stringContaining('old.txt')]);
    // What ends as it was may have been written.
    expect(quality(folder, 'run', '--only', 'own').code).toBe(0);
  });

  it('goes with formatters and linters, before what looks at the whole project', () => {
    const whole = [process.execPath, '-e', "process.exit(fs.readFileSync('a.txt', 'utf8') === 'A\\n' ? 0 : 1)"];
    const folder = repository({
      'own.mjs': loud(),
      '.quality-config.json': `${JSON.stringify({
        commands: {
          own: { run: [process.execPath, 'own.mjs', '{files}'], files: ['**/*.txt'], effect: 'writes' },
          whole: { run: whole },
        },
        workflows: { staged: { steps: ['own', 'whole'] } },
      })}\n`,
    });
    installHook(join(folder, '.git'));
    stage(folder, { 'a.txt': 'a\n' });
    expect(commit(folder)).toMatchObject({ code: 0 });
    expect(everywhere(folder, 'a.txt')).toEqual(['A\n', 'A\n', 'A\n']);
  });
});

describe('a command of one’s own that has the name of a tool', () => {
  it('is that command', () => {
    const folder = repository({
      '.quality-config.json': `${JSON.stringify({
        commands: { prettier: { run: [process.execPath, '-e', 'console.log("mine"); process.exit(1)'] } },
      })}\n`,
      'a.js': 'export const a = 1;\n',
    });
    const ended = quality(folder, 'run', '--only', 'prettier');
    expect([ended.code, ended.out]).toEqual([1, expect.stringContaining('mine')]);
  });
});
