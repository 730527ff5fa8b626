import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ToolUse } from '../src/model/tool-use.js';
import { checkByTransform } from '../src/tools/format-check.js';
import { prettier } from '../src/tools/prettier.js';
import { readArguments } from '../src/tools/prettier/flags.js';
import { isKnownToPrettier } from '../src/tools/prettier/names.js';
import { repository, writeTree, type Tree } from './rig.js';
import { detectIn, findings, installed, link, open, outcomes, source, transformed } from './tool-rig.js';

const BUNDLED = installed('prettier', '3')!;
const OLDER = installed('prettier', '2');

function manifest(content: object): Tree {
  return { 'package.json': `${JSON.stringify(content, null, 2)}\n` };
}

function script(line: string): Tree {
  return manifest({ scripts: { 'format:check': line } });
}

/** What stands under `node_modules/<name>` of a project that has it installed. */
function fakePackage(name: string, version: string): Tree {
  return { [`node_modules/${name}/package.json`]: JSON.stringify({ name, version }) };
}

const IN_SRC = ['src/a.ts', 'src/b.md', 'src/x.md'];

function callsOf(use: ToolUse | undefined): unknown {
  return use?.options.calls;
}

describe('detection', () => {
  it.each<[string, Tree]>([
    ['nothing', { 'a.ts': '' }],
    ['an .editorconfig alone', { 'a.ts': '', '.editorconfig': 'root = true\n' }],
    ['a library that calls Prettier in its own code', manifest({ dependencies: { prettier: '^3.0.0' } })],
    ['a script that pipes a diff into it', script('git diff --name-only | xargs prettier --write')],
  ])('leaves alone a project with %s, and says how to switch it on', async (_, tree) => {
    const { uses, skips } = await detectIn(prettier, repository(tree));
    expect(uses).toEqual([]);
    expect(skips).toMatchObject([{ tool: 'prettier', wanted: false }]);
    expect(skips[0]?.hint).toContain('.prettierrc');
  });

  it.each<[string, Tree, string]>([
    ['a config file', { 'a.ts': '', '.prettierrc': '{}' }, '.prettierrc'],
    ['a key in package.json', manifest({ prettier: {} }), 'package.json'],
    ['a dependency', manifest({ devDependencies: { prettier: '^3.0.0' } }), 'package.json devDependencies'],
    ['a script', script('prettier --check .'), 'package.json scripts.format:check: prettier --check .'],
  ])('is switched on by %s, with the bundled version where none is installed', async (_, tree, evidence) => {
    const { uses, skips } = await detectIn(prettier, repository(tree));
    expect(skips).toEqual([]);
    expect(uses).toMatchObject([{ id: 'prettier@', origin: 'bundled', root: '', entry: BUNDLED, evidence }]);
  });

  it('is switched on for one language by our config', async () => {
    const root = repository({ 'a.ts': 'a ( )', 'b.css': 'b {}' });
    const { use, files } = await open(prettier, root, { formatters: { css: ['prettier'] } });
    expect(use.evidence).toBe('formatters in the config');
    expect(files.map(({ path }) => path)).toEqual(['b.css']);
  });

  it('uses the version of the project', async () => {
    const tree = { '.prettierrc': '{}', '.gitignore': 'node_modules\n', ...fakePackage('prettier', '3.1.4') };
    const { uses } = await detectIn(prettier, repository(tree));
    expect(uses).toMatchObject([{ version: '3.1.4', origin: 'project' }]);
  });

  it.each([
    ['npm install', {}],
    ['pnpm install', { 'pnpm-lock.yaml': '' }],
  ])('wants a version that is declared, not installed and not the bundled one: %s', async (hint, lock) => {
    const root = repository({ ...manifest({ devDependencies: { prettier: '^2.8.0' } }), ...lock });
    expect(await detectIn(prettier, root)).toMatchObject({ uses: [], skips: [{ wanted: true, hint }] });
  });

  it('leaves a project to ESLint that formats by its rule alone', async () => {
    const devDependencies = { prettier: '^3.0.0', 'eslint-plugin-prettier': '^5.0.0' };
    const { uses, skips } = await detectIn(
      prettier,
      repository({ ...manifest({ devDependencies }), '.prettierrc': '{}' }),
    );
    expect(uses).toEqual([]);
    expect(skips[0]?.reason).toContain('eslint-plugin-prettier');
  });

  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ['looking before writing', { 'format:check': 'prettier -c src', format: 'prettier --write .' }, IN_SRC],
    ['writing by name before others', { format: 'prettier -w src', release: 'prettier -w gen.ts' }, IN_SRC],
    ['all that look', { a: 'prettier --check src', b: 'prettier -l gen.ts' }, ['gen.ts', ...IN_SRC]],
    ['globs', { a: 'prettier --check "src/**/*.{ts,md}" "*.md" "!**/x.md"' }, ['r.md', 'src/a.ts', 'src/b.md']],
  ])('takes its scope from the scripts: %s', async (_, scripts, expected) => {
    const tree = { 'src/a.ts': '', 'src/b.md': '', 'src/x.md': '', 'gen.ts': '', 'r.md': '', ...manifest({ scripts }) };
    const { files } = await open(prettier, repository(tree));
    expect(files.map(({ path }) => path).filter((path) => path !== 'package.json')).toEqual(expected);
  });

  it('reads lint-staged lists as lint-staged does: a glob without a slash is one of base names', async () => {
    const lists = { '*.ts': 'prettier --write', 'docs/*.md': ['prettier --write'] };
    const tree = { 'src/a.ts': '', 'src/b.md': '', 'docs/c.md': '', ...manifest({ 'lint-staged': lists }) };
    const { files } = await open(prettier, repository(tree));
    expect(files.map(({ path }) => path)).toEqual(['docs/c.md', 'src/a.ts']);
  });

  it('formats packages by their own scripts where the root leaves it to them', async () => {
    const root = repository({
      ...manifest({ workspaces: ['packages/*'], devDependencies: { prettier: '*' } }),
      '.prettierrc': '{}',
      'packages/a/package.json': JSON.stringify({ scripts: { fmt: 'prettier --write src' } }),
      'packages/a/src/a.ts': '',
      'packages/b/package.json': '{}',
      'test/fixtures/c/package.json': JSON.stringify({ scripts: { fmt: 'prettier --write .' } }),
    });
    const { uses } = await detectIn(prettier, root);
    expect(uses.map(({ id, scope }) => [id, scope?.include])).toEqual([['prettier@packages/a', ['src']]]);
  });

  it('leaves to the root what its own script formats', async () => {
    const root = repository({
      ...script('prettier --check .'),
      'packages/a/package.json': JSON.stringify({ scripts: { fmt: 'prettier --write .' } }),
    });
    const { uses } = await detectIn(prettier, root);
    expect(uses.map(({ id }) => id)).toEqual(['prettier@']);
  });

  it('gives a package with another version its own use, where no script says otherwise', async () => {
    const root = repository({
      '.gitignore': 'node_modules\n',
      ...manifest({ devDependencies: { prettier: '3.1.4' } }),
      ...fakePackage('prettier', '3.1.4'),
      'old/package.json': JSON.stringify({ devDependencies: { prettier: '2.8.8' } }),
      'old/node_modules/prettier/package.json': JSON.stringify({ version: '2.8.8' }),
    });
    const { uses } = await detectIn(prettier, root);
    expect(uses.map(({ id, version }) => [id, version])).toEqual([
      ['prettier@', '3.1.4'],
      ['prettier@old', '2.8.8'],
    ]);
  });

  it('formats only the folder that has a configuration, where the root has none', async () => {
    const root = repository({ 'a.ts': '', 'docs/.prettierrc': '{}', 'docs/b.md': '' });
    const { uses } = await detectIn(prettier, root);
    expect(uses.map(({ id }) => id)).toEqual(['prettier@docs']);
  });

  it('names everything in the workspace that its results depend on', async () => {
    const tree = {
      ...script('prettier --check . --ignore-path ignore.txt'),
      'prettier.config.mjs': 'import shared from "./shared.mjs";\nexport default shared;\n',
      'shared.mjs': 'export default {};\n',
      'ignore.txt': '',
      '.editorconfig': '',
      'sub/.prettierrc.json': '{}',
      'package-lock.json': '{}',
    };
    const { uses } = await detectIn(prettier, repository(tree));
    expect(uses[0]?.configFiles).toEqual([
      '.editorconfig',
      'ignore.txt',
      'package-lock.json',
      'package.json',
      'prettier.config.mjs',
      'shared.mjs',
      'sub/.prettierrc.json',
    ]);
  });
});

