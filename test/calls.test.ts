import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../src/config/schema.js';
import { createProjectView } from '../src/tools/project-view.js';
import type { ToolCall } from '../src/tools/tool.js';
import { parseShell } from '../src/tools/calls/shell.js';
import { temporaryFolder, type Tree } from './rig.js';

/** The calls of a tool in a workspace of these files. */
async function callsIn(tree: Tree, tool: string): Promise<readonly ToolCall[]> {
  const root = temporaryFolder(tree);
  const files = Object.keys(tree).map((path) => ({ path, hash: '', size: 0, language: null, package: '' }));
  const packages = Object.entries(tree).flatMap(([path, content]) =>
    /(^|\/)package\.json$/.test(path) && typeof content === 'string'
      ? [
          {
            dir: path.replace(/\/?package\.json$/, ''),
            name: null,
            manifest: JSON.parse(content) as Record<string, unknown>,
          },
        ]
      : [],
  );
  return createProjectView({ root, config: defaultConfig(), files, packages }).callsOf(tool);
}

async function inScript(script: string, tool: string, more: Tree = {}): Promise<(readonly string[])[]> {
  const calls = await callsIn({ 'package.json': JSON.stringify({ scripts: { it: script } }), ...more }, tool);
  return calls.map((call) => call.args);
}

describe('a script', () => {
  const rows: readonly (readonly [script: string, args: readonly (readonly string[])[]])[] = [
    ['eslint .', [['.']]],
    ['eslint src --ext .js,.ts', [['src', '--ext', '.js,.ts']]],
    [`eslint "src/**/*.js" 'my dir' it\\ is`, [['src/**/*.js', 'my dir', 'it is']]],
    ['tsc && eslint a; eslint b || true | eslint c & eslint d', [['a'], ['b'], ['c'], ['d']]],
    ['eslint . > out.txt 2>&1', [['.']]],
    ['NODE_ENV=production eslint .', [['.']]],
    ['cross-env A=1 B=2 npx --no-install eslint@8 .', [['.']]],
    ['npx -p eslint -p foo eslint .', [['.']]],
    ['pnpm exec eslint . --fix', [['.', '--fix']]],
    ['pnpm eslint .', [['.']]],
    ['yarn -s eslint .', [['.']]],
    ['yarn run eslint .', [['.']]],
    ['npm run eslint .', []],
    ['bunx eslint .', [['.']]],
    ['npm exec -- eslint .', [['.']]],
    ['dotenv -e .env -- eslint .', [['.']]],
    ['./node_modules/.bin/eslint .', [['.']]],
    ['node --max-old-space-size=4096 ./node_modules/eslint/bin/eslint.js .', [['.']]],
    ['node_modules\\\\.bin\\\\eslint.cmd .', [['.']]],
    ['concurrently -n a,b "eslint src" "tsc -w"', [['src']]],
    ['node scripts/eslint.js .', []],
    ['eslint-config-foo .', []],
    ['echo eslint .', []],
    ['turbo run eslint', []],
    ['pnpm -r eslint .', []],
    ['pnpm --filter foo exec eslint .', []],
    ['npm exec --workspace=a -- eslint .', []],
    ['eslint $(git diff --name-only)', []],
    ['eslint `git ls-files`', []],
    ['# eslint .', []],
    ['(cd docs && eslint .)', [['.']]],
  ];
  it.each(rows)('%s', async (script, args) => {
    expect(await inScript(script, 'eslint')).toEqual(args);
  });

  it('does not take one tool for another', async () => {
    expect(await inScript('vue-tsc --noEmit', 'tsc')).toEqual([]);
    expect(await inScript('vue-tsc --noEmit', 'vue-tsc')).toEqual([['--noEmit']]);
    expect(await inScript('node node_modules/typescript/bin/tsc -b', 'tsc')).toEqual([['-b']]);
    expect(await inScript('node ../../node_modules/typescript/lib/tsc.js -b', 'tsc')).toEqual([['-b']]);
    expect(await inScript('node ../../node_modules/typescript56/lib/tsc.js -b', 'tsc')).toEqual([]);
    expect(await inScript('node node_modules/prettier/bin-prettier.js -c .', 'prettier')).toEqual([['-c', '.']]);
    expect(await inScript('npx @biomejs/biome check', 'biome')).toEqual([['check']]);
    expect(await inScript('python3 -m black . && poetry run black src', 'black')).toEqual([['.'], ['src']]);
  });

  it('tells where a program is that is not the nearest', async () => {
    const scripts = {
      near: 'node_modules/.bin/tsc',
      far: '../../node_modules/.bin/tsc',
      node: 'cd src && node ../../../node_modules/typescript/lib/tsc.js',
      out: '../../../node_modules/.bin/tsc',
    };
    const tree = { 'package.json': '{}', 'packages/a/package.json': JSON.stringify({ scripts }) };
    const calls = await callsIn(tree, 'tsc');
    expect(calls.map(({ script, home }) => [script, home])).toEqual([
      ['near', undefined],
      ['far', ''],
      ['node', ''],
      ['out', undefined],
    ]);
  });

  it('tells folder and environment', async () => {
    const manifest = { scripts: { it: 'cd docs && (cd api && FOO=1 eslint a) && eslint b' } };
    const calls = await callsIn({ 'package.json': JSON.stringify(manifest) }, 'eslint');
    expect(calls).toEqual([
      {
        tool: 'eslint',
        args: ['a'],
        dir: 'docs/api',
        env: { FOO: '1' },
        from: 'package.json scripts.it',
        script: 'it',
      },
      { tool: 'eslint', args: ['b'], dir: 'docs', from: 'package.json scripts.it', script: 'it' },
    ]);
  });

  it('is read as sh expands it: two stars without quotes are one', async () => {
    const files = { 'src/a/x.js': '', 'src/y.js': '' };
    expect(await inScript('eslint src/**/*.js', 'eslint', files)).toEqual([['src/*/*.js']]);
    expect(await inScript('eslint "src/**/*.js"', 'eslint', files)).toEqual([['src/**/*.js']]);
    expect(await inScript('eslint lib/**/*.js', 'eslint', files)).toEqual([['lib/**/*.js']]);
    expect(await inScript('eslint src/**/*.{js,ts}', 'eslint', files)).toEqual([['src/**/*.{js,ts}']]);
    expect(await inScript('eslint src/**/*.js', 'eslint', { ...files, 'bun.lock': '' })).toEqual([['src/**/*.js']]);
    expect(await inScript('eslint src/**', 'eslint', files)).toEqual([['src/a', 'src/y.js']]);
    expect(await inScript('eslint */a', 'eslint', files)).toEqual([['src/a']]);
    expect(await inScript("eslint '*/a'", 'eslint', files)).toEqual([['*/a']]);
  });

  it('never makes the reader of shell lines throw or hang', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...`ab '"\\$(){}[]<>&|;#\n\`*=-`.split(''))), (characters) => {
        for (const item of parseShell(characters.join('')))
          if (typeof item === 'object') expect(item.words.length).toBeGreaterThan(0);
      }),
    );
  });

  it('keeps any words that are quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
        const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
        const items = parseShell(line);
        expect(items.map((item) => (typeof item === 'object' ? item.words.map(({ text }) => text) : item))).toEqual([
          words,
        ]);
      }),
    );
  });
});

