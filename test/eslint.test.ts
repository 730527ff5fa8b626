import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../src/config/schema.js';
import type { Diagnostic } from '../src/model/diagnostic.js';
import type { FileFacts } from '../src/model/file.js';
import type { FileOutcome } from '../src/model/job.js';
import type { ToolUse } from '../src/model/tool-use.js';
import { readArguments } from '../src/tools/eslint/flags.js';
import { optionsOf } from '../src/tools/eslint/scope.js';
import { eslint } from '../src/tools/eslint.js';
import { createProjectView } from '../src/tools/project-view.js';
import { ToolFault } from '../src/tools/tool-fault.js';
import type { Detection, Engine, SourceText, Transformed } from '../src/tools/tool.js';
import { read, temporaryFolder, type Tree, writeTree } from './rig.js';

const ESLINT = dirname(createRequire(import.meta.url).resolve('eslint/package.json'));

interface World {
  readonly root: string;
  readonly files: readonly FileFacts[];
  readonly detection: Detection;
}

async function world(tree: Tree): Promise<World> {
  const root = temporaryFolder(tree);
  const paths = Object.keys(tree).filter((path) => !path.includes('node_modules/'));
  const files = paths.map((path): FileFacts => {
    const language = /\.[cm]?js$/.test(path) ? 'javascript' : path.endsWith('.ts') ? 'typescript' : null;
    return { path, hash: path, size: 0, language, package: '' };
  });
  const packages = paths
    .filter((path) => path === 'package.json' || path.endsWith('/package.json'))
    .map((path) => {
      const manifest = JSON.parse(read(root, path)) as Record<string, unknown>;
      return { dir: path.replace(/\/?package\.json$/, ''), name: null, manifest };
    });
  const detection = await eslint.detect(createProjectView({ root, config: defaultConfig(), files, packages }));
  return { root, files, detection };
}

function onlyUse({ detection }: World): ToolUse {
  expect(detection.uses).toHaveLength(1);
  return detection.uses[0]!;
}

async function open(where: World): Promise<{ engine: Engine; texts: SourceText[] }> {
  const use = onlyUse(where);
  const engine = await eslint.open(use, {
    root: where.root,
    stateFolder: join(where.root, '.quality'),
    timeoutMs: 60_000,
  });
  const taken = where.files.filter((file) => eslint.takes(use, file));
  return { engine, texts: taken.map(({ path }) => source(where.root, path, read(where.root, path))) };
}

function source(root: string, path: string, text: string): SourceText {
  return { path, absolutePath: join(root, path), hash: path, text, virtual: false };
}

async function check(where: World): Promise<Map<string, FileOutcome>> {
  const { engine, texts } = await open(where);
  const { files } = await engine.check!(texts);
  return new Map(files.map((outcome) => [outcome.path, outcome]));
}

async function transform(where: World): Promise<Map<string, Transformed>> {
  const { engine, texts } = await open(where);
  const results = await engine.transform!(texts);
  return new Map(texts.map(({ path }, at) => [path, results[at]!]));
}

async function faultOf(work: Promise<unknown>): Promise<ToolFault['failure']> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ToolFault);
  return (error as ToolFault).failure;
}

interface CliResult {
  readonly filePath: string;
  readonly messages: readonly {
    readonly ruleId: string | null;
    readonly severity: number;
    readonly message: string;
    readonly line?: number;
    readonly column?: number;
  }[];
}

