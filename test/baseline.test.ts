/** `quality baseline`: findings that are accepted for now do not fail a run; new ones do. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BaselineEntry, baselineText, matchBaseline, parseBaseline } from '../src/model/baseline.js';
import type { Report } from '../src/model/report.js';
import { type Ended, quality, report } from './quality.js';
import { git, prepared, read, repository, writeTree } from './rig.js';

const FILE = '.quality-baseline.jsonl';
const TREE = {
  '.gitignore': 'node_modules\n',
  'src/a.js': 'var one = 1;\nvar two = 2;\nexport { one, two };\n',
  'src/b.js': 'if (globalThis.x) {\n}\n',
};
/** Verified by ESLint. */
const LINTED = {
  ...TREE,
  'package.json': '{ "name": "base", "type": "module", "private": true, "scripts": { "lint": "eslint ." } }\n',
  'eslint.config.js': "export default [{ rules: { 'no-var': 'error', 'no-empty': 'error' } }];\n",
};
/** The same findings from a script, for what has nothing to do with where they come from. */
const QUICK = {
  ...TREE,
  '.quality-config.json': JSON.stringify({
    commands: { lint: { run: ['sh', 'lint.sh'], output: 'gcc' } },
    workflows: { quick: { steps: ['lint'] } },
  }),
  'lint.sh': [
    "find . -name '*.js' | sort | xargs grep -nE '^(var |})' | sed -e 's,^\\./,,' -e 's/:var.*/:1: error: Old keyword [no-var]/' \\",
    "  -e 's/:}.*/:1: error: Nothing in here [no-empty]/' | grep error && exit 1",
    'exit 0',
    '',
  ].join('\n'),
};

const VERIFY = ['--only', 'verify', '--check'];
const FORMAT = ['--only', 'verify,format'];
const CHECK = ['--workflow', 'quick', '--check'];
const baseline = (folder: string, what: string, ...args: string[]): Ended =>
  quality(folder, 'baseline', what, '--workflow', 'quick', ...args);
const check = (folder: string, ...args: string[]): { code: number | null; report: Report } =>
  report(folder, ...CHECK, ...args);
const edit = (folder: string, path: string, change: (text: string) => string): void =>
  writeFileSync(join(folder, path), change(read(folder, path)));
const shown = ({ report: { findings } }: { report: Report }): string[] =>
  findings.map(({ path, rule, start }) => `${String(path)}:${String(start?.line)} ${String(rule)}`);

const accepted = prepared(() => {
  const folder = repository(QUICK);
  const done = baseline(folder, 'create');
  expect(done, done.err).toMatchObject({ code: 0, out: `3 findings written to ${FILE}; commit it\n` });
  return folder;
});

