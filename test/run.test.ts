import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quality, report, treeOf } from './quality.js';
import { git, read, repository, temporaryFolder, writeTree } from './rig.js';
import { installed } from './tool-rig.js';

const PRETTIER = { '.prettierrc.json': '{ "singleQuote": true }\n' };
const MESSY = "import {a} from './a.js'\nexport const b = { a:a }\n";
/** Cleaning up loads a compiler: left out where it is not what a test is about. */
const FORMAT = ['--only', 'format'];
const NEAT = "import { a } from './a.js';\nexport const b = { a: a };\n";

describe('quality run', () => {
  it('formats, cleans and verifies, and a second run makes no edit', () => {
    const folder = repository({
      ...PRETTIER,
      'a.js': 'export const a = 1;\n',
      'b.js': MESSY,
      'c.js': "import { a } from './a.js';\nimport { b } from './b.js';\n\nexport const c = b;\n",
    });
    const first = report(folder);
    expect(first.report.changes.map(({ path, tools }) => ({ path, tools }))).toEqual([
      { path: 'b.js', tools: ['prettier'] },
      { path: 'c.js', tools: ['cleanup'] },
    ]);
    expect(first).toMatchObject({ code: 0, report: { status: 'clean', findings: [] } });
    expect(read(folder, 'b.js')).toBe(NEAT);
    expect(read(folder, 'c.js')).toBe("import { b } from './b.js';\n\nexport const c = b;\n");
    const tree = treeOf(folder);
    const second = report(folder);
    expect(second).toMatchObject({ code: 0, report: { changes: [] } });
    expect(treeOf(folder)).toEqual(tree);
  });

  it('leaves a clean repository byte-identical, index and stash list too', () => {
    const folder = repository({ ...PRETTIER, 'b.js': NEAT, 'a.js': 'export const a = 1;\n' });
    const tree = treeOf(folder);
    const index = readFileSync(join(folder, '.git/index'));
    expect(report(folder)).toMatchObject({ code: 0, report: { status: 'clean', changes: [] } });
    expect(treeOf(folder)).toEqual(tree);
    expect(readFileSync(join(folder, '.git/index')).equals(index)).toBe(true);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(git(folder, 'stash', 'list')).toBe('');
  });

  it('leaves nothing behind that the project’s own Prettier stumbles over', () => {
    const folder = repository({ ...PRETTIER, 'b.js': MESSY, '.prettierignore': '' });
    expect(report(folder, ...FORMAT).code).toBe(0);
    const program = join(installed('prettier')!, 'bin', 'prettier.cjs');
    const own = spawnSync(process.execPath, [program, '--check', '.'], { cwd: folder, encoding: 'utf8' });
    expect(own).toMatchObject({ status: 0, stdout: expect.stringContaining('All matched files') as string });
  });

  it('does not reformat a repository that shows no formatter, and says how to switch one on', () => {
    const folder = repository({ 'a.js': 'export const a   = 1\n' });
    const tree = treeOf(folder);
    const ended = quality(folder, 'run', ...FORMAT);
    expect(ended).toMatchObject({ code: 0 });
    expect(treeOf(folder)).toEqual(tree);
    expect(quality(folder, 'plan').out).toMatch(/prettier: .*config/);
  });

  it('takes back an edit that would cause a new finding, and keeps the others', () => {
    const folder = repository({
      ...PRETTIER,
      'eslint.config.js': "export default [{ files: ['long.js'], rules: { 'max-lines': ['error', 3] } }];\n",
      'long.js':
        'export const a = [1, 2, 3]; export const b = { a }; export const c = { a, b }; export const d = { a, b, c };\n',
      'b.js': MESSY,
      'a.js': 'export const a = 1;\n',
    });
    const long = read(folder, 'long.js');
    const { code, report: result } = report(folder, '--only', 'verify,format');
    expect(code).toBe(4);
    expect(read(folder, 'long.js')).toBe(long);
    expect(read(folder, 'b.js')).toBe(NEAT);
    expect(result.refused).toMatchObject([{ path: 'long.js', findings: [{ tool: 'eslint', rule: 'max-lines' }] }]);
    expect(result.findings.map(({ path, rule }) => ({ path, rule }))).toEqual([{ path: 'long.js', rule: 'format' }]);
  });

  it.each([['--check'], ['--dry-run']])('%s writes nothing and exits 1 where something would change', (flag) => {
    const folder = repository({ ...PRETTIER, 'b.js': MESSY, 'a.js': 'export const a = 1;\n' });
    const tree = treeOf(folder);
    expect(quality(folder, 'run', flag, ...FORMAT).code).toBe(1);
    expect(treeOf(folder)).toEqual(tree);
  });

  it('prints in a dry run the very diff that a run makes', () => {
    const folder = repository({
      ...PRETTIER,
      'a.js': 'export const a = 1;\n',
      'b c"\n.js': MESSY,
      'end.js': 'export const e   = 1',
      'unused.js': "import { a } from './a.js';\nimport fs from 'node:fs'\n\nexport const x = fs;\n",
    });
    const patch = quality(folder, 'run', '--dry-run').out;
    writeFileSync(join(folder, '.git/patch'), patch);
    git(folder, 'apply', '.git/patch');
    const applied = treeOf(folder);
    git(folder, 'checkout', '--quiet', '.');
    expect(quality(folder, 'run').code).toBe(0);
    expect(treeOf(folder)).toEqual(applied);
  });

  it('--only, paths and --since limit what is touched', () => {
    const tree = {
      ...PRETTIER,
      'src/b.js': MESSY,
      'other/b.js': MESSY,
      'src/a.js': 'export const a = 1;\n',
      'other/a.js': 'export const a = 1;\n',
    };
    const byPath = repository(tree);
    expect(report(byPath, 'src', ...FORMAT).report.changes.map(({ path }) => path)).toEqual(['src/b.js']);
    const only = repository(tree);
    expect(report(only, '--only', 'verify')).toMatchObject({ code: 1, report: { changes: [] } });
    const since = repository(tree);
    git(since, 'checkout', '--quiet', '-b', 'topic');
    appendFileSync(join(since, 'other/b.js'), 'export const c   = 1\n');
    git(since, 'commit', '--quiet', '--all', '--message=topic');
    expect(report(since, '--since', 'main', ...FORMAT).report.changes.map(({ path }) => path)).toEqual(['other/b.js']);
  });

  it('says how many files it looked at for those that were asked for', () => {
    const config = JSON.stringify({ verify: { tests: [['node', '-e', '0']] } });
    const folder = repository({ '.quality-config.json': config, 'a.txt': 'a\n', 'b.txt': 'b\n' });
    expect(quality(folder, 'verify', 'a.txt').out).toMatch(/verify-1 .* 1 file asked for, 3 looked at, /);
    expect(quality(folder, 'verify').out).toMatch(/verify-1 .* {2}3 files, /);
  });

  it('runs from a subfolder on that folder', () => {
    const folder = repository({
      ...PRETTIER,
      'src/b.js': MESSY,
      'src/a.js': 'export const a = 1;\n',
      'b.js': MESSY,
      'a.js': 'export const a = 1;\n',
    });
    expect(report(join(folder, 'src'), ...FORMAT).report.changes.map(({ path }) => path)).toEqual(['src/b.js']);
  });

  it('has nothing to do in a subfolder without files to look at', () => {
    const folder = repository({ ...PRETTIER, 'bin/a.bin': Buffer.from([0, 1, 2]), 'a.js': 'export const a = 1;\n' });
    expect(report(join(folder, 'bin'))).toMatchObject({ code: 0, report: { changes: [] } });
  });

  it('works where there is no repository', () => {
    const folder = temporaryFolder({
      ...PRETTIER,
      'b.js': MESSY,
      'a.js': 'export const a = 1;\n',
      '.gitignore': 'skip\n',
      'skip/b.js': MESSY,
    });
    expect(report(folder)).toMatchObject({ code: 0, report: { changes: [{ path: 'b.js' }] } });
    expect(read(folder, 'skip/b.js')).toBe(MESSY);
  });

  it('goes on past files that no tool can take', () => {
    const folder = repository({
      ...PRETTIER,
      'good.js': 'export const a   = 1\n',
      'syntax.js': 'export const = ;\n',
      'latin1.js': Buffer.from([0x61, 0x3d, 0xe9, 0x0a]),
      'binary.js': Buffer.from([0x61, 0x00, 0x0a]),
      'dir.js/inner.js': 'export const a   = 1\n',
      'na me\n"q" \u{1F600}.js': 'export const a   = 1\n',
      '-dash.js': 'export const a   = 1\n',
      'link.js': { link: 'good.js' },
      'crlf.js': 'export const a = 1;\r\n',
    });
    const { code, report: result } = report(folder, '--only', 'format');
    expect(code).toBe(1);
    expect(result.changes.map(({ path }) => path)).toEqual([
      '-dash.js',
      'crlf.js',
      'dir.js/inner.js',
      'good.js',
      'na me\n"q" \u{1F600}.js',
    ]);
    expect(result.failures).toMatchObject([{ kind: 'syntax-error', path: 'syntax.js' }]);
    expect(read(folder, '-dash.js')).toBe('export const a = 1;\n');
  });

  it('cleans nothing that the project’s linter is told to leave alone', () => {
    const unused = "import { b } from './b.js';\n\nexport const a = 1;\n";
    const folder = repository({
      'package.json': '{ "type": "module" }\n',
      'eslint.config.js': "export default [{ ignores: ['bench/'] }];\n",
      ...{ 'src/a.js': unused, 'src/b.js': 'export const b = 1;\n' },
      ...{ 'bench/a.js': unused, 'bench/b.js': 'export const b = 1;\n' },
    });
    const { report: result } = report(folder, '--only', 'verify,cleanup');
    expect(result.changes.map(({ path }) => path)).toEqual(['src/a.js']);
  });

  it('cleans nothing that a missing tool would judge, and what it would not', () => {
    const manifest = (name: string): string => JSON.stringify({ private: true, devDependencies: { [name]: '*' } });
    const folder = repository({
      'package.json': manifest('stylelint'),
      '.stylelintrc.json': '{}\n',
      'a.css': 'a {\n}\n',
      'a.js': "import { b } from './b.js';\n\nexport const a = 1;\n",
      'b.js': 'export const b = 1;\n',
    });
    expect(report(folder, '--only', 'cleanup').report.changes.map(({ path }) => path)).toEqual(['a.js']);
    git(folder, 'checkout', '--quiet', '.');
    writeFileSync(join(folder, 'package.json'), manifest('eslint'));
    writeFileSync(join(folder, 'eslint.config.js'), 'export default [];\n');
    const { report: result } = report(folder, '--only', 'cleanup');
    expect(result.changes).toEqual([]);
    expect(JSON.stringify(result.steps)).toContain('would judge the edits: eslint');
  });

  it('rolls a run back, and shows what it changed', () => {
    const folder = repository({ ...PRETTIER, 'b.js': MESSY, 'a.js': 'export const a = 1;\n' });
    const tree = treeOf(folder);
    expect(quality(folder, 'run', ...FORMAT).code).toBe(0);
    expect(treeOf(folder)).not.toEqual(tree);
    expect(quality(folder, 'diff').out).toContain("-import {a} from './a.js'\n");
    expect(quality(folder, 'rollback')).toMatchObject({ code: 0 });
    expect(treeOf(folder)).toEqual(tree);
  });

  it('rolls back run after run, each of them once', () => {
    const folder = repository({ ...PRETTIER, 'b.js': MESSY, 'a.js': 'export const a = 1;\n' });
    const trees = [treeOf(folder)];
    expect(quality(folder, 'run', ...FORMAT).code).toBe(0);
    appendFileSync(join(folder, 'a.js'), 'export const b   = 1\n');
    trees.push(treeOf(folder));
    expect(quality(folder, 'run', ...FORMAT).code).toBe(0);
    expect(quality(folder, 'rollback').out).toContain('1 file brought back');
    expect(treeOf(folder)).toEqual(trees[1]);
    writeFileSync(join(folder, 'a.js'), 'export const a = 1;\n');
    expect(quality(folder, 'rollback').out).toContain('1 file brought back');
    expect(treeOf(folder)).toEqual(trees[0]);
    expect(quality(folder, 'rollback')).toMatchObject({ code: 0, out: expect.stringContaining('already') as string });
    expect(quality(folder, 'runs').out.match(/rolled back/g)).toHaveLength(2);
  });

  it('brings back the whole snapshot when asked, index included', () => {
    const folder = repository({ ...PRETTIER, 'b.js': MESSY, 'a.js': 'export const a = 1;\n' });
    writeFileSync(join(folder, 'new.js'), 'export const n   = 1\n');
    git(folder, 'add', '--intent-to-add', 'new.js');
    const tree = treeOf(folder);
    const index = readFileSync(join(folder, '.git/index'));
    expect(quality(folder, 'run', ...FORMAT).code).toBe(0);
    git(folder, 'add', '--all');
    appendFileSync(join(folder, 'a.js'), '// later\n');
    expect(quality(folder, 'rollback', '--snapshot')).toMatchObject({ code: 0 });
    expect(treeOf(folder)).toEqual(tree);
    expect(readFileSync(join(folder, '.git/index')).equals(index)).toBe(true);
  });

  it('keeps the log, the plan and the report of each run', () => {
    const folder = repository({ ...PRETTIER, 'b.js': MESSY, 'a.js': 'export const a = 1;\n' });
    const { report: result } = report(folder, ...FORMAT);
    const runFolder = join(folder, '.quality/runs', result.run);
    for (const name of ['events.jsonl', 'plan.json', 'report.json'])
      expect(existsSync(join(runFolder, name))).toBe(true);
    expect(JSON.parse(readFileSync(join(runFolder, 'report.json'), 'utf8'))).toEqual(result);
    expect(quality(folder, 'runs').out).toContain(result.run);
  });
});

