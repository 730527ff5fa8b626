/** `quality init`: what it reads of a project, what it proposes, and that nothing happens that was not agreed to. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../src/model/plan.js';
import { OWN_MODULES } from './project-tool-rig.js';
import { COMMAND, quality, treeOf } from './quality.js';
import { type Tree, git, read, repository, writeTree } from './rig.js';

interface Data {
  readonly existing: string | null;
  readonly settings: readonly { readonly key: string; readonly value: unknown; readonly reason: string }[];
  readonly text: string;
  readonly adds: readonly string[];
  readonly replaces: readonly { readonly from: string; readonly name: string; readonly by: string }[];
  readonly stays: readonly { readonly from: string; readonly name: string }[];
  readonly removals: readonly string[];
  readonly before: readonly string[];
  readonly offers: { readonly hook: boolean; readonly github: { readonly file: string; readonly text: string } | null };
  readonly written: readonly string[];
  readonly takenAway: readonly string[];
}

function init(folder: string, ...args: string[]): Data {
  const { code, out, err } = quality(folder, 'init', '--json', ...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as Data;
}

/** Values by key, without what every project with a package.json gets. */
function settingsOf({ settings }: Data): Record<string, unknown> {
  expect(settings.every(({ reason }) => reason !== '')).toBe(true);
  return Object.fromEntries(settings.flatMap(({ key, value }) => (key === '$schema' ? [] : [[key, value]])));
}

const manifest = (more: object): string => `${JSON.stringify({ name: 'x', private: true, ...more }, null, 2)}\n`;

/** Every tool of the plan with its files; commands of the config, and what init has written, left out. */
function toolsAndFiles(folder: string): Record<string, readonly string[]> {
  const { code, out, err } = quality(folder, 'plan', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { phases } = JSON.parse(out) as Plan;
  const entries = phases
    .flatMap(({ steps }) => steps)
    .flatMap(({ command, tasks }) => tasks.map((task) => ({ ...task, command })))
    .flatMap(({ command, check = '', links, files }) =>
      links.flat().flatMap(({ id, origin }): [string, string[]][] => {
        const old = files.filter((path) => !/^\.quality-config\.json$|^\.github\/workflows\/quality\.yml$/.test(path));
        return origin === 'config' ? [] : [[`${command} ${check} ${id}`, old]];
      }),
    );
  const files: Record<string, string[]> = {};
  for (const [tool, paths] of entries) files[tool] = [...new Set([...(files[tool] ?? []), ...paths])].sort();
  return files;
}

const NODE: Tree = { node_modules: { link: OWN_MODULES }, '.gitignore': 'node_modules\n.quality\n' };

const LINT_STAGED: Tree = {
  ...NODE,
  'package.json': manifest({
    scripts: {
      test: 'node --test',
      lint: 'eslint src',
      format: 'prettier --write .',
      types: 'tsc --noEmit',
      prepare: 'husky',
    },
    devDependencies: { eslint: '*', prettier: '*', typescript: '*', husky: '*', 'lint-staged': '*' },
    'lint-staged': {
      '*.js': ['prettier --write', 'eslint --fix'],
      '*.{md,json}': 'prettier --write',
      '*.svg': 'svgo',
    },
  }),
  'eslint.config.js': 'export default [];\n',
  '.prettierrc.json': '{ "singleQuote": true }\n',
  'tsconfig.json': '{ "include": ["src"] }\n',
  'src/a.js': 'export const a = 1;\n',
  'src/b.ts': 'export const b = 1;\n',
  '.husky/pre-commit': '#!/bin/sh\n. "$(dirname "$0")/_/husky.sh"\n# npm run old\nnpx lint-staged\nnpm run types\n',
  '.github/workflows/ci.yml': 'on: push\n',
};

/** Presses these keys, one group for each question. */
async function onTerminal(folder: string, keys: readonly string[]): Promise<{ asked: number; out: string }> {
  const line = `"${process.execPath}" "${COMMAND}" init --no-color`;
  const child = spawn('script', ['-qec', line, '/dev/null'], { cwd: folder, env: { ...process.env, TERM: 'xterm' } });
  const questions = (): number => out.split('[no/yes]').length - 1;
  let out = '';
  let asked = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
    for (; asked < questions(); asked += 1) child.stdin.write(keys[asked] ?? '\x03');
  });
  await new Promise((resolve) => child.once('close', resolve));
  return { asked, out };
}