describe('scripts that call scripts', () => {
  it('are followed, with what they add', async () => {
    const scripts = {
      lint: 'eslint .',
      fix: 'npm run lint -- --fix "a b"',
      ci: 'npm run lint && npm test',
      prod: 'cross-env NODE_ENV=production yarn lint --quiet',
      all: 'run-s lint:*',
      'lint:a': 'eslint a',
      'lint:b': 'eslint b',
      'all:fix': 'run-p "lint:* -- --fix"',
      elsewhere: 'npm run lint -w packages/a && cd x && npm run lint',
      here: 'node --run lint -- --cache',
    };
    const calls = await callsIn({ 'package.json': JSON.stringify({ scripts }) }, 'eslint');
    expect(calls.map(({ script, args, env }) => [script, args, ...(env === undefined ? [] : [env])])).toEqual([
      ['lint', ['.']],
      ['fix', ['.', '--fix', 'a b']],
      ['prod', ['.', '--quiet'], { NODE_ENV: 'production' }],
      ['lint:a', ['a']],
      ['lint:b', ['b']],
      ['all:fix', ['a', '--fix']],
      ['all:fix', ['b', '--fix']],
      ['here', ['.', '--cache']],
    ]);
  });

  it('in a circle come to an end', async () => {
    const scripts = { a: 'npm run b -- x; eslint a', b: 'npm run a' };
    const calls = await callsIn({ 'package.json': JSON.stringify({ scripts }) }, 'eslint');
    expect(calls.map(({ args }) => args)).toContainEqual(['a']);
  });

  it('are read in every package, and through wireit', async () => {
    const tree = {
      'package.json': JSON.stringify({ scripts: { lint: 'pnpm -r lint' } }),
      'packages/a/package.json': JSON.stringify({
        scripts: { lint: 'wireit' },
        wireit: { lint: { command: 'eslint a' } },
      }),
      'packages/b/package.json': JSON.stringify({ scripts: { lint: 'eslint b' } }),
    };
    const calls = await callsIn(tree, 'eslint');
    expect(calls.map(({ dir, args, from }) => [dir, args, from])).toEqual([
      ['packages/a', ['a'], 'packages/a/package.json scripts.lint'],
      ['packages/b', ['b'], 'packages/b/package.json scripts.lint'],
    ]);
  });
});

