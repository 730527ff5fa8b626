import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../src/config/schema.js';
import { DEFAULT_CONFIG } from '../src/config/default.js';
import { hashBytes } from '../src/host/hash.js';
import type { JobOutcome } from '../src/model/job.js';
import type { ToolUse } from '../src/model/tool-use.js';
import { type Preset, presetTool, presetTools } from '../src/tools/presets.js';
import { toolInLink } from '../src/tools/presets/signs.js';
import { tomlSection, tomlString, tomlStrings } from '../src/tools/presets/toml.js';
import { createProjectView } from '../src/tools/project-view.js';
import { ToolFault } from '../src/tools/tool-fault.js';
import type { Detection, ProjectView, SourceText, Tool, Transformed } from '../src/tools/tool.js';
import { openWorkspace } from '../src/workspace/workspace.js';
import { type Tree, read, repository, temporaryFolder, writeTree } from './rig.js';

process.env.PATH = `${process.env.PATH ?? ''}${delimiter}${process.env.HOME ?? ''}/.cargo/bin`;

/** Absent on this machine? Then the tests of that tool are skipped, and their title says which one it is. */
function lacks(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
}

async function viewOf(root: string, config: Partial<Config> = {}): Promise<ProjectView> {
  const whole = { ...DEFAULT_CONFIG, ...config };
  const workspace = await openWorkspace({ root, config: whole });
  if (!workspace.ok) throw new Error(workspace.failure.message);
  const { files, packages } = workspace.value;
  return createProjectView({ root, config: whole, files, packages });
}

