import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oxfmt } from '../src/tools/oxfmt.js';
import { oxlint } from '../src/tools/oxlint.js';
import type { Tool } from '../src/tools/tool.js';
import { repository, writeTree, type Tree } from './rig.js';
import { detectIn, findings, installed, link, open, outcomes, source, transformed } from './tool-rig.js';

const OXLINT = installed('oxlint');
const OXFMT = installed('oxfmt');

function scripts(lines: Record<string, string>): Tree {
  return { 'package.json': JSON.stringify({ type: 'module', scripts: lines }), '.gitignore': 'node_modules\nbuilt\n' };
}

function project(tree: Tree, tool: string, program = ''): string {
  const root = repository({ '.gitignore': 'node_modules\n', ...tree });
  writeTree(root, {
    [`node_modules/${tool}/package.json`]: JSON.stringify({ name: tool, version: '1.0.0' }),
    [`node_modules/${tool}/bin/${tool}`]: program,
  });
  return root;
}

describe.each<[Tool, string]>([
  [oxlint, '.oxlintrc.json'],
  [oxfmt, '.oxfmtrc.json'],
])('detection', (tool, config) => {
  it(`of ${tool.name} says nothing of a project that has nothing to do with it`, async () => {
    expect(await detectIn(tool, repository({ 'a.ts': '' }))).toEqual({ uses: [], skips: [] });
  });

  it(`of ${tool.name} wants one that is asked for and not installed`, async () => {
    const { uses, skips } = await detectIn(tool, repository({ [config]: '{}', 'pnpm-lock.yaml': '' }));
    const hint = `pnpm add --save-dev ${tool.name}`;
    expect({ uses, skips }).toMatchObject({ uses: [], skips: [{ tool: tool.name, wanted: true, hint }] });
  });

  it(`of ${tool.name} is by its config or by a script`, async () => {
    const byConfig = await detectIn(tool, project({ [config]: '{}' }, tool.name));
    expect(byConfig.uses).toMatchObject([{ id: `${tool.name}@`, origin: 'project', scope: null, evidence: config }]);
    const line = `${tool.name} -c conf.json --threads=2 src docs`;
    const tree = { ...scripts({ run: line }), 'src/a.ts': '', 'docs/a.ts': '', 'conf.json': '{}', 'b.ts': '' };
    const { use, files } = await open(tool, project(tree, tool.name));
    expect(use.options).toMatchObject({ calls: [{ flags: ['-c', 'conf.json'] }] });
    expect(use.configFiles).toContain('conf.json');
    expect(files.map(({ path }) => path)).toEqual(['docs/a.ts', 'src/a.ts']);
  });
});

it.each<[string, Tree, number | undefined]>([
  ['none', scripts({ lint: 'oxlint' }), undefined],
  ['--max-warnings', scripts({ lint: 'oxlint --max-warnings=3' }), 3],
  ['--deny-warnings', scripts({ lint: 'oxlint --deny-warnings' }), 0],
  ['the config', { ...scripts({ lint: 'oxlint' }), '.oxlintrc.json': '{ "options": { "denyWarnings": true } }' }, 0],
])('how many warnings oxlint may find: %s', async (_, tree, expected) => {
  const { uses } = await detectIn(oxlint, project(tree, 'oxlint'));
  expect(uses[0]?.options.maxWarnings).toBe(expected);
});

const PRINTS = (stdout: string, code: number, stderr = ''): string =>
  `process.stdout.write(${JSON.stringify(stdout)}); process.stderr.write(${JSON.stringify(stderr)}); process.exitCode = ${code};`;

describe('what is not a report is a fault', () => {
  it.each<[string, string, string]>([
    ['no JSON', PRINTS('All is well!', 0), 'tool-crashed'],
    ['broken JSON', PRINTS('{ "diagnostics": [', 1), 'tool-output'],
    ['other JSON', PRINTS('{"ok":true}', 0), 'tool-output'],
    ['an exit code without a finding', PRINTS('{"diagnostics":[],"number_of_files":1}', 1), 'tool-crashed'],
    ['a broken configuration', PRINTS('Failed to parse oxlint configuration file.', 1), 'tool-config'],
    ['an unknown exit code', PRINTS('{"diagnostics":[]}', 7), 'tool-crashed'],
  ])('oxlint: %s', async (_, program, kind) => {
    const trial = await open(oxlint, project({ ...scripts({ lint: 'oxlint' }), 'a.ts': '' }, 'oxlint', program));
    await expect(findings(trial)).rejects.toMatchObject({ failure: { kind, tool: 'oxlint' } });
  });

  it('oxlint: no file is none when its configuration leaves all of them out', async () => {
    const program = PRINTS('No files found to lint.\n{"diagnostics":[],"number_of_files":0}', 1);
    const trial = await open(oxlint, project({ ...scripts({ lint: 'oxlint' }), 'a.ts': '' }, 'oxlint', program));
    expect(await findings(trial)).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['other files than asked for', PRINTS('elsewhere.ts\n', 1), 'tool-output'],
    ['an exit code without a file', PRINTS('', 1), 'tool-crashed'],
    ['a broken configuration', PRINTS('', 1, 'Failed to load configuration file.'), 'tool-config'],
    ['an unknown exit code', PRINTS('', 101), 'tool-crashed'],
    [
      'an empty result',
      'if (!process.argv.some((a) => a.startsWith("--stdin"))) { console.log("a.ts"); process.exitCode = 1; }',
      'tool-crashed',
    ],
  ])('oxfmt: %s', async (_, program, kind) => {
    const trial = await open(oxfmt, project({ ...scripts({ fmt: 'oxfmt .' }), 'a.ts': 'let a' }, 'oxfmt', program));
    await expect(transformed(trial)).rejects.toMatchObject({ failure: { kind, tool: 'oxfmt' } });
  });
});