/** What ESLint's own command says of each file, as short lines. */
function commandLine(root: string, args: readonly string[]): Record<string, string[]> {
  const result = spawnSync(process.execPath, [join(ESLINT, 'bin/eslint.js'), ...args, '-f', 'json'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(result.stderr).toBe('');
  const results = JSON.parse(result.stdout) as CliResult[];
  return Object.fromEntries(
    results.map(({ filePath, messages }) => [
      relative(root, filePath),
      messages.map((one) => `${one.line ?? 0}:${one.column ?? 0} ${one.severity} ${one.ruleId ?? '-'} ${one.message}`),
    ]),
  );
}

function line({ start, severity, rule, message }: Diagnostic): string {
  return `${start?.line ?? 0}:${start?.column ?? 0} ${severity === 'error' ? 2 : 1} ${rule ?? '-'} ${message}`;
}

function asLines(outcomes: ReadonlyMap<string, FileOutcome>): Record<string, string[]> {
  const done = [...outcomes.values()].filter(({ status }) => status === 'done');
  return Object.fromEntries(done.map(({ path, diagnostics }) => [path, diagnostics.map(line)]));
}

const sorted = (record: Record<string, string[]>): [string, string[]][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const manifest = (content: object): string => JSON.stringify(content);

/** Rules with every kind of answer: error, warning, with a fix, without; and one that throws where it is asked to. */
const CONFIG = `const house = { rules: { house: {
  meta: { fixable: 'code', schema: [], docs: { url: 'https://example.invalid/house' } },
  create: (context) => ({ Identifier(node) {
    if (node.name === 'boom') throw new Error('the house fell down');
    if (node.name === 'old') context.report({ node, message: 'too old', fix: (fixer) => fixer.replaceText(node, 'fresh') });
  } }) } } };
export default [
  { ignores: ['out/', 'samples/'] },
  { plugins: { house }, rules: { 'house/house': 'error', semi: ['error', 'always'], 'no-var': 'warn', 'no-debugger': 'error' } },
];
`;

describe('detection', () => {
  it('needs a config or a script, and says so', async () => {
    const none = await world({ 'a.js': '', 'package.json': '{}' });
    expect(none.detection.uses).toEqual([]);
    expect(none.detection.skips).toEqual([
      {
        tool: 'eslint',
        root: '',
        wanted: false,
        reason: 'no ESLint configuration and no script that calls it',
        hint: 'npm init @eslint/config',
      },
    ]);
    const noScripts = await world({ 'a.py': '' });
    expect(noScripts.detection).toEqual({ uses: [], skips: [] });
    const wrapper = await world({ 'a.js': '', 'package.json': manifest({ devDependencies: { standard: '17' } }) });
    expect(wrapper.detection.skips[0]?.reason).toContain('standard');
  });

  it('takes the bundled ESLint where the project has none', async () => {
    const use = onlyUse(await world({ 'eslint.config.js': CONFIG, 'a.js': '' }));
    expect(use).toMatchObject({ id: 'eslint@', origin: 'bundled', root: '', scope: null, roles: ['lint', 'format'] });
    expect(use.version).toMatch(/^10\./);
    expect(use.configFiles).toEqual(['eslint.config.js']);
  });

  it('wants what is declared and not installed', async () => {
    const { detection } = await world({
      'eslint.config.js': CONFIG,
      'package.json': manifest({ devDependencies: { eslint: '^9' } }),
      'pnpm-lock.yaml': '',
    });
    expect(detection.uses).toEqual([]);
    expect(detection.skips).toMatchObject([{ wanted: true, hint: 'pnpm install' }]);
  });

  it('does not read eslintrc with an ESLint that cannot', async () => {
    const { detection } = await world({ '.eslintrc.json': '{}', 'a.js': '' });
    expect(detection.uses).toEqual([]);
    expect(detection.skips).toMatchObject([{ wanted: true, hint: 'npm install --save-dev eslint@8' }]);
  });

  const installed = (version: string): Tree => ({
    'node_modules/eslint/package.json': manifest({ name: 'eslint', version }),
    'package.json': manifest({ devDependencies: { eslint: version } }),
  });
  const modes: readonly (readonly [version: string, tree: Tree, mode: string])[] = [
    ['10.2.0', { '.eslintrc': '', 'eslint.config.js': '' }, 'flat'],
    ['9.39.5', { 'eslint.config.ts': '' }, 'flat'],
    ['9.39.5', { '.eslintrc': '' }, 'legacy'],
    ['9.39.5', { '.eslintrc': '', 'eslint.config.js': '' }, 'flat'],
    ['8.57.1', { '.eslintrc': '', 'eslint.config.js': '' }, 'flat'],
    ['8.57.1', { '.eslintrc': '', 'eslint.config.mjs': '' }, 'flat'],
    ['8.40.0', { '.eslintrc': '', 'eslint.config.mjs': '' }, 'legacy'],
    ['8.57.1', { '.eslintrc': '' }, 'legacy'],
    ['8.10.0', { '.eslintrc': '', 'eslint.config.js': '' }, 'legacy'],
    ['7.32.0', { '.eslintrc': '' }, 'legacy'],
    ['6.8.0', { '.eslintrc': '' }, 'command-line'],
  ];
  it.each(modes)('of ESLint %s with %j is %s', async (version, tree, mode) => {
    const use = onlyUse(await world({ ...installed(version), ...tree }));
    expect(use).toMatchObject({ version, origin: 'project' });
    expect(optionsOf(use).mode).toBe(mode);
  });

  it('obeys ESLINT_USE_FLAT_CONFIG in the script', async () => {
    const scripts = { lint: 'ESLINT_USE_FLAT_CONFIG=false eslint .' };
    const tree = { ...installed('9.39.5'), 'eslint.config.js': '', '.eslintrc': '' };
    const use = onlyUse(await world({ ...tree, 'package.json': manifest({ scripts }) }));
    expect(optionsOf(use)).toMatchObject({ mode: 'legacy', calls: [{ env: { ESLINT_USE_FLAT_CONFIG: 'false' } }] });
  });

  it('gives packages their own use, and leaves a root that delegates', async () => {
    const member = (lint: string): string => manifest({ scripts: { lint } });
    const tree = {
      'eslint.config.js': CONFIG,
      'package.json': manifest({ workspaces: ['packages/*'], scripts: { lint: 'npm run lint --workspaces' } }),
      'packages/a/package.json': member('eslint src'),
      'packages/a/src/a.js': '',
      'packages/b/package.json': member('eslint .'),
      'packages/c/package.json': '{}',
      'test/fixtures/sample/package.json': member('eslint .'),
    };
    const { detection, files } = await world(tree);
    expect(detection.uses.map(({ id, scope }) => [id, scope?.include])).toEqual([
      ['eslint@packages/a', ['src']],
      ['eslint@packages/b', []],
    ]);
    const [a] = detection.uses;
    expect(files.filter((file) => eslint.takes(a!, file)).map(({ path }) => path)).toEqual(['packages/a/src/a.js']);
    expect(a!.configFiles).toContain('eslint.config.js');

    const whole = await world({ ...tree, 'package.json': manifest({ scripts: { lint: 'eslint .' } }) });
    expect(whole.detection.uses.map(({ id }) => id)).toEqual(['eslint@', 'eslint@packages/a', 'eslint@packages/b']);
  });

  it('uses a package with a config where the root has none', async () => {
    const { detection } = await world({
      'package.json': '{}',
      'web/package.json': '{}',
      'web/eslint.config.mjs': CONFIG,
      'web/a.js': '',
    });
    expect(detection.uses.map(({ id }) => id)).toEqual(['eslint@web']);
  });

  it('leaves out an example beside the project whose own ESLint is not installed', async () => {
    const lint = { scripts: { lint: 'eslint .' } };
    const tree = {
      'eslint.config.js': CONFIG,
      'package.json': manifest(lint),
      'examples/demo/package.json': manifest({ ...lint, devDependencies: { eslint: '^9.0.0' } }),
      'examples/demo/eslint.config.js': CONFIG,
      'examples/demo/a.js': '',
    };
    expect((await world(tree)).detection.uses.map(({ id }) => id)).toEqual(['eslint@']);
    const own = { 'examples/demo/node_modules/eslint/package.json': manifest({ name: 'eslint', version: '9.0.0' }) };
    const { detection } = await world({ ...tree, ...own });
    expect(detection.uses.map(({ id }) => id)).toEqual(['eslint@', 'eslint@examples/demo']);
  });

  it('lints each project of Nx by its own config, the rest by that of the root', async () => {
    const { detection, files } = await world({
      'package.json': '{}',
      'nx.json': '{}',
      'eslint.config.js': CONFIG,
      'a.js': '',
      'libs/b/project.json': '{}',
      'libs/b/eslint.config.js': CONFIG,
      'libs/b/b.js': '',
    });
    expect(detection.uses.map(({ id }) => id)).toEqual(['eslint@', 'eslint@libs/b']);
    expect(files.map(({ path }) => path)).toContain('libs/b/b.js');
  });

  it('finds the files that a config names', async () => {
    const use = onlyUse(
      await world({
        'eslint.config.js': 'import \'./config/rules.js\'; export { default } from "./config";',
        'config/rules.js': "import '../shared.ts'",
        'config/index.js': '',
        'shared.ts': '',
        'other.js': '',
        'package-lock.json': '{}',
      }),
    );
    expect(use.configFiles).toEqual([
      'config/index.js',
      'config/rules.js',
      'eslint.config.js',
      'package-lock.json',
      'shared.ts',
    ]);
  });
});

describe('the scope', () => {
  const scope = async (scripts: Record<string, string>, more: Tree = {}): Promise<unknown> => {
    const tree = { 'eslint.config.js': CONFIG, 'src/a.js': '', 'test/b.js': '', 'x.js': '', ...more };
    const use = onlyUse(await world({ ...tree, 'package.json': manifest({ scripts }) }));
    return optionsOf(use).calls.map(({ flags, patterns }) => [
      patterns.map(({ kind, path }) => `${kind} ${path}`),
      ...flags,
    ]);
  };
  const rows: readonly (readonly [scripts: Record<string, string>, calls: unknown])[] = [
    [{ lint: 'eslint .' }, [[['folder ']]]],
    [{ lint: 'eslint' }, [[['folder ']]]],
    [{ lint: 'eslint src/ ./x.js "test/**/*.js"' }, [[['folder src', 'file x.js', 'glob test/**/*.js']]]],
    [{ lint: 'eslint src', 'lint:fix': 'eslint . --fix' }, [[['folder src']]]],
    [{ lint: 'eslint src --fix' }, [[['folder src']]]],
    [{ fix: 'eslint --fix src' }, [[['folder src']]]],
    [{ 'lint:test': 'eslint test', lint: 'eslint src --quiet' }, [[['folder src'], '--quiet'], [['folder test']]]],
    [
      { lint: 'eslint src -f json --cache --max-warnings=0 -c x.js' },
      [[['folder src'], '--max-warnings=0', '-c', 'x.js']],
    ],
    [{ info: 'eslint --print-config x.js', lint: 'eslint src' }, [[['folder src']]]],
    [{ changed: 'eslint $FILES', lint: 'eslint src' }, [[['folder src']]]],
    [{ build: 'eslint src && tsc' }, [[['folder src']]]],
  ];
  it.each(rows)('of %j', async (scripts, calls) => {
    expect(await scope(scripts)).toEqual(calls);
  });

  it('is a lint-staged list where no script calls ESLint', async () => {
    const where = await world({
      'eslint.config.js': CONFIG,
      'package.json': manifest({ 'lint-staged': { '*.js': 'eslint --fix' } }),
      'deep/a.js': '',
      'a.ts': '',
    });
    const use = onlyUse(where);
    expect(use.scope).toEqual({ from: 'package.json lint-staged', include: ['*.js'], exclude: [] });
    expect(where.files.filter((file) => eslint.takes(use, file)).map(({ path }) => path)).toEqual([
      'eslint.config.js',
      'deep/a.js',
    ]);
  });

  it('shows what it does not know', async () => {
    const use = onlyUse(
      await world({ 'eslint.config.js': CONFIG, 'package.json': manifest({ scripts: { lint: 'eslint --wonder .' } }) }),
    );
    expect(use.evidence).toContain('flags that ESLint may not know: --wonder');
  });

  it('never loses a word of a command line', () => {
    const word = fc.constantFrom(
      'src',
      'a b',
      '--ext',
      '.js',
      '--quiet',
      '-c',
      'x',
      '--rule=a:1',
      '--no-ignore',
      '--foo',
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const { patterns, flags } = readArguments(words);
        expect([...patterns, ...flags].sort()).toEqual([...words].sort());
      }),
    );
  });
});

const PROJECT: Tree = {
  'eslint.config.js': CONFIG,
  'src/good.js': 'export const a = 1;\n',
  'src/bad.js': 'var old = 1\nold\ndebugger;\n',
  'src/broken.js': 'const = 1;\n',
  'src/quiet.js': '/* eslint-disable no-debugger */\ndebugger;\n// eslint-disable-next-line no-var\nlet x = 1;\nx();\n',
  'src/with space & "quotes".js': 'old\n',
  'src/.dotted.js': 'old;\n',
  'src/a.md': 'var old = 1\n',
  'out/built.js': 'var old = 1\n',
  'samples/eslint.config.js': 'export default [{ rules: { "no-var": "error" } }];\n',
  'samples/s.js': 'var old = 1\n',
  'inner/eslint.config.js': 'export default [{ rules: { "no-empty": "error" } }];\n',
  'inner/i.js': 'if (1) {}\nvar old = 1\n',
  'types/t.ts': 'old\n',
};

describe('findings', () => {
  const rows = [
    ['eslint .'],
    ['eslint src'],
    ['eslint "src/*.js" inner'],
    ['eslint . --quiet'],
    ['eslint . --ext .ts --ignore-pattern inner --report-unused-disable-directives'],
    ['eslint src --rule "no-console: 0" --rule "{\\"no-undef\\": 1}" --global old --no-inline-config'],
    ['eslint src --no-config-lookup --rule no-var:2'],
    ['eslint src samples -c samples/eslint.config.js'],
  ] as const;
  it.each(rows)('equal those of %s', async (script) => {
    const where = await world({ ...PROJECT, 'package.json': manifest({ type: 'module', scripts: { lint: script } }) });
    // The shell that npm uses is asked to split the words, so that nothing of ours is trusted with it.
    const split = spawnSync('sh', ['-c', `for word in ${script}; do printf '%s\\0' "$word"; done`], {
      cwd: where.root,
    });
    const args = split.stdout.toString().split('\0').slice(1, -1);
    const ours = asLines(await check(where));
    const isTold = ([, messages]: [string, string[]]): boolean => !script.includes('--quiet') || messages.length > 0;
    expect(sorted(ours).filter(isTold)).toEqual(sorted(commandLine(where.root, args)));
    expect(Object.values(ours).flat().length).toBeGreaterThan(0);
  });

  it('carry place, address and whether they can be mended', async () => {
    const outcomes = await check(await world({ ...PROJECT, 'package.json': '{"type":"module"}' }));
    expect(outcomes.get('src/with space & "quotes".js')?.diagnostics[0]).toEqual({
      tool: 'eslint',
      rule: 'house/house',
      severity: 'error',
      message: 'too old',
      path: 'src/with space & "quotes".js',
      start: { line: 1, column: 1 },
      end: { line: 1, column: 4 },
      url: 'https://example.invalid/house',
      fixable: true,
    });
    expect(outcomes.get('src/broken.js')).toMatchObject({ status: 'done', settled: true });
    expect(outcomes.get('src/broken.js')?.diagnostics).toMatchObject([{ rule: null, severity: 'error' }]);
    expect(outcomes.get('src/good.js')).toMatchObject({ status: 'done', settled: true, diagnostics: [] });
    expect(outcomes.get('src/bad.js')).toMatchObject({ settled: false });
    for (const path of ['out/built.js', 'samples/s.js', 'src/a.md', 'types/t.ts']) {
      expect(outcomes.get(path), path).toMatchObject({ status: 'ignored', diagnostics: [] });
    }
  });

  it('are not looked for in samples that the root leaves out, where a list of staged files is all that calls ESLint', async () => {
    const staged = manifest({ type: 'module', 'lint-staged': { '*.js': 'eslint --fix' } });
    const broken = { 'samples/eslint.config.js': 'throw new Error("for a test");\n' };
    const outcomes = await check(await world({ ...PROJECT, ...broken, 'package.json': staged }));
    expect(outcomes.get('samples/s.js')).toMatchObject({ status: 'ignored', diagnostics: [] });
    expect(outcomes.get('inner/i.js')?.diagnostics).toHaveLength(1);
  });

  it('are those of the text that is given, not of the disk', async () => {
    const where = await world({ 'eslint.config.js': CONFIG, 'a.js': 'old;\n' });
    const { engine } = await open(where);
    const text = { ...source(where.root, 'a.js', 'fresh;\n'), virtual: true };
    expect((await engine.check!([text])).files[0]).toMatchObject({ status: 'done', diagnostics: [] });
  });

  it('leave out what the suppressions file counts', async () => {
    const where = await world({
      'eslint.config.js': CONFIG,
      'eslint-suppressions.json': manifest({
        'a.js': { 'no-debugger': { count: 2 } },
        'b.js': { 'no-debugger': { count: 1 } },
      }),
      'a.js': 'debugger;\ndebugger;\n',
      'b.js': 'debugger;\ndebugger;\n',
    });
    const ours = asLines(await check(where));
    expect(ours['a.js']).toEqual([]);
    expect(ours['b.js']).toHaveLength(2);
    expect(sorted(ours)).toEqual(sorted(commandLine(where.root, ['.'])));
  });

  it('see the environment of the script, and put it back', async () => {
    const where = await world({
      'eslint.config.js': `export default [{ rules: { 'no-debugger': process.env.STRICT_HOUSE === '1' ? 2 : 0 } }];`,
      'package.json': manifest({ scripts: { lint: 'STRICT_HOUSE=1 eslint . --max-warnings 3' } }),
      'a.js': 'debugger;\n',
    });
    expect(asLines(await check(where))['a.js']).toHaveLength(1);
    expect(process.env.STRICT_HOUSE).toBeUndefined();
    expect(onlyUse(where).options.maxWarnings).toBe(3);
  });
});

describe('rules that need types', () => {
  const typed = (): Tree => ({
    'package.json': manifest({ type: 'module', scripts: { lint: 'eslint .' } }),
    'node_modules/typescript-eslint': { link: join(dirname(ESLINT), 'typescript-eslint') },
    'tsconfig.json': manifest({
      compilerOptions: { strict: true, module: 'nodenext', lib: ['es2015'], types: [] },
      include: ['*.ts'],
    }),
    'eslint.config.js': `import tseslint from 'typescript-eslint';
export default [{
  files: ['**/*.ts'],
  languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: { '@typescript-eslint/await-thenable': 'error' },
}];
`,
    'a.ts': "import { b } from './b.js';\nexport const a = async () => await b();\n",
    'b.ts': 'export const b = async () => 1;\n',
  });
  const rules = (outcomes: readonly FileOutcome[]): (string | null)[] =>
    outcomes.flatMap(({ diagnostics }) => diagnostics.map(({ rule }) => rule));

  it('see what other files have become since the job before', async () => {
    const { root, ...where } = await world(typed());
    const { engine, texts } = await open({ root, ...where });
    expect(rules((await engine.check!(texts)).files)).toEqual([]);
    writeTree(root, { 'b.ts': 'export const b = () => 1;\n' });
    const changed = texts.map((text) =>
      text.path === 'b.ts' ? { ...text, hash: 'other', text: read(root, 'b.ts') } : text,
    );
    expect(rules((await engine.check!(changed)).files)).toEqual(['@typescript-eslint/await-thenable']);
  });

  it('run in the process that the command line would be, and fixes in one that goes on', async () => {
    const seen = `export default [{ rules: {}, plugins: { spy: { rules: { spy: { create: (context) => ({ Program(node) {
      context.report({ node, message: process.argv.slice(1).join(' ').replace(/^.*(?=node_modules)/, '') + ' ' + process.env.TSESTREE_SINGLE_RUN });
    } }) } } } } }, { rules: { 'spy/spy': 'error' } }];`;
    const where = await world({
      'package.json': manifest({ type: 'module', scripts: { lint: 'eslint --report-unused-disable-directives .' } }),
      'eslint.config.js': seen,
      'a.js': '',
    });
    const { engine, texts } = await open(where);
    const said = async (files: SourceText[]): Promise<string | undefined> =>
      (await engine.check!(files)).files.at(-1)?.diagnostics[0]?.message;
    const before = process.argv;
    expect(await said(texts)).toBe('node_modules/eslint/bin/eslint.js --report-unused-disable-directives undefined');
    const virtual = texts.map((text) => ({ ...text, virtual: true }));
    expect(await said(virtual)).toBe(
      'node_modules/eslint/bin/eslint.js --report-unused-disable-directives --fix false',
    );
    expect(process.argv).toBe(before);
  });

  it('are told of each use by its own programs, in any order', async () => {
    const first = await open(await world(typed()));
    const second = await open(await world({ ...typed(), 'b.ts': 'export const b = () => 1;\n' }));
    for (const { engine, texts } of [first, second, first]) await engine.check!(texts);
    expect(rules((await first.engine.check!(first.texts)).files)).toEqual([]);
    expect(rules((await second.engine.check!(second.texts)).files)).toEqual(['@typescript-eslint/await-thenable']);
  });
});

describe('fixes', () => {
  it('equal those of eslint --fix, marks and line ends kept', async () => {
    const tree = {
      ...PROJECT,
      'package.json': manifest({ type: 'module', scripts: { lint: 'eslint .' } }),
      'src/bom.js': '\uFEFFold\r\nold\r\n',
    };
    const where = await world(tree);
    const ours = await transform(where);
    spawnSync(process.execPath, [join(ESLINT, 'bin/eslint.js'), '.', '--fix'], { cwd: where.root });
    for (const [path, { text }] of ours) expect(text, path).toBe(read(where.root, path));
    expect(ours.get('src/bom.js')).toEqual({ status: 'done', text: '\uFEFFfresh;\r\nfresh;\r\n' });
    expect(ours.get('out/built.js')).toEqual({ status: 'ignored', text: 'var old = 1\n' });
    expect(ours.get('src/broken.js')).toMatchObject({
      status: 'failed',
      text: 'const = 1;\n',
      failure: { kind: 'syntax-error', tool: 'eslint', path: 'src/broken.js' },
    });
  });

  it('are none where the check says that the file is settled', async () => {
    const where = await world({ 'eslint.config.js': CONFIG, 'a.js': '' });
    const { engine } = await open(where);
    const piece = fc.constantFrom(
      'old',
      'x',
      ';',
      '\n',
      'var y = 1',
      'debugger;',
      ' ',
      '}',
      '{',
      '// eslint-disable-line\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const file = source(where.root, 'a.js', pieces.join(''));
        const [outcome] = (await engine.check!([file])).files;
        const [fixed] = await engine.transform!([file]);
        expect(outcome?.settled === true).toBe(fixed?.text === file.text);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what goes wrong', () => {
  it('in one file is that file’s', async () => {
    const where = await world({ 'eslint.config.js': CONFIG, 'a.js': 'old;\n', 'b.js': 'boom;\n', 'c.js': 'old;\n' });
    const outcomes = await check(where);
    expect(outcomes.get('b.js')).toMatchObject({ status: 'failed', failure: { kind: 'tool-crashed', path: 'b.js' } });
    // Where it stopped is in the path, and what else it prints says nothing.
    expect(outcomes.get('b.js')?.failure?.detail).toBe('the house fell down\nRule: "house/house"');
    expect(outcomes.get('a.js')?.diagnostics).toHaveLength(1);
    expect(outcomes.get('c.js')?.diagnostics).toHaveLength(1);
    expect((await transform(where)).get('b.js')).toMatchObject({ status: 'failed', text: 'boom;\n' });
  });

  it('in one file after the other is each one’s, and the fixer’s as a whole: other tools go on without it', async () => {
    const crashing = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.js`, 'boom;\n']));
    const where = await world({ 'eslint.config.js': CONFIG, ...crashing, 'e.js': 'old;\n' });
    const outcomes = await check(where);
    expect(['a', 'd', 'e'].map((name) => outcomes.get(`${name}.js`)?.status)).toEqual(['failed', 'failed', 'done']);
    const failure = await faultOf(transform(where));
    expect(failure).toEqual({
      kind: 'tool-crashed',
      tool: 'eslint',
      message: 'ESLint crashed',
      detail: 'the house fell down\nRule: "house/house"',
    });
  });

  const configs: readonly (readonly [what: string, tree: Tree, words: string])[] = [
    ['a config that throws', { 'eslint.config.js': 'throw new Error("not today");' }, 'not today'],
    ['a config that does not parse', { 'eslint.config.js': 'export default [' }, 'Unexpected'],
    [
      'a plugin that is not there',
      { 'eslint.config.js': 'import "eslint-plugin-nowhere"; export default [];' },
      'eslint-plugin-nowhere',
    ],
    ['a rule that does not exist', { 'eslint.config.js': 'export default [{ rules: { nonsense: 2 } }];' }, 'nonsense'],
    [
      'a flag that ESLint refuses',
      { 'package.json': manifest({ scripts: { lint: 'eslint --wonder .' } }), 'eslint.config.js': CONFIG },
      'wonder',
    ],
    ['no config at all', { 'package.json': manifest({ scripts: { lint: 'eslint .' } }) }, 'config'],
  ];
  it.each(configs)('with %s is said once, in ESLint’s own words', async (_, tree, words) => {
    const failure = await faultOf(check(await world({ ...tree, 'a.js': '', 'b.js': '' })));
    expect(failure).toMatchObject({ kind: 'tool-config', tool: 'eslint' });
    expect(failure.detail).toContain(words);
  });

  it('is not hidden by an abort', async () => {
    const where = await world({ 'eslint.config.js': CONFIG, 'a.js': '' });
    const engine = await eslint.open(onlyUse(where), {
      root: where.root,
      stateFolder: '',
      timeoutMs: 1,
      signal: AbortSignal.abort(new Error('stop')),
    });
    await expect(engine.check!([source(where.root, 'a.js', '')])).rejects.toThrow('stop');
  });
});