function named(name: string): Tool {
  const tool = presetTools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no preset is called ${name}`);
  return tool;
}

async function detect(name: string, tree: Tree, config: Partial<Config> = {}): Promise<Detection> {
  return named(name).detect(await viewOf(temporaryFolder(tree), config));
}

function source(root: string, path: string, text?: string): SourceText {
  const content = text ?? read(root, path);
  const hash = hashBytes(Buffer.from(content));
  return { path, absolutePath: join(root, path), hash, text: content, virtual: text !== undefined };
}

interface Opened {
  readonly use: ToolUse;
  readonly files: readonly SourceText[];
  readonly transform: (files?: readonly SourceText[]) => Promise<readonly Transformed[]>;
  readonly check: (files?: readonly SourceText[]) => Promise<JobOutcome>;
}

/** The tool as the project uses it, with all the files that it takes. */
async function open(
  tool: Tool,
  root: string,
  more: { config?: Partial<Config>; timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Opened> {
  const view = await viewOf(root, more.config);
  const { uses, skips } = await tool.detect(view);
  const [use] = uses;
  if (use === undefined) throw new Error(`${tool.name} is not used: ${JSON.stringify(skips)}`);
  const signal = more.signal === undefined ? {} : { signal: more.signal };
  const context = {
    root,
    stateFolder: join(root, '.quality/cache', tool.name),
    timeoutMs: more.timeoutMs ?? 60_000,
    ...signal,
  };
  const engine = await tool.open(use, context);
  const files = view.files.filter((file) => tool.takes(use, file)).map((file) => source(root, file.path));
  return {
    use,
    files,
    transform: async (some = files) => (await engine.transform?.(some)) ?? [],
    check: async (some = files) => (await engine.check?.(some)) ?? { files: [], diagnostics: [] },
  };
}

function snapshot(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/\.(?:git|quality)\//.test(path));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'latin1')]));
}

const NAMES = ['a b.', '-x.', '@y.', 'é😀.', 'q\'u"o.', 'sub/n.', '[z].', 'line\nbreak.'];

/** What a formatter does to each file must be what its own command does in place, and nothing may be written. */
async function sameAsOwnCommand(
  name: string,
  tree: Tree,
  {
    extension,
    bad,
    good,
    command,
    config,
  }: { extension: string; bad: string; good: string; command: readonly string[]; config?: Partial<Config> },
): Promise<void> {
  const files = Object.fromEntries(NAMES.map((stem) => [`${stem}${extension}`, bad]));
  const root = repository({
    ...tree,
    ...files,
    [`good.${extension}`]: good,
    [`crlf.${extension}`]: bad.replaceAll('\n', '\r\n'),
  });
  const before = snapshot(root);
  const opened = await open(named(name), root, config === undefined ? {} : { config });
  const results = await opened.transform();
  expect(snapshot(root)).toEqual(before);
  expect(opened.files.length).toBe(NAMES.length + 2);
  const [program = '', ...args] = command;
  execFileSync(program, [...args, ...opened.files.map((file) => `./${file.path}`)], { cwd: root, stdio: 'ignore' });
  const own = Object.fromEntries(opened.files.map((file) => [file.path, read(root, file.path)]));
  expect(Object.fromEntries(opened.files.map((file, at) => [file.path, results[at]?.text]))).toEqual(own);
  expect(results.every((result) => result.status === 'done')).toBe(true);
  expect(own[`sub/n.${extension}`]).not.toBe(bad);
}

const CASES = {
  black: {
    tree: { 'pyproject.toml': '[tool.black]\nline-length = 40\nskip-string-normalization = true\n' },
    extension: 'py',
    bad: "x = {  'a':1, 'bbbbbbbbbbbbbbbb': 2, 'c': 33333 }\n",
    good: 'x = 1\n',
    command: ['black', '-q', '--'],
  },
  isort: {
    tree: { '.isort.cfg': '[settings]\nprofile=black\nforce_single_line=true\n' },
    extension: 'py',
    bad: 'import sys\nfrom os import path, sep\n\nx = 1\n',
    good: 'import os\n',
    command: ['isort', '-q', '--sp', '.', '--'],
  },
  ruff: {
    tree: { 'ruff.toml': 'line-length = 40\n[format]\nquote-style = "single"\n' },
    extension: 'py',
    bad: 'x = {  "a":1, "bbbbbbbbbbbbbbbb": 2, "c": 33333 }\n',
    good: 'x = 1\n',
    command: ['ruff', 'format', '-q', '--'],
  },
  'ruff-imports': {
    tree: { 'ruff.toml': '[lint]\nselect = ["E", "I"]\n[lint.isort]\nforce-single-line = true\n' },
    extension: 'py',
    bad: 'import sys\nfrom os import path, sep\n\nx   = 1\n',
    good: 'import os\n',
    command: ['ruff', 'check', '-q', '--select=I', '--fix', '--'],
  },
  gofmt: {
    tree: { 'go.mod': 'module m\n' },
    extension: 'go',
    bad: 'package m\nfunc  f( ){\n}\n',
    good: 'package m\n',
    command: ['gofmt', '-w'],
  },
  rustfmt: {
    tree: { 'rustfmt.toml': 'tab_spaces = 2\n', 'Cargo.toml': '[package]\nname="m"\nedition = "2021"\n' },
    extension: 'rs',
    bad: 'async fn  f( ){\nlet x=1;\n}\n',
    good: 'fn f() {}\n',
    command: ['rustfmt', '--edition', '2021'],
  },
  shfmt: {
    tree: {
      '.editorconfig': 'root = true\n[*.sh]\nindent_style = space\nindent_size = 3\nswitch_case_indent = true\n',
    },
    extension: 'sh',
    bad: 'if   true ; then\necho  a\nfi\n',
    good: 'echo a\n',
    command: ['shfmt', '-w'],
  },
} as const;

describe('formatters do what their own command does, file by file', () => {
  for (const [name, { tree, ...rest }] of Object.entries(CASES)) {
    const [program] = rest.command;
    it.skipIf(lacks(program))(`${name} (needs ${program})`, () => sameAsOwnCommand(name, tree, rest));
  }

  for (const [name, { tree, extension, bad, command }] of Object.entries(CASES)) {
    const [program] = command;
    it.skipIf(lacks(program))(`${name}: a text that is not on disk, its second round (needs ${program})`, async () => {
      const root = repository({ ...tree, [`x.${extension}`]: bad });
      const { transform } = await open(named(name), root);
      const [onDisk] = await transform([source(root, `x.${extension}`)]);
      const [virtual] = await transform([source(root, `x.${extension}`, bad)]);
      expect(virtual?.text).toBe(onDisk?.text);
      expect(virtual?.text).not.toBe(bad);
      const [again] = await transform([source(root, `x.${extension}`, virtual?.text)]);
      expect(again?.text).toBe(virtual?.text);
    });
  }
});

describe('a file with a syntax error is that file’s failure', () => {
  const broken = {
    black: ['py', 'def f(:\n', 'x=1\n'],
    ruff: ['py', 'def f(:\n', 'x=1\n'],
    gofmt: ['go', 'package m\nfunc {\n', 'package m\nvar  x = 1\n'],
    rustfmt: ['rs', 'fn f( {\n', 'fn  f(){}\n'],
    shfmt: ['sh', 'if true; then\n', 'echo   x\n'],
  } as const;
  for (const [name, [extension, bad, fine]] of Object.entries(broken)) {
    it.skipIf(lacks(name))(`${name} (needs ${name})`, async () => {
      const root = repository({
        ...CASES[name as keyof typeof broken].tree,
        [`a.${extension}`]: bad,
        [`b.${extension}`]: fine,
      });
      const { transform } = await open(named(name), root);
      const [first, second] = await transform();
      expect(first).toMatchObject({
        status: 'failed',
        text: bad,
        failure: { kind: 'syntax-error', path: `a.${extension}` },
      });
      expect(first?.diagnostics?.[0]).toMatchObject({ path: `a.${extension}`, severity: 'error' });
      expect(second?.status).toBe('done');
      expect(second?.text).not.toBe(fine);
    });
  }
});

describe('Black', () => {
  it.skipIf(lacks('black'))('leaves out what its configuration excludes (needs black)', async () => {
    const bad = 'x=1\n';
    const root = repository({
      'pyproject.toml': `[tool.black]\nextend-exclude = '''\n(\n  ^/gen/  # made\n  | _pb2\\.py$\n)\n'''\nexclude = "old dir"\n`,
      'gen/a.py': bad,
      'b_pb2.py': bad,
      'old dir/c.py': bad,
      'pkg/gen/d.py': bad,
      'e.py': bad,
    });
    const opened = await open(named('black'), root);
    const results = await opened.transform();
    const changed = opened.files.filter((file, at) => results[at]?.text !== file.text).map((file) => file.path);
    expect(changed).toEqual(['e.py', 'pkg/gen/d.py']);
    const virtual = await opened.transform(opened.files.map((file) => ({ ...file, virtual: true })));
    expect(virtual.map((result) => result.text)).toEqual(results.map((result) => result.text));
  });

  it.skipIf(lacks('black'))('takes the flags of the project’s own call, and its folders (needs black)', async () => {
    const root = repository({
      Makefile: 'fmt:\n\tblack -S -l 60 src setup.py\n',
      'src/a.py': "x = 'a'\n",
      'setup.py': "x = 'a'\n",
      'other/b.py': "x = 'a'\n",
    });
    const { use, files, transform } = await open(named('black'), root);
    expect(use.options.flags).toEqual(['-S', '-l', '60']);
    expect(use.scope).toEqual({ from: 'Makefile fmt', include: ['setup.py', 'src'], exclude: [] });
    expect(files.map((file) => file.path)).toEqual(['setup.py', 'src/a.py']);
    expect((await transform())[1]?.text).toBe("x = 'a'\n");
  });
});

describe('Ruff', () => {
  /** What `ruff format --check` prints about b.py, as a program that stands for it. */
  const formatting = (version: string, list: string): Record<string, string> => ({
    '.venv/bin/ruff': `#!/bin/sh
case "$*" in
--version) echo ruff ${version};;
*--stdin-filename*) sed 's/  */ /g';;
*) ${list}; exit 1;;
esac
`,
  });
  const FULL =
    "printf 'unformatted: File would be reformatted\\n --> b.py:1:1\\n  |\\n  - x  = 1\\n1 + x = 1\\n  |\\n\\n1 file would be reformatted\\n'";
  const CONCISE =
    "printf 'b.py:1:1: unformatted: File would be reformatted\\n1 file would be reformatted, 1 file already formatted\\n'";
  const NAMES_ONLY = "printf 'Would reformat: b.py\\n1 file would be reformatted, 1 file already formatted\\n'";

  it.each([
    ['0.16', formatting('0.16.9', `if test "$RUFF_OUTPUT_FORMAT" = concise; then ${CONCISE}; else ${FULL}; fi`)],
    [
      '0.6, which has no output format',
      formatting('0.6.9', `case "$*" in *output-format*) exit 2;; esac; ${NAMES_ONLY}`),
    ],
  ])('formats what Ruff %s lists', async (_, program) => {
    const root = temporaryFolder({ ...program, 'ruff.toml': '[format]\n', 'a.py': 'x = 1\n', 'b.py': 'x  = 1\n' });
    chmodSync(join(root, '.venv/bin/ruff'), 0o755);
    const { transform } = await open(named('ruff'), root);
    expect((await transform()).map(({ status, text }) => [status, text])).toEqual([
      ['done', 'x = 1\n'],
      ['done', 'x = 1\n'],
    ]);
  });

  it.skipIf(lacks('ruff'))('finds what its own command finds, syntax errors too (needs ruff)', async () => {
    const root = repository({
      'ruff.toml': '[lint]\nselect = ["E", "F", "I"]\n',
      'a.py': 'import sys\nimport os\n\nx = "é😀"; y = 1\n',
      'broken.py': 'def f(:\n',
      'ok.py': 'x = 1\n',
    });
    const { files } = await (await open(named('ruff-check'), root)).check();
    const ours = files.flatMap(({ diagnostics }) => diagnostics);
    const shown = ours.map((one) => `${String(one.path)}:${String(one.start?.line)} ${String(one.rule)}`).sort();
    expect(shown.slice(0, 4)).toEqual(['a.py:1 F401', 'a.py:1 I001', 'a.py:2 F401', 'a.py:4 E702']);
    // Its columns are characters; ours are UTF-16 units.
    expect(ours.find(({ rule }) => rule === 'E702')?.start).toEqual({ line: 4, column: 10 });
    expect(shown.slice(4).every((one) => one.startsWith('broken.py:'))).toBe(true);
    expect(shown.length).toBeGreaterThan(4);
  });
});

describe.skipIf(lacks('shellcheck'))('ShellCheck (needs shellcheck)', () => {
  const tree = {
    '.shellcheckrc': 'disable=SC2034\n',
    '-a b.sh': '#!/bin/bash\nx=1\n\techo 😀 $1\n',
    'ok.sh': '#!/bin/sh\necho "$1"\n',
  };

  it('finds what its own command finds, with columns in UTF-16 units', async () => {
    const { check } = await open(named('shellcheck'), repository(tree));
    const { files, diagnostics } = await check();
    expect(diagnostics).toEqual([]);
    expect(
      files.map((file) => [file.path, file.diagnostics.map((one) => [one.rule, one.severity, one.start, one.end])]),
    ).toEqual([
      ['-a b.sh', [['SC2086', 'info', { line: 3, column: 10 }, { line: 3, column: 12 }]]],
      ['ok.sh', []],
    ]);
  });

  it('looks at texts that are not on disk in a scratch copy, and leaves the target alone', async () => {
    const root = repository(tree);
    const before = snapshot(root);
    const { check } = await open(named('shellcheck'), root);
    const { files } = await check([source(root, '-a b.sh'), source(root, 'ok.sh', '#!/bin/sh\nx=2\necho $1\n')]);
    expect(files.map((file) => file.diagnostics.map((one) => `${String(one.path)} ${String(one.rule)}`))).toEqual([
      ['-a b.sh SC2086'],
      ['ok.sh SC2086'],
    ]);
    expect(snapshot(root)).toEqual(before);
  });
});

describe.skipIf(lacks('cargo-clippy'))('clippy (needs cargo-clippy)', () => {
  it('finds what the compiler says, and writes neither a lock file nor a build folder', async () => {
    const root = repository({
      'clippy.toml': '',
      'Cargo.toml': '[package]\nname = "m"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/main.rs': 'fn main() {\n    let x = 1;\n}\n',
    });
    const { check } = await open(named('clippy'), root);
    const { files } = await check();
    expect(
      files.flatMap((file) => file.diagnostics.map((one) => [one.path, one.rule, one.severity, one.start?.line])),
    ).toEqual([['src/main.rs', 'unused_variables', 'warning', 2]]);
    expect(readdirSync(root).sort()).toEqual(['.git', '.quality', 'Cargo.toml', 'clippy.toml', 'src']);
    expect((await check([source(root, 'src/main.rs', 'fn main() {}\n')])).files[0]?.diagnostics).toEqual([]);
  });
});

describe('opt-in', () => {
  const skipOf = async (name: string, tree: Tree, config: Partial<Config> = {}) =>
    (await detect(name, tree, config)).skips[0];

  it.each([
    ['black', { 'a.py': '' }],
    ['isort', { 'a.py': '', 'setup.cfg': '[metadata]\n' }],
    ['ruff', { 'a.py': '', 'ruff.toml': 'line-length = 100\n' }],
    ['rustfmt', { 'a.rs': '', 'Cargo.toml': '[package]\n' }],
    ['shfmt', { 'a.sh': '', '.editorconfig': '[*.sh]\nindent_size = 2\n' }],
    ['gofmt', { 'a.go': '' }],
    ['taplo', { 'a.toml': '' }],
    ['stylelint', { 'a.css': '' }],
  ])('%s without a sign of it: not used, and the reason says how to switch it on', async (name, tree) => {
    const { uses, skips } = await detect(name, tree);
    expect(uses).toEqual([]);
    expect(skips).toEqual([
      {
        tool: name,
        root: '',
        wanted: false,
        reason: 'nothing shows that the project uses it',
        hint: expect.stringContaining('To switch it on') as string,
      },
    ]);
  });

  it('says nothing where there is no file of the language', async () => {
    const view = await viewOf(temporaryFolder({ 'a.bin': '' }));
    for (const tool of presetTools) expect((await tool.detect(view)).skips).toEqual([]);
  });

  it('names the install command where the project asks and the program is missing', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nonexistent';
    try {
      const view = await viewOf(
        temporaryFolder({
          'a.py': '',
          'pyproject.toml': '[tool.black]\n',
          'pnpm-lock.yaml': '',
          'a.toml': '',
          '.taplo.toml': '',
        }),
      );
      expect((await named('black').detect(view)).skips).toEqual([
        {
          tool: 'black',
          root: '',
          wanted: true,
          ofMachine: true,
          hint: 'pip install black',
          reason: 'asked for by pyproject.toml [tool.black], but black is not installed',
          languages: ['python'],
        },
      ]);
      expect((await named('taplo').detect(view)).skips[0]).toMatchObject({
        wanted: true,
        hint: 'pnpm add --save-dev @taplo/cli',
      });
    } finally {
      process.env.PATH = path;
    }
  });

  it.each([
    ['ruff-check', { 'pyproject.toml': '[tool.ruff]\n' }, 'pyproject.toml [tool.ruff]'],
    ['ruff', { 'pyproject.toml': '[tool.ruff.format]\n' }, 'pyproject.toml [tool.ruff.format]'],
    [
      'ruff',
      { '.pre-commit-config.yaml': 'repos:\n  - repo: x\n    hooks:\n      - id: ruff-format\n' },
      '.pre-commit-config.yaml ruff-format',
    ],
    ['ruff-imports', { 'ruff.toml': '[lint]\nselect = [\n  "E", # x ]\n  "I",\n]\n' }, 'ruff.toml rule I'],
    ['isort', { 'setup.cfg': '[isort]\n' }, 'setup.cfg [isort]'],
    ['black', { Makefile: 'x:\n\tpython -m black .\n' }, 'Makefile x'],
  ])('%s by %j', async (name, tree, evidence) => {
    const root = repository({ 'a.py': '', ...tree });
    writeTree(root, { '.venv/bin/ruff': '', '.venv/bin/black': '', '.venv/bin/isort': '' });
    for (const program of ['ruff', 'black', 'isort']) {
      writeTree(root, { [`.venv/bin/${program}`]: '#!/bin/sh\necho 99.1.2\n' });
      chmodSync(join(root, '.venv/bin', program), 0o755);
    }
    const [use] = (await named(name).detect(await viewOf(root))).uses;
    expect(use).toMatchObject({ evidence, origin: 'project', version: '99.1.2', root: '' });
    expect(use?.entry).toBe(join(root, '.venv/bin', name.replace(/-.*/, '')));
  });

  it('linting with Ruff is no wish to format with it, and rule E none to sort imports', async () => {
    const tree = { 'a.py': '', 'ruff.toml': '[lint]\nselect = ["E", "ICN", "ISC"]\n' };
    expect((await skipOf('ruff', tree))?.wanted).toBe(false);
    expect((await detect('ruff-imports', tree)).uses).toEqual([]);
  });

  it.skipIf(lacks('black') || lacks('isort'))(
    'our config asks for one of the alternatives (needs black, isort)',
    async () => {
      const formatters = {
        python: [
          ['ruff', 'isort'],
          ['ruff', 'black'],
        ],
      };
      const tree = { 'a.py': '', 'pyproject.toml': '[tool.black]\n' };
      expect((await detect('black', tree, { formatters })).uses).toHaveLength(1);
      // Black is what this project uses: naming Ruff beside it does not bring it in.
      expect((await skipOf('ruff', tree, { formatters }))?.wanted).toBe(false);
      expect((await detect('isort', tree, { formatters })).uses[0]?.evidence).toBe('config formatters.python');
      expect((await detect('black', { 'a.py': '' }, { formatters: { python: ['black'] } })).uses).toHaveLength(1);
      expect(toolInLink('ruff', ['ruff', 'isort'])).toBe('ruff-imports');
      expect(toolInLink('ruff', ['ruff', 'black'])).toBe('ruff');
    },
  );

  it('a lint-staged list is a scope where it names folders', async () => {
    const scopeOf = async (glob: string): Promise<unknown> => {
      const manifest = JSON.stringify({ 'lint-staged': { [glob]: 'stylelint --fix' } });
      const root = temporaryFolder({
        'package.json': manifest,
        'src/a.css': '',
        'node_modules/.bin/stylelint': '#!/bin/sh\n',
      });
      chmodSync(join(root, 'node_modules/.bin/stylelint'), 0o755);
      return (await named('stylelint').detect(await viewOf(root))).uses[0]?.scope?.include;
    };
    expect(await scopeOf('src/**/*.css')).toEqual(['src/**/*.css']);
    expect(await scopeOf('*.css')).toBeUndefined();
  });

  it('material of tests is no sign', async () => {
    expect(
      (await detect('rustfmt', { 'tests/fixtures/p/rustfmt.toml': '', 'tests/fixtures/p/a.rs': '' })).uses,
    ).toEqual([]);
  });

  it.skipIf(lacks('gofmt'))('one use for each topmost folder, and test data left out (needs gofmt)', async () => {
    const tree = {
      'a/go.mod': '',
      'a/x.go': '',
      'a/sub/go.mod': '',
      'a/testdata/y.go': '',
      'b/go.mod': '',
      'b/vendor/z.go': '',
    };
    const view = await viewOf(repository(tree));
    const { uses } = await named('gofmt').detect(view);
    expect(uses.map((use) => use.id)).toEqual(['gofmt@a', 'gofmt@b']);
    expect(
      uses.map((use) => view.files.filter((file) => named('gofmt').takes(use, file)).map((file) => file.path)),
    ).toEqual([['a/x.go'], []]);
  });
});

describe('pre-commit hooks', () => {
  it.skipIf(lacks('black'))(
    'what they leave out is left out, unless another call takes everything (needs black)',
    async () => {
      const hook =
        "exclude: 'docs/|ext/'\nrepos:\n- repo: x\n  hooks:\n  - id: black\n    exclude: |\n      (?x)^(\n        a/gen\\.py # made\n        |b/\n      )\n  - id: other\n    exclude: c\n";
      const paths = ['a/gen.py', 'a/x.py', 'b/x.py', 'c.py', 'docs/x.py'];
      const tree = { '.pre-commit-config.yaml': hook, ...Object.fromEntries(paths.map((path) => [path, 'x = 1\n'])) };
      const taken = async (more: Tree): Promise<string[]> =>
        (await open(named('black'), repository({ ...tree, ...more }))).files.map((file) => file.path);
      expect(await taken({})).toEqual(['a/x.py', 'c.py']);
      expect(await taken({ Makefile: 'fmt:\n\tblack .\n' })).toEqual(paths);
    },
  );
});

describe('nothing fails open', () => {
  const preset: Preset = {
    name: 'fake',
    role: 'format',
    grain: 'file',
    languages: ['python'],
    programs: ['fake'],
    version: { args: ['--version'] },
    install: { command: 'none' },
    evidence: { files: ['fake.toml'] },
    switchOn: 'add a fake.toml',
    configFiles: ['fake.toml'],
    format: {
      list: {
        args: ['list', '--', '{files}'],
        stream: 'stdout',
        file: /^(?<file>.+)$/,
        ok: [0],
        unformatted: [1],
        partial: [2],
      },
      stdin: { args: ['stdin', '{file}'], ok: [0], trouble: [3], syntax: /^syntax/ },
    },
  };
  const linter: Preset = {
    ...preset,
    role: 'lint',
    lint: {
      args: ['lint', '{files}'],
      stream: 'stdout',
      parse: (output) =>
        output
          .split('\n')
          .filter(Boolean)
          .map((message) => ({ tool: 'fake', rule: null, severity: 'error', message, path: 'a.py' })),
      ok: [0],
      findings: [1],
      config: [9],
    },
  };

  /** A program that does what the shell lines say for its first argument. */
  function withFake(cases: Readonly<Record<string, string>>): string {
    const root = temporaryFolder({ 'fake.toml': '', 'a.py': 'a\n', 'b.py': 'b\n' });
    const branches = Object.entries(cases).map(([word, line]) => `${word}) ${line};;`);
    writeTree(root, {
      'node_modules/.bin/fake': `#!/bin/sh\ncase "$1" in\n${branches.join('\n')}\n*) echo 1.0.0;;\nesac\n`,
    });
    chmodSync(join(root, 'node_modules/.bin/fake'), 0o755);
    return root;
  }

  const faultOf = async (work: Promise<unknown>): Promise<[string, string]> => {
    const fault: unknown = await work.then(
      () => new Error('no fault'),
      (error: unknown) => error,
    );
    if (!(fault instanceof ToolFault)) throw fault;
    return [fault.failure.kind, fault.failure.detail ?? ''];
  };

  it.each([
    ['an unknown exit code', { list: 'echo boom >&2; exit 7' }, 'tool-crashed', 'boom'],
    ['exit code 1 without a name', { list: 'exit 1' }, 'tool-output', ''],
    ['a name that was not asked for', { list: 'echo other.py; exit 1' }, 'tool-output', 'other.py'],
    ['trouble without a file', { list: 'echo config? >&2; exit 2' }, 'tool-crashed', 'config?'],
    ['a text that is gone', { list: 'echo a.py; exit 1', stdin: 'true' }, 'tool-output', ''],
    ['a crash on a text', { list: 'echo a.py; exit 1', stdin: 'echo panic >&2; exit 101' }, 'tool-crashed', 'panic'],
    [
      'trouble that is no syntax error',
      { list: 'echo a.py; exit 1', stdin: 'echo no config >&2; exit 3' },
      'tool-crashed',
      'no config',
    ],
    ['a signal', { list: 'kill -9 $$' }, 'tool-crashed', ''],
  ])('%s', async (_, cases, kind, words) => {
    const { transform } = await open(presetTool(preset), withFake(cases));
    const [found, detail] = await faultOf(transform());
    expect(found).toBe(kind);
    expect(detail).toContain(words);
  });

  it('a file with trouble in the list is looked at by itself', async () => {
    const root = withFake({ list: 'echo "syntax in b.py" >&2; exit 2', stdin: 'echo "syntax: here" >&2; exit 3' });
    const { transform } = await open(presetTool(preset), root);
    expect((await transform()).map((result) => [result.status, result.failure?.message])).toEqual([
      ['done', undefined],
      ['failed', 'syntax: here'],
    ]);
  });

  it.each([
    ['findings that nobody can read', 'exit 1', 'tool-crashed'],
    ['a crash', 'exit 2', 'tool-crashed'],
    ['a configuration that does not load', 'exit 9', 'tool-config'],
  ])('a linter: %s', async (_, line, kind) => {
    const { check } = await open(presetTool(linter), withFake({ lint: line }));
    expect((await faultOf(check()))[0]).toBe(kind);
  });

  it('time-out and abort end the program', async () => {
    const slow = withFake({ list: 'sleep 30' });
    const { transform } = await open(presetTool(preset), slow, { timeoutMs: 200 });
    expect((await faultOf(transform()))[0]).toBe('tool-timeout');
    const aborted = await open(presetTool(preset), slow, { signal: AbortSignal.timeout(200) });
    expect((await faultOf(aborted.transform()))[0]).toBe('interrupted');
  });

  it('many files go in as many calls as the command line asks for', async () => {
    const root = withFake({ list: 'echo $# >> calls.log' });
    const { transform } = await open(presetTool(preset), root);
    const files = Array.from({ length: 3000 }, (_, at) => ({
      ...source(root, 'a.py'),
      path: `${'long/'.repeat(50)}${String(at)}.py`,
    }));
    expect(await transform(files)).toHaveLength(3000);
    const calls = read(root, 'calls.log').trim().split('\n').map(Number);
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.reduce((sum, count) => sum + count - 2, 0)).toBe(3000);
  });
});

describe('TOML', () => {
  const text = `top = "t"
[tool.black] # c
a = 'x\\y'
b = """
two
lines\\tend"""
list = ["p", 'q', # no ] here
  "r]"]
[tool.black.more]
a = "other"
`;
  it('finds sections, strings and lists', () => {
    const section = tomlSection(text, 'tool.black') ?? '';
    expect(tomlString(tomlSection(text, '') ?? '', 'top')).toBe('t');
    expect(tomlString(section, 'a')).toBe('x\\y');
    expect(tomlString(section, 'b')).toBe('two\nlines\tend');
    expect(tomlStrings(section, 'list')).toEqual(['p', 'q', 'r]']);
    expect(tomlStrings(section, 'none')).toBeNull();
    expect(tomlSection(text, 'tool')).toBeNull();
  });
});