describe('a command line', () => {
  it.each<[string, Partial<ReturnType<typeof readArguments>>]>([
    ['--check .', { patterns: ['.'], looks: true, overrides: {} }],
    ['-wl src', { patterns: ['src'], looks: false }],
    ['--check --write .', { looks: false }],
    ['--single-quote src', { patterns: ['src'], overrides: { 'single-quote': true } }],
    ['--no-semi --tab-width 4 a', { patterns: ['a'], overrides: { semi: false, 'tab-width': '4' } }],
    ['--semi=false --print-width=100', { overrides: { semi: false, 'print-width': '100' } }],
    ['--use-tabs false a', { patterns: ['a'], overrides: { 'use-tabs': false } }],
    ['--plugin=a --plugin b c', { patterns: ['c'], overrides: { plugin: ['a', 'b'] } }],
    ['--ignore-path a --ignore-path=b .', { patterns: ['.'], ignorePaths: ['a', 'b'] }],
    ['--config x.json .', { config: 'x.json', overrides: {} }],
    ['--no-config --no-editorconfig .', { config: false, editorconfig: false, overrides: {} }],
    ['--cache --log-level warn --ignore-unknown .', { patterns: ['.'], overrides: {} }],
    ['--no-error-on-unmatched-pattern -- --odd', { patterns: ['--odd'], overrides: {} }],
    ['--stdin-filepath a.ts', { isOther: true }],
  ])('%s', (line, expected) => {
    expect(readArguments(line.split(' '))).toMatchObject(expected);
  });

  it('becomes part of the use', async () => {
    const { uses } = await detectIn(prettier, repository(script('prettier -c . --no-semi --with-node-modules')));
    expect(callsOf(uses[0])).toMatchObject([{ withNodeModules: true, overrides: { semi: false } }]);
  });
});