describe('lint-staged lists', () => {
  const eslint = { tool: 'eslint', args: ['--fix'], dir: '', glob: '*.js' };
  const forms: Record<string, Tree> = {
    'package.json': { 'package.json': '{"lint-staged":{"*.js":["eslint --fix","prettier -w"]}}' },
    '.lintstagedrc': { '.lintstagedrc': '{"*.js": "eslint --fix"}' },
    '.lintstagedrc.json': { '.lintstagedrc.json': '{"*.js": "eslint --fix"}' },
    '.lintstagedrc.yaml': { '.lintstagedrc.yaml': '# one\n"*.js":\n  - eslint --fix\n  - prettier -w\n' },
    'lint-staged.config.js': {
      'lint-staged.config.js': "/** @type {x} */\nexport default { '*.js': ['eslint --fix'], '*.ts': () => 'tsc' };\n",
    },
    'lint-staged.config.cjs': {
      'lint-staged.config.cjs': "const all = { '*.js': 'eslint --fix' };\nmodule.exports = all;\n",
    },
  };
  it.each(Object.keys(forms))('in %s', async (name) => {
    const [call, ...more] = await callsIn(forms[name] ?? {}, 'eslint');
    expect(more).toEqual([]);
    expect(call).toEqual({ ...eslint, from: name === 'package.json' ? 'package.json lint-staged' : name });
  });
});

describe('hooks and recipes', () => {
  it('of pre-commit are read by id, entry and arguments', async () => {
    const text = [
      'repos:',
      '  - repo: https://github.com/astral-sh/ruff-pre-commit',
      '    rev: v0.6.9  # pinned',
      '    hooks:',
      '      - id: ruff',
      '        args: [--fix, "--exit-non-zero-on-fix"]',
      '      - id: ruff-format',
      '  - repo: local',
      '    hooks:',
      '      - id: lint',
      '        name: eslint',
      '        entry: npx eslint',
      '        args:',
      '          - --max-warnings=0',
      '          - src',
      '        language: system',
      '      - id: unknown-hook',
      '        args: [x]',
    ].join('\n');
    const tree = { '.pre-commit-config.yaml': text };
    expect((await callsIn(tree, 'ruff')).map(({ args }) => args)).toEqual([
      ['check', '--fix', '--exit-non-zero-on-fix'],
      ['format'],
    ]);
    expect(await callsIn(tree, 'eslint')).toEqual([
      { tool: 'eslint', args: ['--max-warnings=0', 'src'], dir: '', glob: '*', from: '.pre-commit-config.yaml lint' },
    ]);
  });

  it('of lefthook are read with their globs', async () => {
    const text = [
      'pre-commit:',
      '  parallel: true',
      '  commands:',
      '    lint:',
      '      glob: "*.{js,ts}"',
      '      run: npx eslint {staged_files}',
      '    types:',
      '      run: eslint src',
      '  jobs:',
      '    - name: two',
      '      run: |',
      '        echo start',
      '        eslint --fix {staged_files}',
      '      glob: ["*.vue", "*.jsx"]',
    ].join('\n');
    const calls = await callsIn({ 'lefthook.yml': text }, 'eslint');
    expect(calls.map(({ args, glob }) => [args, glob])).toEqual([
      [[], '*.{js,ts}'],
      [['src'], undefined],
      [['--fix'], '{*.vue,*.jsx}'],
    ]);
  });

  it('in a Makefile or a justfile are read with their variables', async () => {
    const tree = {
      Makefile:
        'BIN := node_modules/.bin\nESLINT = $(BIN)/eslint\n\nlint: deps\n\t@$(ESLINT) src \\\n\t\ttest\nx:\n\techo $(eslint)\n',
      justfile: 'lint-it:\n    npx eslint lib\n',
    };
    const calls = await callsIn(tree, 'eslint');
    expect(calls.map(({ args, from }) => [args, from])).toEqual([
      [['src', 'test'], 'Makefile lint'],
      [['lib'], 'justfile lint-it'],
    ]);
  });
});