describe('baseline', () => {
  it('is sorted lines without line numbers or places of this machine; runs count its findings and pass', () => {
    const folder = repository(LINTED);
    expect(report(folder, ...VERIFY)).toMatchObject({ code: 1 });
    expect(quality(folder, 'baseline', 'update').err).toContain('There is no baseline here');
    expect(quality(folder, 'baseline', 'create').code).toBe(0);
    const text = read(folder, FILE);
    const lines = text.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect([...lines].sort()).toEqual(lines);
    expect(text).not.toContain(folder);
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object))).toEqual(
      lines.map(() => ['path', 'tool', 'rule', 'message', 'text']),
    );
    const told = report(folder, ...VERIFY);
    expect(told).toMatchObject({ code: 0, report: { status: 'clean', findings: [], counts: { after: { error: 0 } } } });
    expect(told.report.known).toHaveLength(3);
    expect(told.report.known.every(({ known }) => known === 'baseline')).toBe(true);
    const plain = quality(folder, 'run', ...VERIFY);
    expect(plain.out).toContain('3 known findings are in the baseline');
    expect(plain.out).not.toContain('no-var');
    expect(quality(folder, 'run', ...VERIFY, '--verbose').out).toContain('no-var');
    // What is not looked at keeps its entries, however alike a new finding is.
    writeTree(folder, { 'src/copy.js': TREE['src/a.js'] });
    const asked = report(folder, ...VERIFY, 'src/copy.js');
    expect(shown(asked)).toEqual(['src/copy.js:1 no-var', 'src/copy.js:2 no-var']);
    rmSync(join(folder, 'src/copy.js'));
    expect(quality(folder, 'baseline', 'create')).toMatchObject({ code: 2 });
    expect(quality(folder, 'baseline', 'create', '--force')).toMatchObject({ code: 0 });
    expect(read(folder, FILE)).toBe(text);
  });

  it('sleeps on when lines come above, code is formatted, and files are moved or renamed', () => {
    const folder = accepted();
    edit(folder, 'src/a.js', (text) => `// a\n// b\n\n${text.replace('var two = 2', 'var two=2')}`);
    expect(check(folder)).toMatchObject({ code: 0, report: { findings: [], known: { length: 3 } } });
    mkdirSync(join(folder, 'lib/deep'), { recursive: true });
    renameSync(join(folder, 'src/a.js'), join(folder, 'lib/deep/renamed.js'));
    edit(folder, 'lib/deep/renamed.js', (text) => `${text}export const more = 1;\n`);
    git(folder, 'mv', 'src/b.js', 'src/c.js');
    expect(check(folder)).toMatchObject({ code: 0, report: { findings: [], known: { length: 3 } } });
    expect(baseline(folder, 'update')).toMatchObject({ code: 0, out: `3 findings in ${FILE}\n` });
    const paths = read(folder, FILE)
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as BaselineEntry).path);
    expect(paths).toEqual(['lib/deep/renamed.js', 'lib/deep/renamed.js', 'src/c.js']);
    expect(baseline(folder, 'check')).toMatchObject({ code: 0, out: `3 findings in ${FILE}\n` });
  });

  it('fails for new findings: another of a kind, the same line in another file, a copy', () => {
    const folder = accepted();
    edit(folder, 'src/a.js', (text) => `${text}var three = 3;\n`);
    writeTree(folder, { 'src/copy.js': TREE['src/a.js'] });
    const told = check(folder);
    expect(told.code).toBe(1);
    expect(shown(told)).toEqual(['src/a.js:4 no-var', 'src/copy.js:1 no-var', 'src/copy.js:2 no-var']);
    const checked = baseline(folder, 'check');
    expect(checked.code).toBe(1);
    expect(checked.out).toContain('3 findings new\n  src/a.js:4:1');
  });

  it('what it knows to be unformatted is no change to make, and what is not is', () => {
    const folder = repository({ '.prettierrc': '{}\n', 'a.md': '#  a\n', 'b.md': '# b\n' });
    expect(quality(folder, 'baseline', 'create').code).toBe(0);
    expect(report(folder, '--check', ...FORMAT)).toMatchObject({
      code: 0,
      report: { status: 'clean', changes: [{ known: true }] },
    });
    writeFileSync(join(folder, 'b.md'), '#  b\n');
    expect(shown(report(folder, '--check', ...FORMAT))).toEqual(['b.md:undefined format']);
    expect(quality(folder, 'run', ...FORMAT).code).toBe(0);
    expect(read(folder, 'a.md')).toBe('# a\n');
  });

  it('shrinks by update, and grows only when forced', () => {
    const folder = accepted();
    edit(folder, 'src/a.js', (text) => text.replace('var two', 'let two'));
    writeTree(folder, { 'src/new.js': 'var three = 3;\n' });
    const checked = baseline(folder, 'check');
    expect(checked.code).toBe(1);
    expect(checked.out).toContain('1 finding no longer there: `quality baseline update` drops them\n  src/a.js');
    const updated = baseline(folder, 'update');
    expect(updated).toMatchObject({ code: 0 });
    expect(updated.out).toContain('1 finding no longer there, dropped');
    expect(updated.out).toContain('1 finding new, not added');
    expect(updated.out).toContain(`2 findings in ${FILE}\n`);
    expect(read(folder, FILE)).not.toContain('src/new.js');
    expect(baseline(folder, 'update', '--force').out).toContain(`3 findings in ${FILE}\n`);
    expect(check(folder).code).toBe(0);
  });

  it('never holds back what a run says when its file changes, or cannot be read', () => {
    const folder = accepted();
    expect(check(folder).code).toBe(0);
    const text = read(folder, FILE);
    rmSync(join(folder, FILE));
    expect(check(folder).code).toBe(1);
    writeTree(folder, { [FILE]: `<<<<<<< ours\n${text}=======\n>>>>>>> theirs\n` });
    const conflict = quality(folder, 'run', ...CHECK);
    expect(conflict.code).toBe(2);
    expect(conflict.err).toContain(`${FILE}:1: A merge has left a conflict here`);
    writeTree(folder, { [FILE]: `${text}{"tool":"x"}\n` });
    expect(quality(folder, 'run', ...CHECK).err).toContain(`${FILE}:4: This line is no entry of a baseline`);
  });

  it('accepts no tool that does not do its work, and drops nothing that could not be looked for', () => {
    const folder = repository(LINTED);
    const of = (...args: string[]): Ended => quality(folder, 'baseline', ...args);
    expect(of('create').code).toBe(0);
    const text = read(folder, FILE);
    edit(folder, 'src/b.js', () => 'if (globalThis.x) {\n');
    expect(of('update').out).not.toContain('dropped');
    expect(read(folder, FILE)).toBe(text);
    edit(folder, 'eslint.config.js', () => 'throw new Error("boom");\n');
    expect(of('update').out).not.toContain('dropped');
    const forced = of('create', '--force');
    expect(forced.code).toBe(1);
    expect(forced.err).toContain('The configuration of ESLint does not load');
    expect(read(folder, FILE)).toBe(text);
    expect(report(folder, ...VERIFY).code).toBe(1);
  });

  it('two branches that both shrink it are merged by git alone', () => {
    const folder = repository({ ...QUICK, 'src/0.js': 'var zero = 0;\nexport { zero };\n' });
    baseline(folder, 'create');
    const one = (path: string, from: string, to: string): void => {
      edit(folder, path, (text) => text.replace(from, to));
      baseline(folder, 'update');
      git(folder, 'commit', '--quiet', '--all', '--message=less');
    };
    git(folder, 'add', FILE);
    git(folder, 'commit', '--quiet', '--message=baseline');
    git(folder, 'branch', 'other');
    one('src/0.js', 'var zero', 'let zero');
    git(folder, 'checkout', '--quiet', 'other');
    one('src/b.js', '\n}', '\n  }');
    git(folder, 'merge', '--quiet', '--no-edit', 'main');
    expect(read(folder, FILE).trim().split('\n')).toHaveLength(2);
    expect(baseline(folder, 'check')).toMatchObject({ code: 0 });
  });
});