/** Files of many kinds; whatever is said of them is compared with what Prettier's own command says. */
const ODDITIES: Tree = {
  '.gitignore': 'built/\n',
  '.prettierignore': 'skipped.ts\nsub/*.css\n',
  'other.ignore': 'plain.ts\n',
  'other.json': '{ "tabWidth": 8 }\n',
  '.editorconfig': 'root = true\n[*.ts]\nindent_style = tab\n',
  '.prettierrc': '{ "singleQuote": true, "overrides": [{ "files": "*.odd", "options": { "parser": "json" } }] }\n',
  'bom.ts': '\uFEFFconst a  = "b"\n',
  'bom-formatted.md': '\uFEFF# Title\n',
  'crlf.ts': "const a = 'b';\r\n",
  'plain.ts': "function f() {\n  return 'x'\n}\n",
  'formatted.ts': "const a = 'b';\n",
  'skipped.ts': 'a  ( )\n',
  'ignored-lines.ts': '// prettier-ignore\nconst m = [ 1,0 ];\n',
  'broken.ts': 'const = 1;\n',
  'empty.css': '',
  'sub/a.css': 'a{b:c}',
  'sub/b.scss': 'a{b:c}',
  'sub/.prettierrc.yaml': 'semi: false\n',
  'sub/c.ts': 'const a = 1;\n',
  'x.odd': '{"a":1}',
  LICENSE: 'MIT  license\n',
  'image.svg': '<svg   />\n',
  'with space/ünï "q" 😀.json': '{"a":1}\n',
  '-dash.json': '{"a":1}\n',
  'bin/tool': '#!/usr/bin/env node\nlet a  = 1\n',
  'README.md': '*  item\n',
  'page.html': '<p>a<b>b</b></p>',
  'conf.yaml': 'a:   1\n',
  'link.ts': { link: 'plain.ts' },
};
const FORCED: Tree = { 'built/a.ts': 'a  ( )\n', 'node_modules/m/i.js': 'a  ( )\n' };

function oddities(line: string): string {
  const root = repository({ ...ODDITIES, ...script(`prettier ${line}`) });
  writeTree(root, FORCED);
  execFileSync('git', ['add', '--force', '--all'], { cwd: root });
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', 'commit', '--quiet', '--message=x'], {
    cwd: root,
  });
  return root;
}

