import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../src/model/diagnostic.js';
import { biome } from '../src/tools/biome.js';
import { parseBiome } from '../src/tools/biome/output.js';
import { bytePositions } from '../src/tools/byte-positions.js';
import { report } from './quality.js';
import { repository, writeTree, type Tree } from './rig.js';
import { detectIn, findings, installed, link, open, outcomes, source, transformed } from './tool-rig.js';

const NAME = '@biomejs/biome';
const REAL = ['1', '2'].map((major) => ({ major, folder: installed(NAME, `${major}.`) }));

function scripts(lines: Record<string, string>): Tree {
  return { 'package.json': JSON.stringify({ type: 'module', scripts: lines }), '.gitignore': 'node_modules\nbuilt\n' };
}

/** Biome in the project's node_modules; what it does is what `program` does. */
function stub(root: string, version: string, program = ''): void {
  writeTree(root, {
    [`node_modules/${NAME}/package.json`]: JSON.stringify({ name: NAME, version }),
    [`node_modules/${NAME}/bin/biome`]: program,
  });
  chmodSync(join(root, 'node_modules', NAME, 'bin/biome'), 0o755);
}

function project(tree: Tree, version = '2.6.8', program = ''): string {
  const root = repository(tree);
  stub(root, version, program);
  return root;
}

describe('detection', () => {
  it('says nothing of a project that has nothing to do with Biome', async () => {
    expect(await detectIn(biome, repository({ 'a.ts': '' }))).toEqual({ uses: [], skips: [] });
  });

  it.each<[string, Tree, string]>([
    ['declared', { 'package.json': `{ "devDependencies": { "${NAME}": "2" } }`, 'biome.json': '{}' }, 'npm install'],
    ['undeclared', { 'biome.jsonc': '{}' }, `npm install --save-dev ${NAME}`],
  ])('wants one that is asked for and not installed: %s', async (_, tree, hint) => {
    const { uses, skips } = await detectIn(biome, repository(tree));
    expect({ uses, skips }).toMatchObject({ uses: [], skips: [{ tool: 'biome', wanted: true, hint }] });
  });

  it('wants a newer one where the installed one cannot say what it finds', async () => {
    const { skips } = await detectIn(biome, project({ 'biome.json': '{}' }, '1.5.0'));
    expect(skips).toMatchObject([{ wanted: true, reason: expect.stringContaining('1.8.0 or newer') as string }]);
  });

  it.each<[string, Record<string, string>, readonly string[], string, string]>([
    ['nothing but a config', {}, ['lint', 'format'], 'check', 'check'],
    ['check', { lint: 'biome check src' }, ['lint', 'format'], 'check', 'check'],
    ['ci', { ci: 'biome ci .' }, ['lint', 'format'], 'check', 'check'],
    ['lint', { lint: 'biome lint' }, ['lint'], 'lint', ''],
    ['format', { format: 'biome format --write .' }, ['format'], '', 'format'],
    ['both', { lint: 'biome lint .', format: 'biome format .' }, ['format', 'lint'], 'lint', 'format'],
    [
      'looking, and fixing more',
      { lint: 'biome lint .', fix: 'biome check --write .' },
      ['format', 'lint'],
      'lint',
      'format',
    ],
  ])('takes its commands from the scripts: %s', async (...[, lines, roles, lint, format]) => {
    const { uses } = await detectIn(biome, project({ ...scripts(lines), 'biome.json': '{}' }));
    const { options } = uses[0]!;
    const commands = (list: unknown): string => (list as { command: string }[]).map(({ command }) => command).join();
    expect([uses[0]!.roles, commands(options.lint), commands(options.format)]).toEqual([roles, lint, format]);
  });

  it('hands on the flags that change results, and no others', async () => {
    const line = 'biome check --colors off --only=suspicious --linter-enabled false --error-on-warnings --unsafe src';
    const { uses } = await detectIn(biome, project({ ...scripts({ lint: line }), 'src/a.ts': '', 'b.ts': '' }));
    const flags = ['--only=suspicious', '--linter-enabled', 'false'];
    expect(uses[0]?.options).toMatchObject({ lint: [{ command: 'check', flags }], maxWarnings: 0 });
    expect(uses[0]?.scope).toMatchObject({ include: ['src'] });
  });

  it('takes the files that the calls name and that Biome may know', async () => {
    const tree = {
      ...scripts({ lint: 'biome check src' }),
      'src/a.ts': '',
      'src/.babelrc': '{}',
      'src/a.py': '',
      'b.ts': '',
    };
    const { files } = await open(biome, project(tree));
    expect(files.map(({ path }) => path)).toEqual(['src/.babelrc', 'src/a.ts']);
  });
});

/** Prints what is asked for in the environment variable of a test; nothing else is real about it. */
const PRINTS = (stdout: string, code: number, stderr = ''): string =>
  `process.stdout.write(${JSON.stringify(stdout)}); process.stderr.write(${JSON.stringify(stderr)}); process.exitCode = ${code};`;

