/** What coding agents and editors use: a reporter for programs that read, explanations, a filter for buffers. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixBuffer } from '../src/buffer.js';
import { explain as explainAny } from '../src/explain/explain.js';
import { showExplanation } from '../src/explain/text.js';
import type { Diagnostic } from '../src/model/diagnostic.js';
import { reportOf } from '../src/model/report.js';
import { EMPTY_RUN, type RunState } from '../src/model/run-state.js';
import { showForAgents } from '../src/reporters/agent.js';
import { showSighting, sightingsOf } from '../src/reporters/agent/sightings.js';
import { acquireLock, lockFolder } from '../src/safety/lock.js';
import { findTarget } from '../src/target.js';
import { TIDY, UNTIDY, filter, project } from './agents-rig.js';
import { quality, treeOf } from './quality.js';
import { git, read, repository, writeTree } from './rig.js';

const RUN_ID = /\d{8}-\d{6}-\w{4}/;
/** The lines of the section `next`, without what they are for. */
const nextOf = (out: string): readonly string[] =>
  (/^next \(\d+\):\n((?:.+\n)+)/m.exec(out)?.[1] ?? '').match(/^.+?(?= {2}# )/gm) ?? [];

/** Looked at by most of the tests, in the order in which they stand; changed by the last of them. */
const folder = project();
const CHECK = ['run', '--check', '--reporter', 'agent'];
const first = quality(folder, ...CHECK);

describe('--reporter agent', () => {
  it('says what there is to do, in the same words each time', () => {
    expect(first).toMatchObject({ code: 1, err: '' });
    expect(first.out).toBe(`quality standard as a check, nothing is written: changes, exit code 1
6 files looked at: 3 errors, 1 warning

findings (3; 2 fixed by the command in brackets):
error src/untidy.js prettier/format Not formatted [quality run --only format,cleanup]
error src/untidy.js:2:1,2:13 eslint/no-undef 'foo' is not defined.
warning src/untidy.js:1:5 eslint/prefer-const 'value' is never reassigned. Use 'const' instead. [quality run --only format,cleanup]

would change (1):
src/untidy.js by format, cleanup (eslint, prettier, cleanup)

next (2):
quality run --reporter agent  # makes this change
quality explain eslint/no-undef  # what the rule wants, how to silence it: 2 findings to mend by hand
`);
    expect(quality(folder, ...CHECK).out).toBe(first.out);
    expect(quality(folder, 'report', '--format', 'agent').out).toBe(first.out);
  });

  const finding = fc.record({
    tool: fc.constantFrom('eslint', 'tsc'),
    rule: fc.constantFrom('a', 'b', null),
    severity: fc.constantFrom('error', 'warning', 'info'),
    message: fc.constantFrom('one', 'two\nlines', '\u001B[31mred'),
    path: fc.constantFrom('a.ts', 'b/c.ts', null),
    start: fc.record({ line: fc.integer({ min: 1, max: 99 }), column: fc.integer({ min: 1, max: 9 }) }),
  });

  it('has each finding in exactly one line, whatever the order in which they come', () => {
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 80 }), fc.integer({ min: 0, max: 79 }), (findings, turn) => {
        const shown = (all: readonly Diagnostic[]): string => textOf(all, 'verbose');
        const text = shown(findings);
        expect(shown([...findings.slice(turn), ...findings.slice(0, turn)])).toBe(text);
        expect(text).not.toMatch(/\u001B/);
        const sightings = sightingsOf(stateWith(findings));
        expect(sightings.reduce((sum, one) => sum + one.findings.length, 0)).toBe(findings.length);
        const lines = sightings.map(showSighting);
        expect(new Set(lines).size).toBe(lines.length);
        for (const line of lines) expect(text.split('\n')).toContain(line);
      }),
    );
  });

  it('merges what is the same in many files, cuts long lists, and says how many are left and where they are', () => {
    const findings = Array.from({ length: 120 }, (_, number): Diagnostic => ({
      ...ONE,
      message: `'name${String(number)}' is not defined.`,
    }));
    const many = Array.from({ length: 60 }, (_, number): Diagnostic => ({
      ...ONE,
      path: `src/${String(100 + number)}.ts`,
      message: 'Cannot find module.',
    }));
    const merged = textOf([...many, { ...ONE, path: 'z.ts' }], 'normal');
    expect(merged).toContain(
      'error src/100.ts src/101.ts src/102.ts (and 57 more files) eslint/no-undef Cannot find module.\nerror z.ts ',
    );
    const [short, long] = [textOf(findings, 'normal'), textOf(findings, 'verbose')];
    expect(short.match(/^error /gm)).toHaveLength(50);
    expect(short).toContain('\n… 70 more (eslint/no-undef 70); `quality report --format agent --verbose` shows all\n');
    expect(long.match(/^error /gm)).toHaveLength(120);
  });
});