describe('matching', () => {
  const entry = fc.record({
    path: fc.constantFrom(null, 'a.js', 'b.js', 'x/a.js', 'x/c.js'),
    tool: fc.constantFrom('eslint', 'tsc'),
    rule: fc.constantFrom(null, 'r'),
    message: fc.constantFrom('m', 'n'),
    text: fc.constantFrom(null, 't', 'u', 'file:v', 'file:w'),
  });
  const entries = fc.array(entry, { maxLength: 12 });
  const isGone = (path: string): boolean => path.startsWith('a') || path === 'x/c.js';

  it('an entry stands for one finding at most, whatever there is', () => {
    fc.assert(
      fc.property(entries, entries, (all, found) => {
        const { known, left } = matchBaseline(all, found, isGone);
        expect(known.filter(Boolean)).toHaveLength(all.length - left.length);
        // What is found twice as often as it was is as often new.
        const twice = matchBaseline(all, [...all, ...all], isGone);
        expect(twice.known.filter(Boolean)).toHaveLength(all.length);
        expect(matchBaseline(all, all, () => false)).toEqual({ known: all.map(() => true), left: [] });
      }),
    );
  });

  it('reads what it writes, in any order', () => {
    const whole: fc.Arbitrary<BaselineEntry> = fc.record({
      path: fc.option(fc.string({ unit: 'binary' })),
      tool: fc.string({ unit: 'binary' }),
      rule: fc.option(fc.string()),
      message: fc.string({ unit: 'binary' }),
      text: fc.option(fc.string()),
    });
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 5 }), (all) => {
        const text = baselineText(all);
        const back = parseBaseline(text);
        expect(back.ok && baselineText([...back.value].reverse())).toBe(text);
        expect(back.ok && back.value).toHaveLength(all.length);
      }),
      { numRuns: 20 },
    );
  });
});