describe('what is not a report is a fault', () => {
  const CLEAN = '{"summary":{"diagnosticsNotPrinted":0},"diagnostics":[],"command":"lint"}';
  it.each<[string, string, string]>([
    ['no JSON', PRINTS('All is well!', 0), 'tool-output'],
    ['other JSON', PRINTS('{"ok":true}', 0), 'tool-output'],
    ['not all that was found', PRINTS(CLEAN.replace('Printed":0', 'Printed":3'), 0), 'tool-output'],
    ['an exit code without a finding', PRINTS(CLEAN, 1), 'tool-crashed'],
    ['a panic', PRINTS('', 101, 'thread panicked'), 'tool-crashed'],
    [
      'a broken configuration',
      PRINTS('', 1, 'Biome exited because the configuration resulted in errors.'),
      'tool-config',
    ],
    ['a signal', 'process.kill(process.pid, "SIGKILL");', 'tool-crashed'],
  ])('%s', async (_, program, kind) => {
    const trial = await open(biome, project({ ...scripts({ lint: 'biome lint' }), 'a.ts': '' }, '2.0.0', program));
    await expect(findings(trial)).rejects.toMatchObject({ failure: { kind, tool: 'biome' } });
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['biome lint alone', { lint: 'biome lint' }, true],
    ['biome check', { lint: 'biome check' }, true],
    ['biome check that shows errors alone', { lint: 'biome check --diagnostic-level=error' }, false],
    ['biome lint where biome format formats', { lint: 'biome lint', format: 'biome format --write' }, false],
  ])('no finding means that nothing is to be done, or not: %s', async (_, lines, settled) => {
    const trial = await open(biome, project({ ...scripts(lines), 'a.ts': '' }, '2.0.0', PRINTS(CLEAN, 0)));
    expect((await outcomes(trial)).get('a.ts')).toMatchObject({ status: 'done', diagnostics: [], settled });
  });

  it('an empty result for a text that is not empty is none', async () => {
    const tree = { ...scripts({ format: 'biome format .' }), 'a.ts': 'let a = 1' };
    const trial = await open(biome, project(tree, '2.0.0', PRINTS('', 0)));
    await expect(transformed(trial, [source('/', 'a.ts', 'let a = 1')])).rejects.toMatchObject({
      failure: { kind: 'tool-crashed' },
    });
  });
});

describe('reports', () => {
  const where = { tool: 'biome', root: '/w', cwd: '/w/p' };
  const text = 'let a;\nvar é = "😀"; debugger;\n';
  const expected: Diagnostic = {
    tool: 'biome',
    rule: 'lint/suspicious/noDebugger',
    severity: 'error',
    message: 'No debugger.',
    path: 'p/a.js',
    start: { line: 2, column: 15 },
    end: { line: 2, column: 24 },
    url: 'https://biomejs.dev/linter/rules/no-debugger/',
  };

  it('of Biome 1 give bytes', () => {
    const at = Buffer.from(text).indexOf('debugger');
    const location = { path: { file: 'a.js' }, span: [at, at + 9], sourceCode: text };
    const raw = { category: expected.rule, severity: 'error', description: 'No debugger.', message: [], location };
    expect(parseBiome(JSON.stringify({ diagnostics: [raw] }), where, () => undefined)).toEqual([expected]);
  });

  it('of Biome 2 give characters', () => {
    const location = { path: './a.js', start: { line: 2, column: 14 }, end: { line: 2, column: 23 } };
    const raw = { category: expected.rule, severity: 'error', message: 'No debugger.', location };
    expect(parseBiome(JSON.stringify({ diagnostics: [raw] }), where, () => text)).toEqual([expected]);
  });

  it('may be coloured', () => {
    expect(parseBiome('\u001B[0m{"diagnostics":[]}\u001B[0m\n', where, () => undefined)).toEqual([]);
  });
});

it('byte offsets become the positions that an editor shows', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 8 }).map((one) => one.replace(/[\r\n\uFEFF]/g, ''));
  const property = fc.property(
    fc.array(line, { minLength: 1, maxLength: 5 }),
    fc.boolean(),
    fc.nat(),
    (lines, mark, seed) => {
      const at = seed % lines.length;
      const characters = Array.from(lines[at]!);
      const column = characters.slice(0, seed % (characters.length + 1)).join('');
      const before = (mark ? '\uFEFF' : '') + [...lines.slice(0, at), column].join('\n');
      const positionAt = bytePositions((mark ? '\uFEFF' : '') + lines.join('\n'));
      expect(positionAt(Buffer.byteLength(before))).toEqual({ line: at + 1, column: column.length + 1 });
    },
  );
  fc.assert(property);
});