const ONE: Diagnostic = { tool: 'eslint', rule: 'no-undef', severity: 'error', message: 'One.', path: 'a.ts' };

function stateWith(findings: readonly Diagnostic[]): RunState {
  const end = { status: 'findings', exitCode: 1, milliseconds: 1 } as const;
  return { ...EMPTY_RUN, findings, firstFindings: findings, end };
}

function textOf(findings: readonly Diagnostic[], verbosity: 'normal' | 'verbose'): string {
  const state = stateWith(findings);
  return showForAgents({ report: reportOf(state), state, skips: [], next: [] }, verbosity);
}

describe('--reporter agent where nothing looks', () => {
  it('says so: no finding is no good news then', () => {
    const folder = repository({ 'a.py': 'x=1\n', 'pyproject.toml': '[tool.ruff]\n' });
    const { code, out } = quality(folder, 'run', '--check', '--reporter', 'agent');
    expect(code).toBe(0);
    expect(out).toMatch(/\nnot done \(\d+\):\n(?:.*\n)*verify-1: the project uses no tool that could check anything\n/);
  });
});

describe('explain', () => {
  const explain = async (what: string): Promise<string> => {
    const explained = await explainAny({ cwd: folder }, what);
    if (!explained.ok) throw new Error(`${what}: ${explained.failure[0]?.message ?? ''}`);
    return showExplanation(explained.value, false);
  };

  it('knows the rules of the project’s ESLint and of its plugins', async () => {
    const known = await explain('eslint/prefer-const');
    expect(known).toContain('https://eslint.org/docs/latest/rules/prefer-const');
    expect(known).toContain('warn [{"destructuring":"all"');
    expect(known).toContain('ESLint can fix it, by its own words');
    expect(known).toContain('// eslint-disable-next-line prefer-const');
    expect(known).toMatch(/1 finding in run \S+\n {2}src\/untidy\.js:1:5 /);
    const ofPlugin = await explain('own/no-foo');
    expect(ofPlugin).toMatch(/^eslint\/own\/no-foo\n {2}Disallow foo\n {2}https:\/\/example\.invalid\/no-foo\n/);
    expect(ofPlugin).toContain('suggestions for editors');
    expect(ofPlugin).toContain('0 findings in run');
  });

  it('knows codes of the compiler, what formatters say, its own words and the kinds of failures', async () => {
    expect(await explain('ts2322')).toMatch(/^tsc\/TS2322\n {2}Type '\{0\}' is not assignable/);
    expect(await explain('prettier')).toMatch(/^prettier\/format\n/);
    expect(await explain('unused-import')).toMatch(/^cleanup\/unused-import\n/);
    expect(await explain('tool-crashed')).toContain('docs/troubleshooting.md');
  });

  it('says of a line what was found there, who looks at it and who decides; of a file why it is left out', async () => {
    const line = await explain('src/untidy.js:1');
    expect(line).toMatch(/^src\/untidy\.js:1 {2}javascript\n/);
    expect(line).toMatch(/\n {2}src\/untidy\.js:1:5 {2}warning .*\n {2}\d findings in other lines\n/);
    expect(line).toMatch(/\n {2}prettier \S+: verify format, format, cleanup .*decided by .*\.prettierrc\.json/);
    expect(line).toMatch(/\n {2}eslint \S+: verify lint, format, cleanup .*decided by .*eslint\.config\.js/);
    expect(line).toContain('\nformat chain\n  eslint → prettier\n');
    writeTree(folder, { 'ignored/a.js': 'let a', 'gen.js': '// @generated\nlet a\n' });
    expect(await explain('ignored/a.js')).toContain('left out: an ignore file names it');
    expect(await explain('gen.js')).toContain('checked, never written: generated');
  });

  it('says of a run what it did and why', async () => {
    const run = readdirSync(join(folder, '.quality/runs')).sort().at(-1) ?? '';
    const told = await explain(run);
    expect(await explain(run.slice(0, -1))).toBe(told);
    expect(told).toMatch(new RegExp(`^run ${run} {2}standard, check: changes, exit code 1\n`));
    expect(told).toMatch(/\n {2}verify-1: done, \d files, nothing comes before it\n/);
    expect(JSON.parse(quality(folder, 'explain', '--json').out)).toMatchObject({ kind: 'run', run, exitCode: 1 });
  });

  it.each([
    ['own/no-fooo', 'own/no-foo'],
    ['src/untidi.js:2', 'src/untidy.js'],
  ])('asks whether %s was meant to be %s', async (word, meant) => {
    expect(await explainAny({ cwd: folder }, word)).toMatchObject({
      failure: [
        { kind: 'usage', next: expect.stringMatching(new RegExp(`^Did you mean \`?${meant}\`?\\?$`)) as string },
      ],
    });
  });

  it('says that there is no such run', () => {
    const { code, out, err } = quality(folder, 'explain', '20190101');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('There is no run "20190101" here');
  });
});