describe('commands of one’s own', () => {
  const config = (commands: object, workflow: readonly string[]): Record<string, string> => ({
    '.quality-config.json': JSON.stringify({ commands, workflows: { own: { steps: workflow } } }),
  });

  it('what writes runs in a scratch copy; its edits are formatted and land, creations and deletions too', () => {
    const script = [
      "import { rmSync, writeFileSync } from 'node:fs';",
      "writeFileSync('made.js', 'export const made   = 1');",
      "writeFileSync('a.js', 'export const a   = 2');",
      "rmSync('old.js');",
      "writeFileSync('where.txt', process.cwd());",
    ].join('\n');
    const folder = repository({
      ...PRETTIER,
      '.prettierignore': '.quality-config.json\n',
      ...config({ make: { run: ['node', 'make.mjs'], effect: 'writes' } }, ['make']),
      'make.mjs': `${script}\n`,
      'a.js': 'export const a = 1;\n',
      'old.js': 'export const old = 1;\n',
    });
    const { code, report: result } = report(folder, '--workflow', 'own');
    expect({ code, failures: result.failures, refused: result.refused }).toEqual({
      code: 0,
      failures: [],
      refused: [],
    });
    expect(result.changes.map(({ path }) => path)).toEqual(['a.js', 'made.js', 'old.js', 'where.txt']);
    expect(read(folder, 'a.js')).toBe('export const a = 2;\n');
    expect(read(folder, 'where.txt')).not.toBe(folder);
    expect(existsSync(join(folder, 'old.js'))).toBe(false);
    expect(quality(folder, 'rollback').code).toBe(0);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('what reads reports findings, as its output format says', () => {
    const folder = repository({
      ...config({ look: { run: ['node', 'look.mjs', '{files}'], output: 'gcc', files: ['*.txt'] } }, ['look']),
      'look.mjs': 'for (const file of process.argv.slice(2)) console.log(`${file}:2:3: error: not nice [nice]`);\n',
      'a b.txt': 'x\n',
    });
    const { code, report: result } = report(folder, '--workflow', 'own');
    expect(code).toBe(1);
    expect(result.findings).toMatchObject([
      { path: 'a b.txt', start: { line: 2, column: 3 }, message: 'not nice', rule: 'nice' },
    ]);
  });

  it('one that takes longer than its step may is stopped and reported', () => {
    const folder = repository({
      '.quality-config.json': JSON.stringify({
        commands: { slow: { run: ['node', '-e', 'setTimeout(() => {}, 30000)'] } },
        workflows: { own: { steps: [{ command: 'slow', timeout: '500ms' }] } },
      }),
    });
    const started = Date.now();
    const { code, report: result } = report(folder, '--workflow', 'own');
    expect(code).toBe(1);
    expect(result.findings).toMatchObject([{ rule: 'tool-timeout' }]);
    expect(Date.now() - started).toBeLessThan(25_000);
  });

  it('one that fails is a failure with its own words, and nothing of it lands', () => {
    const folder = repository({
      ...config({ make: { run: ['node', 'make.mjs'], effect: 'writes' } }, ['make']),
      'make.mjs':
        "import { writeFileSync } from 'node:fs';\nwriteFileSync('half.txt', 'x');\nthrow new Error('no more');\n",
    });
    const { code, report: result } = report(folder, '--workflow', 'own');
    expect(code).toBe(1);
    expect(JSON.stringify([result.failures, result.findings])).toContain('no more');
    expect(existsSync(join(folder, 'half.txt'))).toBe(false);
  });
});

describe('a formatter that fails', () => {
  /** A project with a Ruff that sorts imports and formats in the ways given; `verify` finds nothing. */
  function ruffProject(sorting: string, formatting: string): string {
    const program = `#!/bin/sh
case "$*" in
--version) echo ruff 99.0.0;;
check*json*) echo '[]';;
check*--fix*) sort;;
check*) ${sorting}; exit 1;;
*--stdin-filename*) sed 's/  */ /g';;
*) ${formatting}; exit 1;;
esac
`;
    const folder = repository({
      'ruff.toml': '[lint]\nselect = ["I"]\n[format]\n',
      '.gitignore': '.venv\n',
      'a.py': 'import sys\nimport  os\n',
      'b.py': 'import os\n',
    });
    writeTree(folder, { '.venv/bin/ruff': program });
    chmodSync(join(folder, '.venv/bin/ruff'), 0o755);
    return folder;
  }
  const NONSENSE = 'echo What is this?';

  it('leaves no file half-way through its chain, and its step has failed', () => {
    const folder = ruffProject("echo 'a.py:1:1: I001 Import block is un-sorted'", NONSENSE);
    const before = read(folder, 'a.py');
    const ended = quality(folder, 'format');
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/✗ format-1 +failed, nothing changed/);
    expect(ended.out).toContain('Expected a list of unformatted files from ruff');
    expect(read(folder, 'a.py')).toBe(before);
    const { report: whole } = report(folder);
    expect(whole.changes).toEqual([]);
    expect(whole.steps.map(({ step, status }) => [step, status])).toEqual([
      ['verify-1', 'failed'],
      ['format-1', 'failed'],
      ['cleanup-1', 'skipped'],
      ['verify-2', 'skipped'],
    ]);
  });

  it('does not keep the ones after it from their work, and its step has failed', () => {
    const folder = ruffProject(NONSENSE, "echo 'Would reformat: a.py'");
    const ended = quality(folder, 'format');
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/✗ format-1 +1 file changed/);
    expect(read(folder, 'a.py')).toBe('import sys\nimport os\n');
  });

  it('keeps edits of others from landing unformatted', () => {
    const folder = repository({
      '.prettierrc.json': '{ "plugins": ["./broken.mjs"] }\n',
      'broken.mjs': "throw new Error('no plugin today');\n",
      '.quality-config.json': JSON.stringify({
        commands: { make: { run: ['node', 'make.mjs'], effect: 'writes' } },
        workflows: { own: { steps: ['make'] } },
      }),
      'make.mjs': "import { writeFileSync } from 'node:fs';\nwriteFileSync('a.js', 'export const a   = 2');\n",
      'a.js': 'export const a = 1;\n',
    });
    const { code, report: result } = report(folder, '--workflow', 'own', '--gate', 'syntax');
    expect({ code, status: result.status }).toEqual({ code: 1, status: 'failed' });
    expect(result.refused).toMatchObject([{ step: 'make-1', path: 'a.js', reason: 'it could not be formatted' }]);
    expect(JSON.stringify(result.failures)).toContain('no plugin today');
    expect(read(folder, 'a.js')).toBe('export const a = 1;\n');
  });
});