describe('quality init', () => {
  it('where the project says nothing switches nothing on, and says how that is done', () => {
    const folder = repository({
      'package.json': manifest({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }),
      'a.js': 'let a\n',
    });
    expect(settingsOf(init(folder))).toEqual({});
    const { code, out } = quality(folder, 'init');
    expect(code).toBe(0);
    expect(out).toContain('prettier: add a .prettierrc');
    expect(out).toMatch(/Nothing is written: `quality init --yes`/);
    expect(quality(folder, 'init', '--yes').code).toBe(0);
    expect(quality(folder, 'run', '--check').code).toBe(0);
    expect(read(folder, 'a.js')).toBe('let a\n');
  });

  it('of scripts, lint-staged and husky makes a config that does the same on the same files', () => {
    const folder = repository(LINT_STAGED);
    const before = treeOf(folder);
    const tools = toolsAndFiles(folder);
    const proposed = init(folder);
    expect(settingsOf(proposed)).toEqual({
      'verify.checks': ['format', 'lint', 'types'],
      'verify.tests': [['npm', 'test']],
      'formatters.javascript': ['prettier', 'eslint'],
      'workflows.staged': {
        steps: ['format', 'cleanup', { command: 'verify', options: { checks: ['lint', 'types'], tests: [] } }],
      },
    });
    expect(proposed.replaces.map(({ name, by }) => `${name} → ${by}`)).toEqual([
      '*.js: prettier --write → prettier',
      '*.js: eslint --fix → eslint',
      '*.{md,json}: prettier --write → prettier',
      'npm run types → tsc',
    ]);
    expect(proposed.stays).toEqual([{ from: 'package.json lint-staged', name: '*.svg: svgo' }]);
    // lint-staged has something left to do: it is still started.
    expect(proposed.removals).not.toContainEqual(expect.stringMatching(/npx lint-staged|the key|dependency/));
    expect(proposed.removals).toContain('in .husky/pre-commit: npm run types');
    for (const args of [['init'], ['init', '--dry-run'], ['init', '--yes', '--dry-run']])
      expect(quality(folder, ...args).code).toBe(0);
    expect(treeOf(folder)).toEqual(before);

    const done = init(folder, '--yes');
    expect(done.written).toEqual(['.quality-config.json', '.github/workflows/quality.yml']);
    expect(read(folder, '.quality-config.json')).toBe(done.text);
    expect(toolsAndFiles(folder)).toEqual(tools);
    expect(read(folder, '.husky/pre-commit')).toMatch(/quality[^]*npx lint-staged\nnpm run types\n$/);
    expect(read(folder, 'package.json')).toBe(LINT_STAGED['package.json']);
    const written = ['.quality-config.json', '.github/workflows/quality.yml'];
    expect(quality(folder, 'format', '--check', ...written).code).toBe(0);
  });

  it('where all of a list is taken over says that it can go, with what starts it', () => {
    const folder = repository({
      ...NODE,
      'package.json': manifest({
        devDependencies: { prettier: '*', 'lint-staged': '*' },
        'lint-staged': { '*': 'prettier --write --ignore-unknown' },
      }),
      '.prettierrc': '{ "tabWidth": 4 }\n',
      '.husky/pre-commit': 'npx lint-staged\necho done\n',
      '.github/x.yml': 'a: 1\n',
    });
    const removals = [
      'the key lint-staged in package.json',
      'in .husky/pre-commit: npx lint-staged',
      'the dependency lint-staged in package.json',
    ];
    const done = init(folder, '--yes', '--replace');
    expect(done).toMatchObject({ removals, takenAway: removals });
    expect(read(folder, 'package.json')).toBe(manifest({ devDependencies: { prettier: '*' } }));
    expect(read(folder, '.husky/pre-commit')).toMatch(/quality[^]*echo done\n$/);
    expect(read(folder, '.husky/pre-commit')).not.toContain('lint-staged');
    // As the project's own formatter has it.
    expect(done.text).toMatch(/^\{\n {4}\/\//);
    expect(quality(folder, 'format', '--check', ...done.written).code).toBe(0);
  });

  it('does not speak for a list that is a program', () => {
    const folder = repository({
      ...NODE,
      'package.json': manifest({ devDependencies: { prettier: '*', 'lint-staged': '*' } }),
      '.prettierrc': '{}\n',
      'lint-staged.config.mjs': "export default { '*.md': 'prettier --write', '*.ts': (files) => `tsc ${files}` };\n",
    });
    const { stays, removals } = init(folder);
    expect(stays).toEqual([{ from: 'lint-staged.config.mjs', name: 'what it computes' }]);
    expect(removals).toEqual(['in lint-staged.config.mjs: *.md: prettier --write']);
  });

  it('a second time changes nothing, and neither does it beside a config in package.json', () => {
    const folder = repository(LINT_STAGED);
    expect(quality(folder, 'init', '--yes').code).toBe(0);
    const after = treeOf(folder);
    expect(quality(folder, 'init', '--yes').out).toMatch(/There is a config already, in \.quality-config\.json/);
    expect(treeOf(folder)).toEqual(after);
    const other = repository({ 'package.json': manifest({ quality: { keepRuns: 3 } }) });
    expect(init(other, '--yes')).toMatchObject({ existing: 'package.json', written: [] });
    expect(existsSync(join(other, '.quality-config.json'))).toBe(false);
  });

  it('what only programs of the project can do becomes commands of its own, and goes on before a commit', () => {
    const folder = repository({
      'package.json': manifest({
        'lint-staged': {
          '*.svg': ['sh tools/shout.sh', 'node tools/"look at.mjs" --all'],
          'docs/**/*.txt': 'sh tools/shout.sh',
          '*.png': 'sh tools/shout.sh',
          '*.md': 'sh tools/shout.sh && echo done',
          '*.csv': 'sh tools/shout.sh',
          './made.txt': ['sh tools/shout.sh', 'git add other.txt'],
        },
        devDependencies: { 'lint-staged': '*' },
      }),
      '.gitignore': '.quality\n',
      '.husky/pre-commit': 'npx lint-staged\n',
      'tools/shout.sh': 'for file; do tr a-z A-Z <"$file" >"$file.new" && mv "$file.new" "$file"; done\n',
      'tools/look at.mjs': 'process.exit(process.argv.includes("--all") ? 0 : 1);\n',
      'img/a.svg': '<SVG/>\n',
      'docs/a.txt': 'A\n',
      'a.png': '\0PNG',
      'a.md': '# A\n',
      'made.txt': 'MADE\n',
    });
    const proposed = init(folder, '--yes');
    const own = { effect: 'writes' };
    expect(settingsOf(proposed)).toEqual({
      'commands.shout': { ...own, run: ['sh', 'tools/shout.sh', '{files}'], files: ['**/*.svg'] },
      'commands.look-at': { ...own, run: ['node', 'tools/look at.mjs', '--all', '{files}'], files: ['**/*.svg'] },
      'commands.shout-2': { ...own, run: ['sh', 'tools/shout.sh', '{files}'], files: ['docs/**/*.txt'] },
      'workflows.staged': {
        steps: [
          ...['format', 'cleanup', 'shout', 'look-at', 'shout-2'],
          { command: 'verify', options: { checks: ['lint'] } },
        ],
      },
    });
    expect(proposed.replaces.map(({ name, by }) => `${name} → ${by}`)).toEqual([
      '*.svg: sh tools/shout.sh → commands.shout',
      '*.svg: node tools/"look at.mjs" --all → commands.look-at',
      'docs/**/*.txt: sh tools/shout.sh → commands.shout-2',
    ]);
    // Binary files are not looked at, there is no shell, of those there are none, and nothing else is staged.
    expect(proposed.stays.map(({ name }) => name)).toEqual([
      '*.png: sh tools/shout.sh',
      '*.md: sh tools/shout.sh && echo done',
      '*.csv: sh tools/shout.sh',
      './made.txt: sh tools/shout.sh',
    ]);
    writeTree(folder, { 'img/b.svg': '<svg/>\n', 'docs/b.txt': 'b\n', 'b.md': '# b\n' });
    git(folder, 'add', '--all');
    expect(quality(folder, 'run', '--staged')).toMatchObject({ code: 0 });
    const staged = ['img/b.svg', 'docs/b.txt', 'b.md'].map((path) => git(folder, 'show', `:${path}`));
    expect(staged).toEqual(['<SVG/>\n', 'B\n', '# b\n']);
  });

  it.skipIf(!existsSync('/usr/bin/script'))(
    'on a terminal asks for each thing, and takes no answer for no',
    async () => {
      const folder = repository(LINT_STAGED);
      const before = treeOf(folder);
      for (const key of ['\x03', '\x04', '\r']) expect((await onTerminal(folder, [key])).asked).toBe(1);
      expect(treeOf(folder)).toEqual(before);
      const { asked, out } = await onTerminal(folder, ['yes\r', 'y\r', 'no\r', 'no\r']);
      expect({ asked, out }).toMatchObject({
        asked: 4,
        out: expect.stringContaining('Hook pre-commit: added') as string,
      });
      expect(Object.keys(treeOf(folder)).filter((path) => !Object.hasOwn(before, path))).toEqual([
        '.husky/quality-hook',
        '.quality-config.json',
      ]);
      expect(read(folder, '.husky/pre-commit')).toContain('npx lint-staged');
    },
  );

  it('with a config that does not load says so', () => {
    const folder = repository({ '.quality-config.json': '{ "keepRun": 1 }\n' });
    const { code, err } = quality(folder, 'init', '--yes');
    expect(code).toBe(2);
    expect(err).toContain('keepRuns');
  });

  it('in a pnpm workspace works from below, and calls tests as the project does', () => {
    const folder = repository({
      ...NODE,
      'package.json': manifest({ packageManager: 'pnpm@9.0.0', scripts: { test: 'pnpm -r test' } }),
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
      'packages/a/package.json': manifest({
        name: 'a',
        scripts: { lint: 'eslint .' },
        devDependencies: { eslint: '*' },
      }),
      'packages/a/eslint.config.js': 'export default [];\n',
      'packages/a/a.js': 'export const a = 1;\n',
      'packages/b/b.md': '# b\n',
    });
    const tools = toolsAndFiles(folder);
    expect(Object.keys(tools)).toContain('verify lint eslint@packages/a');
    const done = init(join(folder, 'packages', 'b'), '--yes');
    expect(settingsOf(done)).toEqual({ 'verify.checks': ['lint'], 'verify.tests': [['pnpm', 'test']] });
    expect(read(folder, '.quality-config.json')).toBe(done.text);
    expect(done.offers.github).toBe(null);
    expect(toolsAndFiles(folder)).toEqual(tools);
  });

  it('reads what Turborepo and Nx start in the packages of a project', () => {
    const turbo = repository({
      ...NODE,
      'package.json': manifest({ workspaces: ['packages/*'], devDependencies: { eslint: '*', turbo: '*' } }),
      'turbo.json': '{\n  // comments are allowed\n  "tasks": { "lint": {}, "test": { "dependsOn": ["^build"] } }\n}\n',
      '.husky/pre-commit': 'npx turbo run lint\nnpx turbo run build\n',
      'packages/a/package.json': manifest({ name: 'a', scripts: { lint: 'eslint .', test: 'node --test' } }),
      'packages/a/eslint.config.js': 'export default [];\n',
      'packages/a/a.js': 'export const a = 1;\n',
    });
    const ofTurbo = init(turbo);
    expect(settingsOf(ofTurbo)).toEqual({
      'verify.checks': ['lint'],
      'verify.tests': [['npx', 'turbo', 'run', 'test']],
    });
    expect(ofTurbo.replaces).toEqual([{ from: '.husky/pre-commit', name: 'npx turbo run lint', by: 'eslint' }]);
    expect(ofTurbo.stays).toEqual([{ from: '.husky/pre-commit', name: 'npx turbo run build' }]);
    const nx = repository({
      ...NODE,
      'package.json': manifest({ devDependencies: { eslint: '*', nx: '*' } }),
      'nx.json': '{ "plugins": [{ "plugin": "@nx/jest/plugin", "options": { "targetName": "test" } }] }\n',
      '.husky/pre-commit': 'npx nx affected -t lint,fmt\nnpx nx run-many --target=test\n',
      'libs/a/project.json':
        '{ "targets": { "lint": { "executor": "@nx/eslint:lint" }, "fmt": { "command": "prettier --write libs/a" } } }\n',
      'libs/a/eslint.config.js': 'export default [];\n',
      'libs/a/a.js': 'export const a = 1;\n',
      '.prettierrc': '{}\n',
    });
    const ofNx = init(nx);
    expect(settingsOf(ofNx)['verify.tests']).toEqual([['npx', 'nx', 'run-many', '-t', 'test']]);
    expect(ofNx.replaces.map(({ name, by }) => `${name} → ${by}`)).toEqual([
      'npx nx affected -t lint,fmt → eslint, prettier',
    ]);
    expect(ofNx.stays).toEqual([{ from: '.husky/pre-commit', name: 'npx nx run-many --target=test' }]);
  });

  it('in a Python project finds Ruff, and installs it in the workflow', () => {
    const folder = repository({
      'pyproject.toml': '[tool.ruff]\nline-length = 100\n[tool.ruff.format]\nquote-style = "single"\n',
      'a.py': 'a = 1\n',
      '.pre-commit-config.yaml':
        'repos:\n  - repo: r\n    hooks:\n      - id: ruff\n      - id: ruff-format\n      - id: check-json\n',
    });
    git(folder, 'remote', 'add', 'origin', 'git@github.com:a/b.git');
    const { replaces, stays, removals, offers, text, ...rest } = init(folder);
    expect(settingsOf({ replaces, stays, removals, offers, text, ...rest })).toEqual({
      'verify.checks': ['format', 'lint'],
    });
    expect(replaces.map(({ name }) => name)).toEqual(['ruff', 'ruff-format']);
    expect(stays).toEqual([{ from: '.pre-commit-config.yaml', name: 'check-json' }]);
    expect(removals).toEqual(['in .pre-commit-config.yaml: ruff, ruff-format']);
    expect(offers.github?.text).toMatch(/^ {6}- run: pipx install ruff(?:==\S+)?$/m);
    // The hook check-json would refuse them.
    expect(text).not.toContain('//');
  });

  it('beside Biome, which refuses comments in JSON, writes none', () => {
    const folder = repository({
      ...NODE,
      'package.json': manifest({ scripts: { lint: 'biome check .' }, devDependencies: { '@biomejs/biome': '*' } }),
      'biome.json': '{}\n',
      'a.js': 'export const a = 1;\n',
    });
    const { text, settings } = init(folder, '--yes');
    expect(settings.find(({ key }) => key === 'verify.checks')?.value).toEqual(['lint']);
    expect(JSON.parse(text)).toMatchObject({ verify: { checks: ['lint'] } });
    expect(quality(folder, 'run', '--check', '.quality-config.json').out).not.toContain('quality-config.json:');
  });

  it('asks for tools that are not installed as it would for those that are', () => {
    const folder = repository({
      'package.json': manifest({
        scripts: { lint: 'biome lint', types: 'tsc' },
        devDependencies: { '@biomejs/biome': '2.0.0', typescript: '1.0.0' },
      }),
      'biome.json': '{}\n',
      'tsconfig.json': '{}\n',
      'a.ts': 'export const a = 1;\n',
    });
    const { settings, before } = init(folder);
    expect(settings.find(({ key }) => key === 'verify.checks')?.value).toEqual(
      expect.arrayContaining(['lint', 'types']),
    );
    expect(before).toContain('npm install');
  });

  it('leaves out what it is told to leave out', () => {
    const folder = repository({ ...NODE, '.prettierrc': '{}\n', '.github/x.yml': 'a: 1\n' });
    const { offers, written } = init(folder, '--yes', '--no-hook', '--no-github');
    expect({ offers, written }).toEqual({ offers: { hook: false, github: null }, written: ['.quality-config.json'] });
    expect(existsSync(join(folder, '.git', 'hooks', 'pre-commit'))).toBe(false);
  });

  it('keeps a test command that watches, or is only linters, out of the config', () => {
    const folder = repository({ ...NODE, '.prettierrc': '{}\n', 'a.md': '# a\n' });
    for (const test of ['jest --watch', 'prettier --check .', 'ng test']) {
      writeTree(folder, { 'package.json': manifest({ scripts: { test }, devDependencies: { prettier: '*' } }) });
      expect(Object.keys(settingsOf(init(folder)))).toEqual(['verify.checks']);
    }
  });
});

describe('a step of a workflow', () => {
  it('may leave out the tests of the config', () => {
    const folder = repository({
      '.prettierrc': '{}\n',
      'a.md': '# a\n',
      '.quality-config.json': `${JSON.stringify({
        verify: { tests: [['node', '--test']] },
        workflows: { quick: { steps: [{ command: 'verify', options: { tests: [] } }] } },
      })}\n`,
    });
    const tasks = (workflow: string): readonly string[] =>
      (JSON.parse(quality(folder, 'plan', '--json', '--workflow', workflow).out) as Plan).phases
        .flatMap(({ steps }) => steps)
        .flatMap((step) => step.tasks.map(({ check }) => check ?? ''));
    expect(tasks('verify-only')).toContain('tests');
    expect(tasks('quick')).toEqual(['format']);
  });
});