describe('--stdin', () => {
  const folder = project({
    '.quality-config.json': '{ "excludedPatterns": ["excluded/"] }\n',
    '.prettierrc.json': '{ "endOfLine": "auto" }\n',
  });
  const before = treeOf(folder);

  it('prints what a run makes of the file, and writes nothing', () => {
    const first = filter(folder, UNTIDY, '--stdin-filepath', 'src/untidy.js');
    expect(first.out.toString()).toBe(TIDY);
    expect(first.code).toBe(1);
    // In the text that is printed.
    expect(first.err).toMatch(/^src\/untidy\.js:2:1 {2}error {2}'foo' is not defined\. .*\nsrc\/untidy\.js:3:1 .*\n$/);
    // From another folder, of a file that is not there yet, with the ends of lines that the formatter keeps.
    const onWindows = (text: string): Buffer => Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
    expect(filter(join(folder, 'src'), onWindows(UNTIDY), '--stdin-filepath', '../src/new/file.js')).toMatchObject({
      code: 1,
      out: onWindows(TIDY),
    });
    expect(treeOf(folder)).toEqual(before);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(readdirSync(join(folder, '.quality'))).not.toContain('runs');
  });

  const CRLF = '\uFEFFlet  a\r\nlet b\r\r\n\0';
  it.each([
    ['a language that nobody knows', 'a.unknown', CRLF],
    ['a file that git ignores', 'ignored/a.js', UNTIDY],
    ['a file that the config leaves out', 'excluded/a.js', UNTIDY],
    ['a generated file', 'src/gen.js', `// @generated\n${UNTIDY}`],
    ['a file of git’s own', '.git/a.js', UNTIDY],
    ['bytes that are no text', 'src/bytes.js', Buffer.from([0xff, 0xfe, 0x00, 0x0a])],
  ])('gives the very bytes back of %s', async (_, file, given) => {
    const text = Buffer.from(given);
    const fixed = await fixBuffer({ cwd: folder }, { file, text });
    expect(fixed).toMatchObject({ ok: true, value: { exitCode: file === 'src/gen.js' ? 1 : 0 } });
    expect(fixed.ok && text.equals(fixed.value.text)).toBe(true);
  });

  it('takes no lock, and makes nothing of nothing', async () => {
    const target = await findTarget(folder);
    if (!target.ok) throw new Error(target.failure.message);
    const lock = lockFolder(folder, target.value.repository);
    const held = await acquireLock({ folder: lock, mode: 'write', what: 'a run', timeoutMs: 0 });
    const text = Buffer.alloc(0);
    const fixed = await fixBuffer({ cwd: folder }, { file: 'src/empty.js', text });
    expect(fixed).toMatchObject({ ok: true, value: { exitCode: 0, text } });
    expect(held.ok).toBe(true);
    if (held.ok) await held.value.release();
  });

  it('prints them as they are', () => {
    expect(filter(folder, CRLF, '--stdin-filepath', 'a.unknown')).toEqual({ code: 0, out: Buffer.from(CRLF), err: '' });
  });

  it('prints a text that does not parse back, with the finding; and the text of a wrong call', () => {
    const broken = 'const = 1;\r\n';
    expect(filter(folder, broken, '--stdin-filepath', 'src/untidy.js')).toMatchObject({
      code: 1,
      out: Buffer.from(broken),
      err: expect.stringMatching(/^src\/untidy\.js:1:\d+ {2}error /) as string,
    });
    for (const args of [[], ['--stdin-filepath', 'src/a.js', '--workflow', 'no']])
      expect(filter(folder, broken, ...args)).toMatchObject({ code: 2, out: Buffer.from(broken) });
  });
});

describe('what is told to run next', () => {
  it('runs as it stands', () => {
    const [write, explain] = nextOf(first.out).map((line) => quality(folder, ...line.split(' ').slice(1)));
    expect(read(folder, 'src/untidy.js')).toBe(TIDY);
    expect(explain).toMatchObject({ code: 0, err: '' });
    const undo = nextOf(write?.out ?? '').slice(1);
    expect(undo.map((line) => line.replace(RUN_ID, '<run>'))).toEqual(['quality diff <run>', 'quality rollback <run>']);
    expect(undo.map((line) => quality(folder, ...line.split(' ').slice(1)).code)).toEqual([0, 0]);
    expect(read(folder, 'src/untidy.js')).toBe(UNTIDY);
  });
});