describe('dedupe', () => {
  const body = `{
  const parts = text.split(' ').map((part) => part.trim());
  const kept = parts.filter((part) => part.length > 0);
  const words = kept.flatMap((part) => part.split('_'));
  const short = words.map((word) => word.slice(0, 20));
  const joined = short.filter((word) => word !== '').join('-');
  const lower = joined.toLowerCase().replaceAll('_', '-');
  return lower.startsWith('-') ? lower.slice(1, 80) : lower.slice(0, 80);
}
`;
  const files = {
    ...PRETTIER,
    'package.json': '{\n  "name": "x",\n  "type": "module"\n}\n',
    'a.js': `export function slug(text) ${body}`,
    'b.js': `import { c } from './c.js';\n\nfunction slug(text) ${body}\nexport const b = slug(c);\n`,
    'c.js': "export const c = 'C c';\n",
  };

  it('reports clones and changes nothing unless asked', () => {
    const folder = repository(files);
    const tree = treeOf(folder);
    const { code, report: result } = report(folder, '--only', 'dedupe');
    expect(code).toBe(0);
    expect(result.findings).toMatchObject([{ rule: 'duplicate', severity: 'info', path: 'b.js' }]);
    expect(treeOf(folder)).toEqual(tree);
  });

  it('merges identical declarations when dedupe.apply is on', () => {
    const folder = repository({ ...files, '.quality-config.json': '{ "dedupe": { "apply": true } }\n' });
    const { code } = report(folder, '--only', 'dedupe');
    expect(code).toBe(0);
    expect(read(folder, 'b.js')).toBe(
      "import { c } from './c.js';\nimport { slug } from './a.js';\n\nexport const b = slug(c);\n",
    );
    expect(report(folder, '--only', 'dedupe').report.changes).toEqual([]);
  });
});