interface CommandSays {
  readonly unformatted: readonly string[];
  readonly broken: readonly string[];
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function runCommand(root: string, line: string, entry = BUNDLED): { stdout: string; stderr: string } {
  const bin = JSON.parse(readFileSync(join(entry, 'package.json'), 'utf8')) as { bin: string | { prettier: string } };
  const program = join(entry, typeof bin.bin === 'string' ? bin.bin : bin.bin.prettier);
  // Prettier colours its messages wherever CI is set, terminal or not.
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
  const options = { cwd: root, encoding: 'utf8', stdio: 'pipe', env } as const;
  try {
    return { stdout: execFileSync(process.execPath, [program, ...words(line)], options), stderr: '' };
  } catch (error) {
    return error as { stdout: string; stderr: string };
  }
}

function commandSays(root: string, line: string, entry = BUNDLED): CommandSays {
  const { stdout, stderr } = runCommand(root, line.replace('--check', '--list-different'), entry);
  const broken = [...stderr.matchAll(/^\[error\] (.+): SyntaxError/gm)].map(([, path]) => path ?? '');
  return { unformatted: stdout.split('\n').filter(Boolean).sort(), broken: broken.sort() };
}

async function weSay(root: string): Promise<CommandSays> {
  const all = [...(await outcomes(await open(prettier, root))).values()];
  const unformatted = all.filter(({ diagnostics }) => diagnostics.some(({ rule }) => rule === 'format'));
  const broken = all.filter(({ failure }) => failure?.kind === 'syntax-error');
  return { unformatted: unformatted.map(({ path }) => path).sort(), broken: broken.map(({ path }) => path).sort() };
}

const LINES = [
  '--check .',
  '--check "**/*.{ts,json}" "sub" README.md "!sub/*.ts"',
  '--check . --ignore-path other.ignore --ignore-path .prettierignore --no-editorconfig',
  '--check . --no-config --print-width=20 --tab-width 4',
  '--check . --config other.json --no-semi',
  '--check . --config-precedence file-override --single-quote=false --end-of-line auto',
  '--check . --config-precedence prefer-file --tab-width 8',
  '--check plain.ts crlf.ts --with-node-modules "node_modules/m/*.js" --parser babel',
];

describe('findings are those of the command', () => {
  it.each(LINES)('prettier %s', async (line) => {
    const root = oddities(line);
    const expected = commandSays(root, line);
    expect(expected.unformatted.length).toBeGreaterThan(1);
    expect(await weSay(root)).toEqual(expected);
  });

  it.skipIf(OLDER === null)('Prettier 2, where it is installed', async () => {
    const root = oddities('--check .');
    // It formats links as well, whose targets are in the workspace anyway.
    execFileSync('git', ['rm', '-r', '--quiet', 'node_modules', 'link.ts'], { cwd: root });
    link(root, 'prettier', OLDER!);
    expect(await weSay(root)).toEqual(commandSays(root, '--check .', OLDER!));
  });
});

describe('results are those of the command', () => {
  it('byte for byte, BOM, line endings and all', async () => {
    const root = oddities('--write .');
    const trial = await open(prettier, root);
    const results = await transformed(trial);
    runCommand(root, '--write .');
    for (const [path, { text }] of results)
      expect([path, text]).toEqual([path, readFileSync(join(root, path), 'utf8')]);
    const changed = trial.files.filter(({ path, text }) => results.get(path)?.text !== text);
    expect(changed.length).toBeGreaterThan(8);
  });

  it('a second time nothing changes', async () => {
    const trial = await open(prettier, oddities('--write .'));
    const first = [...(await transformed(trial))].filter(([, { status }]) => status === 'done');
    const again = first.map(([path, { text }]) => source('/', path, text));
    const files = again.map((file, at) => ({
      ...file,
      absolutePath: trial.files.find(({ path }) => path === first[at]![0])!.absolutePath,
    }));
    const second = await transformed(trial, files);
    expect([...second].map(([path, { text }]) => [path, text])).toEqual(first.map(([path, { text }]) => [path, text]));
  });
});

describe('one file', () => {
  it('with a syntax error fails with its place, and the others go on', async () => {
    const root = repository({ '.prettierrc': '{}', 'a.ts': 'const a = {\n  b: };\n', 'b.ts': 'b  ()\n' });
    const results = await outcomes(await open(prettier, root));
    expect(results.get('a.ts')).toMatchObject({
      status: 'failed',
      diagnostics: [{ tool: 'prettier', rule: null, severity: 'error', path: 'a.ts', start: { line: 2, column: 6 } }],
      failure: { kind: 'syntax-error', path: 'a.ts', detail: expect.stringContaining('> 2 |') as string },
    });
    expect(results.get('a.ts')?.diagnostics[0]?.message).toBe('Expression expected.');
    expect(results.get('b.ts')).toMatchObject({ status: 'done', settled: false, diagnostics: [{ rule: 'format' }] });
  });

  it('that no parser is for, or that is ignored, is ignored', async () => {
    const root = repository({
      '.prettierrc': 'overrides: []',
      '.prettierignore': 'b.ts',
      'a.xyz': 'a',
      'b.ts': 'b  ()',
    });
    const results = await outcomes(await open(prettier, root));
    expect(results.get('a.xyz')).toMatchObject({ status: 'ignored', diagnostics: [] });
    // What the ignore files say is known before Prettier is loaded.
    expect(results.has('b.ts')).toBe(false);
  });

  it('is taken by its text, not by what stands on disk', async () => {
    const root = repository({ '.prettierrc': '{}', 'a.ts': 'a;\n' });
    const trial = await open(prettier, root);
    expect(await findings(trial, [source(root, 'a.ts', 'b ;\n')])).toMatchObject([{ message: 'Not formatted' }]);
  });
});

const SHOUT = `
export const languages = [{ name: 'shout', parsers: ['shout'], extensions: ['.shout'] }];
export const parsers = { shout: { parse: (text) => ({ text }), astFormat: 'shout', locStart: () => 0, locEnd: () => 0 } };
export const printers = { shout: { print: (path) => path.node.text.toUpperCase() } };
`;

describe('plugins', () => {
  const installedPlugin: Tree = {
    'node_modules/prettier-plugin-shout/package.json':
      '{ "name": "prettier-plugin-shout", "version": "1.0.0", "type": "module", "exports": { "import": "./i.js" } }',
    'node_modules/prettier-plugin-shout/i.js': SHOUT,
    '.gitignore': 'node_modules\n',
  };

  it.each<[string, Tree]>([
    ['a name in the config', { '.prettierrc': '{ "plugins": ["prettier-plugin-shout"] }' }],
    ['a flag of the script', script('prettier --check . --plugin=prettier-plugin-shout')],
    ['a local file', { '.prettierrc': '{ "plugins": ["./tools/shout.mjs"] }', 'tools/shout.mjs': SHOUT }],
  ])('come from the project, also for the bundled Prettier: %s', async (_, tree) => {
    const root = repository({ ...installedPlugin, ...tree, 'a.shout': 'hello' });
    expect((await transformed(await open(prettier, root))).get('a.shout')).toEqual({ status: 'done', text: 'HELLO' });
  });

  it('that are missing are a fault of the configuration', async () => {
    const root = repository({ '.prettierrc': '{ "plugins": ["prettier-plugin-gone"] }', 'a.ts': '' });
    const failure = { kind: 'tool-config', detail: expect.stringContaining('prettier-plugin-gone') as string };
    await expect(findings(await open(prettier, root))).rejects.toMatchObject({ failure });
  });
});

it.each([
  ['does not parse', '.prettierrc', '{ "semi": '],
  ['has a wrong value', '.prettierrc', '{ "semi": "perhaps" }'],
  ['throws', 'prettier.config.mjs', 'throw new Error("no config today")'],
])('a configuration that %s is a fault', async (_, name, text) => {
  const root = repository({ [name]: text, 'a.ts': '' });
  await expect(findings(await open(prettier, root))).rejects.toMatchObject({ failure: { kind: 'tool-config' } });
});

it('a link is formatted by Prettier 2, and left alone by Prettier 3', () => {
  const file = {
    path: 'a.ts',
    hash: '',
    size: 1,
    language: null,
    package: '',
    protection: { kind: 'symlink', evidence: '' },
  } as const;
  const calls = [{ files: { include: [{ kind: 'folder', path: '' }], exclude: [] } }];
  const use = { root: '', options: { calls, ignores: {}, anyText: false } } as unknown as ToolUse;
  expect(prettier.takes({ ...use, version: '2.8.8' }, file)).toBe(true);
  expect(prettier.takes({ ...use, version: '3.0.0' }, file)).toBe(false);
});

it('knows by name what Prettier itself knows', async () => {
  const { getSupportInfo } = await import('prettier');
  const { languages } = await getSupportInfo();
  const names = languages.flatMap(({ extensions = [], filenames = [] }) => [
    ...extensions.map((one) => `x${one}`),
    ...filenames,
  ]);
  const unknown = names.filter((path) => !isKnownToPrettier({ path, language: null }));
  expect(names.length).toBeGreaterThan(100);
  expect(unknown).toEqual([]);
});

it('the check of a formatter passes on what the formatter says', async () => {
  const file = { path: 'a', absolutePath: '/a', hash: 'h', text: 'x', virtual: false };
  const failure = { kind: 'tool-crashed', message: 'no' } as const;
  const check = checkByTransform('fmt', {
    transform: () => Promise.resolve([{ status: 'failed', text: 'x', failure }]),
  });
  expect(await check([file])).toEqual({
    files: [{ path: 'a', hash: 'h', status: 'failed', diagnostics: [], failure }],
    diagnostics: [],
  });
});