const ODDITIES: Tree = {
  'biome.json': '{ "vcs": { "enabled": true, "clientKind": "git", "useIgnoreFile": true } }\n',
  'imports.ts': 'import b from "b";\nimport a from "a";\n\nconsole.log(a, b);\n',
  'fixable.ts': 'let x = 1;\nexport { x };\n',
  'unfixable.ts': 'const s = "😀"; debugger;\n',
  'formatted.ts': 'export const a = 1;\n',
  'bom.ts': '\uFEFFexport const a  = 1\n',
  'crlf.ts': 'export const a = 1;\r\n',
  'broken.ts': 'const = ;\n',
  'with space/ünï 😀.json': '{"a":1}\n',
  '-dash.json': '{"a":1}\n',
  'style.css': 'a{color:red}',
  'unknown.txt': 'text\n',
};

interface Shown {
  readonly path: string | null;
  readonly rule: string | null;
  readonly severity: string;
}

/** What the command itself reports, by path, rule and severity. */
function commandSays(root: string, command: string): string[] {
  const program = join(root, 'node_modules', NAME, 'bin/biome');
  const args = [program, command, '--reporter=json', '--max-diagnostics=none', '--colors=off', '.'];
  const stdout = ((): string => {
    try {
      return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  })();
  interface Raw {
    category: string;
    severity: string;
    location: { path: string | { file: string } };
  }
  return (JSON.parse(stdout) as { diagnostics: Raw[] }).diagnostics
    .map(({ category, severity, location: { path } }) => {
      const file = (typeof path === 'string' ? path : path.file).replace(/^\.\//, '');
      return show({
        path: file,
        rule: category,
        severity: severity.replace(/^information$/, 'info'),
      });
    })
    .sort();
}

function show({ path, rule, severity }: Shown): string {
  return [path, rule, severity].join(' ');
}

describe.each(REAL)('Biome $major, where it is installed', ({ folder }) => {
  const start = (lines: Record<string, string>): string => {
    const root = repository({ ...ODDITIES, ...scripts(lines), 'built/a.ts': 'debugger' });
    link(root, NAME, folder!);
    return root;
  };

  it.skipIf(folder === null).each(['lint', 'check'])('finds what `biome %s` finds', async (command) => {
    const root = start({ lint: `biome ${command} .` });
    const expected = commandSays(root, command);
    expect(expected.length).toBeGreaterThan(4);
    expect((await findings(await open(biome, root))).map(show).sort()).toEqual(expected);
  });

  it.skipIf(folder === null).each([
    ['check', 'check --write'],
    ['format', 'format --write'],
  ])('makes of files what `biome %s` makes of them', async (command, fix) => {
    const root = start({ all: `biome ${command} .` });
    const trial = await open(biome, root);
    const results = await transformed(trial);
    execFileSync('git', ['rm', '--quiet', 'broken.ts'], { cwd: root });
    const program = join(root, 'node_modules', NAME, 'bin/biome');
    try {
      execFileSync(process.execPath, [program, ...fix.split(' '), '.'], { cwd: root, stdio: 'pipe' });
    } catch {
      // What cannot be fixed remains; the files are what counts.
    }
    const done = trial.files.filter(({ path }) => path !== 'broken.ts');
    for (const { path } of done)
      expect([path, results.get(path)?.text]).toEqual([path, readFileSync(join(root, path), 'utf8')]);
    const changed = done.filter(({ path, text }) => results.get(path)?.text !== text).map(({ path }) => path);
    expect(changed).toEqual(expect.arrayContaining(['-dash.json', 'bom.ts', 'crlf.ts', 'style.css']));
    expect(results.get('broken.ts')).toMatchObject({ status: 'failed', failure: { kind: 'syntax-error' } });
  });

  it.skipIf(folder === null)('has a syntax error as a finding, and as no failure besides', () => {
    const { code, report: result } = report(start({ lint: 'biome check .' }));
    expect({ code, failures: result.failures }).toEqual({ code: 1, failures: [] });
    const ofBroken = result.findings.filter(({ path }) => path === 'broken.ts').map(({ rule }) => rule);
    expect(ofBroken).toContain('parse');
    expect(result.steps.filter(({ status }) => status === 'failed')).toEqual([]);
  });

  it.skipIf(folder === null)('looks at texts that do not stand on disk', async () => {
    const root = start({ lint: 'biome check .' });
    const trial = await open(biome, root);
    const virtual = [
      source(root, 'formatted.ts', 'debugger;\n'),
      source(root, 'unfixable.ts', 'export const b = 1;\n'),
    ];
    const results = await outcomes(trial, virtual);
    expect(results.get('formatted.ts')?.diagnostics.map(({ rule }) => rule)).toEqual(['lint/suspicious/noDebugger']);
    expect(results.get('unfixable.ts')).toMatchObject({ diagnostics: [], settled: true });
    const fixed = await transformed(trial, [source(root, 'formatted.ts', '\uFEFFlet x  = 1;\nexport { x };\n')]);
    expect(fixed.get('formatted.ts')?.text).toMatch(/^\uFEFFconst x = 1;\n/);
  });
});