it('oxlint: offsets in bytes become columns, and a finding has its rule and its page', async () => {
  const text = 'var é = "😀"; debugger;\n';
  const offset = Buffer.from(text).indexOf('debugger');
  const span = { offset, length: 9, line: 1, column: offset + 1 };
  const raw = {
    message: 'No.',
    code: 'eslint(no-debugger)',
    severity: 'warning',
    url: 'u',
    filename: 'a.ts',
    labels: [{ span }],
  };
  const program = PRINTS(JSON.stringify({ diagnostics: [raw], number_of_files: 1 }), 0);
  const trial = await open(oxlint, project({ ...scripts({ lint: 'oxlint' }), 'a.ts': text }, 'oxlint', program));
  const place = { path: 'a.ts', start: { line: 1, column: 15 }, end: { line: 1, column: 24 } };
  expect(await findings(trial)).toEqual([
    { tool: 'oxlint', rule: 'eslint(no-debugger)', severity: 'warning', message: 'No.', url: 'u', ...place },
  ]);
});

function run(folder: string, root: string, name: string, args: readonly string[]): string {
  try {
    const program = join(folder, 'bin', name);
    return execFileSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

function forced(tree: Tree, tracked: Tree): string {
  const root = repository(tree);
  writeTree(root, tracked);
  execFileSync('git', ['add', '--force', '--all'], { cwd: root });
  return root;
}

describe.skipIf(OXLINT === null)('oxlint, where it is installed', () => {
  const TREE: Tree = {
    ...scripts({ lint: 'oxlint .' }),
    '.oxlintrc.json': '{ "ignorePatterns": ["skipped.ts"], "rules": { "no-debugger": "error" } }',
    'a.ts': '// 😀\nconst é = "日本"; debugger;\n',
    'bom.js': '\uFEFFdebugger;\n',
    'broken.ts': 'const = ;\n',
    'skipped.ts': 'debugger;\n',
    'sub/.oxlintrc.json': '{ "rules": { "no-debugger": "off" } }',
    'sub/b.ts': 'debugger;\n',
    '-dash.ts': 'debugger;\n',
  };

  it('finds what its command finds, also where git ignores a tracked file', async () => {
    const root = forced(TREE, { 'built/a.ts': 'debugger;\n' });
    link(root, 'oxlint', OXLINT!);
    const output = run(OXLINT!, root, 'oxlint', ['--format=json', '.']);
    const { diagnostics } = JSON.parse(output) as {
      diagnostics: { filename: string; code?: string; severity: string }[];
    };
    const expected = diagnostics.map(({ filename, code, severity }) => [filename, code ?? null, severity].join(' '));
    const found = await findings(await open(oxlint, root));
    expect(found.map(({ path, rule, severity }) => [path, rule, severity].join(' ')).sort()).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(3);
    expect(found.find(({ path }) => path === 'bom.js')?.start).toEqual({ line: 1, column: 1 });
  });

  it('looks at texts that do not stand on disk', async () => {
    const root = repository(TREE);
    link(root, 'oxlint', OXLINT!);
    const virtual = [source(root, 'a.ts', 'export const a = 1;\n'), source(root, '-dash.ts', '\ndebugger;\n')];
    const results = await outcomes(await open(oxlint, root), virtual);
    expect(results.get('a.ts')?.diagnostics).toEqual([]);
    expect(results.get('-dash.ts')?.diagnostics).toMatchObject([
      { rule: 'eslint(no-debugger)', start: { line: 2, column: 1 } },
    ]);
  });
});

describe.skipIf(OXFMT === null)('oxfmt, where it is installed', () => {
  const TREE: Tree = {
    ...scripts({ fmt: 'oxfmt --check .' }),
    '.oxfmtrc.json': '{ "ignorePatterns": ["skipped.ts"], "singleQuote": true }\n',
    '.prettierignore': 'other.ts\n',
    'a.ts': 'const a  = "b"\n',
    'formatted.ts': "const a = 'b';\n",
    'bom.ts': '\uFEFFconst a  = 1\n',
    'crlf.ts': 'const a = 1;\r\n',
    'broken.ts': 'const = ;\n',
    'skipped.ts': 'a  ( )\n',
    'other.ts': 'a  ( )\n',
    'style.css': 'a{b:c}',
    'with space/ü 😀.json': '{"a":1}\n',
    '-dash.json': '{"a":1}\n',
  };

  it('names and makes what its command names and makes', async () => {
    const root = forced(TREE, { 'built/a.ts': 'a  ( )\n' });
    link(root, 'oxfmt', OXFMT!);
    const expected = run(OXFMT!, root, 'oxfmt', ['--list-different', '.']).split('\n').filter(Boolean).sort();
    const trial = await open(oxfmt, root);
    const found = await findings(trial);
    expect(found.filter(({ rule }) => rule === 'format').map(({ path }) => path)).toEqual(expected);
    expect(found.filter(({ rule }) => rule === null).map(({ path, start }) => [path, start?.line])).toEqual([
      ['broken.ts', 1],
    ]);
    const results = await transformed(trial);
    run(OXFMT!, root, 'oxfmt', ['.']);
    for (const [path, { text }] of results)
      expect([path, text]).toEqual([path, readFileSync(join(root, path), 'utf8')]);
    expect(expected.length).toBeGreaterThan(5);
  });
});