describe('quality plan', () => {
  it('leaves nothing that git sees', () => {
    const folder = repository({ ...PRETTIER, 'a.js': MESSY });
    expect(quality(folder, 'plan').code).toBe(0);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });

  it('is the same bytes for the same input, and is what runs', () => {
    const folder = repository({ ...PRETTIER, 'b.js': MESSY });
    const [first, second] = [0, 1].map(
      () => JSON.parse(quality(folder, 'plan', '--json').out) as Record<string, unknown>,
    );
    const steady = (plan: Record<string, unknown> | undefined) => ({ ...plan, readings: null, strategy: null });
    expect(steady(first)).toEqual(steady(second));
    const { report: result } = report(folder);
    const ran = JSON.parse(readFileSync(join(folder, '.quality/runs', result.run, 'plan.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(steady(ran)).toEqual(steady(first));
  });
});

describe('bad input', () => {
  it.each([
    [['rum'], /Did you mean run\?/],
    [['run', '--workflow', 'standart'], /Did you mean "standard"\?/],
    [['run', 'comprehensive'], /Did you mean the workflow\? `quality run --workflow comprehensive`/],
    [['run', '--only', 'fromat'], /There is no command "fromat"/],
    [['run', 'nowhere.js'], /nowhere\.js/],
    [['run', '--since', 'nope'], /nope/],
    [['run', '--max-parallel', 'many'], /whole number/],
    [['run', '--cehck'], /Did you mean --check\?/],
    [['rollback', '20200101'], /There is no run/],
  ])('%j ends with exit code 2 and says what is wrong', (args, words) => {
    const folder = repository({ ...PRETTIER, 'b.js': MESSY });
    const tree = treeOf(folder);
    const ended = quality(folder, ...args);
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(words);
    expect(treeOf(folder)).toEqual(tree);
  });

  it('a config with mistakes names each place', () => {
    const folder = repository({ '.quality-config.json': '{\n  "maxParallel": "many",\n  "createSnapshot": true\n}\n' });
    const ended = quality(folder, 'run');
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('.quality-config.json:2:18');
    expect(ended.err).toContain('.quality-config.json:3:3');
    expect(ended.err).toContain('createSnapshots');
  });

  it('an unfinished merge is not touched', () => {
    const folder = repository({ ...PRETTIER, 'b.js': MESSY });
    writeFileSync(join(folder, '.git/MERGE_HEAD'), git(folder, 'rev-parse', 'HEAD'));
    const ended = quality(folder, 'run');
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(/merge is in progress/);
    expect(read(folder, 'b.js')).toBe(MESSY);
  });
});
