/** Answers of earlier runs: used where nothing they depend on has changed, and nowhere else. */
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../src/model/diagnostic.js';
import type { Event } from '../src/model/event.js';
import { quality, report, startQuality } from './quality.js';
import { git, prepared, repository, type Tree, writeTree } from './rig.js';
import { installed, link } from './tool-rig.js';

const json = (value: unknown): string => `${JSON.stringify(value)}\n`;
const ESLINT = "export default [{ rules: { 'no-var': 'error' } }];\n";
const BASE: Tree = {
  '.gitignore': 'node_modules\n',
  'package.json': '{ "name": "base", "type": "module", "private": true }\n',
  '.prettierrc': '{ "singleQuote": true }\n',
  'eslint.config.js': ESLINT,
  'src/a.js': "export const a = 'a';\n",
  'src/b.js': 'var b = "b"\nexport { b };\n',
  'docs/c.js': 'export const c = 1;\n',
};

const CHECK = ['--only', 'verify', '--check'];

interface Asked {
  readonly findings: readonly string[];
  /** Files that each tool looked at, by jobs that really ran. */
  readonly asked: Readonly<Record<string, number>>;
}

function check(folder: string, ...flags: string[]): Asked {
  const { report: told } = report(folder, ...CHECK, ...flags);
  // An earlier run that stands is reported again: nothing was asked.
  const stands = told.notices.some((notice) => notice.startsWith('Nothing has changed since run'));
  return { findings: told.findings.map(show), asked: stands ? {} : askedIn(folder, told.run) };
}

function show({ tool, rule, path, message, start }: Diagnostic): string {
  return `${path ?? '-'}:${String(start?.line ?? 0)} ${tool} ${rule ?? ''} ${message}`;
}

function askedIn(folder: string, run: string): Record<string, number> {
  const lines = readFileSync(join(folder, '.quality/runs', run, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const asked: Record<string, number> = {};
  for (const event of lines.map((line) => JSON.parse(line) as Event)) {
    if (event.type !== 'job-finished') continue;
    const tools = event.tools.join(' ');
    asked[tools] = (asked[tools] ?? 0) + event.files;
  }
  return asked;
}

/** Settles a repository: everything is known afterwards. */
function settle(folder: string): string {
  check(folder);
  expect(check(folder).asked).toEqual({});
  return folder;
}

const settledBase = prepared(() => settle(repository(BASE)));

function settled(tree: Tree, prepare: (folder: string) => void = () => undefined): string {
  const folder = repository({ ...BASE, ...tree });
  prepare(folder);
  return settle(folder);
}

/** The cached answer is the one that tools give when they are asked. */
function expectTrue(folder: string): Asked {
  const cached = check(folder);
  expect(cached.findings).toEqual(check(folder, '--no-cache').findings);
  return cached;
}

describe('unchanged work', () => {
  it('is not done again: not in the next run, not after a commit, a checkout, a stash or a touch', () => {
    const folder = settledBase();
    expect(check(folder).findings.length).toBeGreaterThan(1);
    git(folder, 'commit', '--quiet', '--allow-empty', '--message=other');
    expect(check(folder).asked).toEqual({});
    git(folder, 'checkout', '--quiet', '-b', 'other');
    writeTree(folder, { 'src/a.js': "export const a = 'other';\n" });
    expect(check(folder).asked).toEqual({ eslint: 1, prettier: 1 });
    git(folder, 'stash', '--quiet');
    expect(check(folder).asked).toEqual({});
    git(folder, 'stash', 'pop', '--quiet');
    utimesSync(join(folder, 'src/b.js'), 0, 0);
    expect(check(folder).asked).toEqual({});
  });

  it('is not even planned again where nothing at all has changed', () => {
    const folder = settledBase();
    const first = report(folder, ...CHECK);
    const again = report(folder, ...CHECK);
    expect(again.report.run).toBe(first.report.run);
    expect(again.report.notices.join()).toContain(`Nothing has changed since run ${first.report.run}`);
    expect(again).toMatchObject({ code: 1, report: { findings: first.report.findings, status: 'findings' } });
    // Another question is another matter.
    expect(report(folder, ...CHECK, 'src').report.run).not.toBe(first.report.run);
    expect(report(folder, ...CHECK, '--no-cache').report.run).not.toBe(first.report.run);
  });

  it('is not done again in another clone that is given the cache', () => {
    const folder = settledBase();
    const clone = repository({});
    git(clone, 'pull', '--quiet', folder, 'HEAD', '--allow-unrelated-histories', '--no-rebase');
    mkdirSync(join(clone, '.quality/cache/answers'), { recursive: true });
    for (const name of ['sets', 'answers', 'notes'])
      writeFileSync(
        join(clone, '.quality/cache/answers', name),
        readFileSync(join(folder, '.quality/cache/answers', name)),
      );
    const { findings, asked } = check(clone);
    expect(asked).toEqual({});
    expect(findings).toEqual(check(folder).findings);
  });

  it('formats from what is known as well', () => {
    const folder = settledBase();
    const twin = repository(BASE);
    expect(report(folder, '--only', 'format').report.changes).toEqual(report(twin, '--only', 'format').report.changes);
    git(folder, 'checkout', '--quiet', '.');
    const again = report(folder, '--only', 'format').report;
    expect(again.changes.map(({ path }) => path)).toContain('src/b.js');
    expect(askedIn(folder, again.run)).toEqual({});
  });
});

/** What tools find in the repository that most tests begin with, as `inShort` has it. */
const OF_PRETTIER = ['package.json format', 'src/b.js format'];
const FOUND = [...OF_PRETTIER, 'src/b.js no-var'];

function inShort(finding: string): string {
  const [, path = '', rule = ''] = /^(.*):\d+ \S+ (\S+)/.exec(finding) ?? [];
  return `${path} ${rule}`;
}

interface Changed {
  readonly tree?: Tree;
  readonly prepare?: (folder: string) => void;
  readonly change: Tree;
  readonly asked: object;
  readonly found: readonly string[];
}

/** What is changed, which tools must look at how many files again, and what is found then. */
const CHANGES: [string, Changed][] = [
  [
    'a file',
    {
      change: { 'src/a.js': 'var a;\n' },
      asked: { eslint: 1, prettier: 1 },
      found: ['package.json format', 'src/a.js no-var', 'src/b.js format', 'src/b.js no-var'],
    },
  ],
  [
    'a new file',
    {
      change: { 'src/new.js': 'var a;\n' },
      asked: { eslint: 1, prettier: 1 },
      found: [...FOUND, 'src/new.js no-var'],
    },
  ],
  [
    'Prettier’s config',
    {
      change: { '.prettierrc': '{ "semi": false }\n' },
      asked: { prettier: 6 },
      found: ['docs/c.js format', 'eslint.config.js format', 'package.json format', 'src/a.js format'].concat(
        'src/b.js format',
        'src/b.js no-var',
      ),
    },
  ],
  [
    'a config of one folder',
    { change: { 'docs/.editorconfig': '[*]\nindent_style = tab\n' }, asked: { prettier: 1 }, found: FOUND },
  ],
  [
    'Prettier’s ignore file',
    {
      change: { '.prettierignore': 'src\n' },
      asked: { prettier: 4 },
      found: ['package.json format', 'src/b.js no-var'],
    },
  ],
  [
    'ESLint’s config',
    {
      change: { 'eslint.config.js': 'export default [];\n' },
      asked: { eslint: 5, prettier: 1 },
      found: OF_PRETTIER,
    },
  ],
  [
    'a local rule that ESLint’s config imports',
    {
      tree: {
        'eslint.config.js':
          "import rule from './rules/mine.js';\nexport default [{ plugins: { my: { rules: { mine: rule } } }, rules: { 'my/mine': 'error' } }];\n",
        'rules/mine.js': 'export default { create: () => ({}) };\n',
      },
      change: {
        'rules/mine.js':
          "export default { create: (context) => ({ Program: (node) => context.report({ node, message: 'no' }) }) };\n",
      },
      asked: { eslint: 6, prettier: 1 },
      found: [
        'docs/c.js my/mine',
        'eslint.config.js format',
        'eslint.config.js my/mine',
        'package.json format',
        'rules/mine.js format',
        'rules/mine.js my/mine',
        'src/a.js my/mine',
        'src/b.js format',
        'src/b.js my/mine',
      ],
    },
  ],
  [
    'a shareable config in node_modules',
    {
      tree: { 'eslint.config.js': "import shared from 'eslint-config-shared';\nexport default shared;\n" },
      prepare: (folder) => writeTree(folder, shared("export default [{ rules: { 'no-var': 'error' } }];\n")),
      change: shared('export default [];\n'),
      asked: { eslint: 5 },
      found: OF_PRETTIER,
    },
  ],
  [
    'the version of a Prettier plugin',
    {
      tree: { '.prettierrc': '{ "plugins": ["prettier-plugin-none"] }\n' },
      prepare: (folder) => writeTree(folder, plugin('1.0.0')),
      change: plugin('1.0.1'),
      asked: { prettier: 7 },
      found: [
        'eslint.config.js format',
        'package.json format',
        'src/a.js format',
        'src/b.js format',
        'src/b.js no-var',
      ],
    },
  ],
];

function shared(code: string): Tree {
  return {
    'node_modules/eslint-config-shared/package.json': json({
      name: 'eslint-config-shared',
      type: 'module',
      main: 'index.js',
    }),
    'node_modules/eslint-config-shared/index.js': code,
  };
}

function plugin(version: string): Tree {
  return {
    'node_modules/prettier-plugin-none/package.json': json({ name: 'prettier-plugin-none', version, main: 'index.js' }),
    'node_modules/prettier-plugin-none/index.js': 'module.exports = {};\n',
  };
}

describe('a change of', () => {
  it.each(CHANGES)('%s: what it touches is looked at again', (_, { tree, prepare, change, asked, found }) => {
    const folder = tree === undefined ? settledBase() : settled(tree, prepare);
    writeTree(folder, change);
    const told = check(folder);
    expect(told.asked).toMatchObject(asked);
    expect(told.findings.map(inShort)).toEqual(found);
  });

  it('the environment that a config asks for', () => {
    const config = "export default process.env.STRICT ? [{ rules: { 'no-var': 'error' } }] : [];\n";
    const folder = settled({ 'eslint.config.js': config });
    process.env.STRICT = '1';
    const strict = check(folder);
    delete process.env.STRICT;
    expect(strict.findings.join()).toContain('no-var');
    expect(check(folder).findings.join()).not.toContain('no-var');
  });
});

describe('answers that depend on other files', () => {
  it('of rules that follow imports', () => {
    const folder = settled(
      {
        'eslint.config.js':
          "import plugin from 'eslint-plugin-import-x';\nexport default [{ plugins: { i: plugin }, rules: { 'i/named': 'error' } }];\n",
        'src/b.js': "import { a } from './a.js';\nexport const b = a;\n",
      },
      (folder) => link(folder, 'eslint-plugin-import-x', installed('eslint-plugin-import-x')!),
    );
    writeTree(folder, { 'src/a.js': "export const other = 'a';\n" });
    expect(check(folder).findings.join()).toContain("a not found in './a.js'");
  });

  it('of rules that look up files without reading them', () => {
    const folder = settled(
      {
        'eslint.config.js':
          "import plugin from 'eslint-plugin-import-x';\nexport default [{ plugins: { i: plugin }, rules: { 'i/no-unresolved': 'error' } }];\n",
        'src/b.js': "import { a } from './new.js';\nexport const b = a;\n",
      },
      (folder) => link(folder, 'eslint-plugin-import-x', installed('eslint-plugin-import-x')!),
    );
    expect(check(folder).findings.join()).toContain('no-unresolved');
    writeTree(folder, { 'src/new.js': 'export const a = 1;\n' });
    expect(check(folder).findings.join()).not.toContain('no-unresolved');
  });

  it('of rules that know types, also from files that git ignores', () => {
    const promise = (name: string): string => `export const ${name}: Promise<number> = Promise.resolve(1);\n`;
    const folder = settled(
      {
        '.gitignore': 'node_modules\ngenerated.ts\n',
        'tsconfig.json':
          '{ "compilerOptions": { "strict": true, "lib": ["es2015"], "types": [] }, "include": ["src"] }\n',
        'eslint.config.js':
          "import ts from 'typescript-eslint';\nexport default [{ files: ['**/*.ts'], languageOptions: { parser: ts.parser, parserOptions: { projectService: true } }, plugins: { t: ts.plugin }, rules: { 't/await-thenable': 'error' } }];\n",
        'src/one.ts': promise('one'),
        'src/generated.ts': promise('made'),
        'src/two.ts':
          "import { made } from './generated.js';\nimport { one } from './one.js';\nawait one;\nawait made;\n",
      },
      (folder) => {
        link(folder, 'typescript-eslint', installed('typescript-eslint')!);
        link(folder, 'typescript', installed('typescript')!);
      },
    );
    const told = (findings: readonly string[]): string[] => findings.filter((line) => line.includes('await-thenable'));
    writeTree(folder, { 'src/one.ts': 'export const one = 1;\n' });
    expect(told(check(folder).findings)).toHaveLength(1);
    writeTree(folder, { 'src/generated.ts': 'export const made = 1;\n' });
    expect(told(check(folder).findings)).toHaveLength(2);
    // What is no source is nobody's type.
    writeTree(folder, { 'README.md': '# Hello\n' });
    expect(check(folder).asked).toMatchObject({ prettier: 1 });
  });

  it('of the type checker', () => {
    const folder = settled(
      {
        'package.json': json({ name: 'base', type: 'module', private: true, devDependencies: { typescript: '*' } }),
        'tsconfig.json': '{ "compilerOptions": { "strict": true, "lib": ["es5"], "types": [] }, "include": ["src"] }\n',
        'src/one.ts': 'export const one = 1;\n',
        'src/two.ts': "import { one } from './one.js';\nexport const two: number = one;\n",
      },
      (folder) => link(folder, 'typescript', installed('typescript')!),
    );
    writeTree(folder, { 'src/one.ts': "export const one = 'one';\n" });
    expect(check(folder).findings.join()).toContain('tsc TS2322');
  });

  it('of a file that git ignores', () => {
    const folder = settled({
      '.gitignore': 'node_modules\nlocal.json\n',
      'eslint.config.cjs':
        "const { readFileSync } = require('node:fs');\nmodule.exports = [{ rules: { 'no-var': JSON.parse(readFileSync('local' + '.json', 'utf8')) } }];\n",
      'eslint.config.js': 'export { default } from "./eslint.config.cjs";\n',
      'local.json': '"error"',
    });
    expect(check(folder).findings.join()).toContain('no-var');
    writeFileSync(join(folder, 'local.json'), '"off"');
    expect(check(folder).findings.join()).not.toContain('no-var');
  });
});

describe('the files it is kept in', () => {
  const files = (folder: string): string[] => {
    const dir = join(folder, '.quality/cache/answers');
    return readdirSync(dir).map((name) => join(dir, name));
  };

  it('are dropped where they are damaged, and never believed', () => {
    const folder = settledBase();
    const sound = check(folder).findings;
    rmSync(join(folder, '.quality/cache/answers/standing'));
    for (const file of files(folder)) {
      const bytes = readFileSync(file);
      // An answer that says "nothing to do" where there is something.
      writeFileSync(file, Buffer.from(bytes.toString('latin1').replaceAll('no-var', 'no-foo'), 'latin1'));
    }
    const { findings, asked } = check(folder);
    expect(findings).toEqual(sound);
    expect(asked).not.toEqual({});
    for (const file of files(folder)) writeFileSync(file, readFileSync(file).subarray(0, -7));
    expect(check(folder).findings).toEqual(sound);
    for (const file of files(folder)) appendFileSync(file, 'nonsense\n\0\n@quality-answers-1 0 99999\n');
    expect(check(folder)).toEqual({ findings: sound, asked: {} });
  });

  it('serve several processes at once', async () => {
    const folder = repository(BASE);
    const ended = await Promise.all([1, 2, 3].map(() => startQuality(folder, 'run', ...CHECK, '--quiet').ended));
    expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([1]));
    const { findings, asked } = check(folder);
    expect({ asked, found: findings.map(inShort) }).toEqual({ asked: {}, found: FOUND });
  });

  it('are shown, made smaller, and forgotten', () => {
    const folder = settledBase();
    for (let round = 0; round < 2; round++) {
      writeTree(folder, { 'src/a.js': `export const a = ${String(round)};\n` });
      check(folder);
    }
    const stats = quality(folder, 'cache', 'stats');
    expect(stats).toMatchObject({ code: 0, out: expect.stringMatching(/answers +\d+ entries .* KiB/) as string });
    expect(quality(folder, 'cache', 'optimize').code).toBe(0);
    expect(check(folder).asked).toEqual({});
    expect(quality(folder, 'cache', 'clear')).toMatchObject({
      code: 0,
      out: expect.stringContaining('0.0 KiB now') as string,
    });
    expect(check(folder).asked).toMatchObject({ eslint: 5 });
    rmSync(join(folder, '.quality'), { recursive: true });
    expect(check(folder).asked).toMatchObject({ eslint: 5 });
  });

  it('say why a file was looked at again', () => {
    const folder = settledBase();
    writeTree(folder, { 'src/a.js': 'export {};\n', '.prettierrc': '{}\n' });
    const { out } = quality(folder, 'run', ...CHECK, '--explain-cache');
    expect(out).toContain('eslint looks again at src/a.js: the content is another one');
    expect(out).toMatch(/prettier looks again at .*docs\/c\.js.*: changed: \.prettierrc/);
  });
});

type Change = (folder: string) => void;

/** Edits, edits of configs, branches and upgrades, as they come. */
const ANY_CHANGE: fc.Arbitrary<Change> = fc.oneof(
  fc
    .record({
      path: fc.constantFrom('src/a.js', 'src/b.js', 'docs/c.js', 'docs/new.js'),
      text: fc.constantFrom('var a = 1;\n', 'export const a = "x"\n', 'let = ;\n', "export const a = 'x';\n"),
    })
    .map(
      ({ path, text }) =>
        (folder: string) =>
          writeTree(folder, { [path]: text }),
    ),
  fc.constantFrom('{}\n', '{ "semi": false }\n', '{ "singleQuote": true }\n').map((text) => (folder: string) => {
    writeTree(folder, { '.prettierrc': text });
  }),
  fc.constantFrom('docs\n', '').map((text) => (folder: string) => writeTree(folder, { '.prettierignore': text })),
  fc.constantFrom(ESLINT, 'export default [];\n', "export { default } from './rules.js';\n").map((text) => {
    return (folder: string) => writeTree(folder, { 'eslint.config.js': text });
  }),
  fc.constantFrom("'no-var': 'warn'", "'no-undef': 'error'").map((rule) => (folder: string) => {
    writeTree(folder, { 'rules.js': `export default [{ rules: { ${rule} } }];\n` });
  }),
  fc.constantFrom('1.0.0', '2.0.0').map((version) => (folder: string) => writeTree(folder, plugin(version))),
  fc.constant((folder: string) => {
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--allow-empty', '--message=step');
  }),
  fc.constant((folder: string) => git(folder, 'checkout', '--quiet', '--force', 'main')),
  fc.constant((folder: string) => git(folder, 'checkout', '--quiet', '--force', '-B', 'side')),
);

describe('whatever happens between runs', () => {
  it('a run with the cache finds what a run without it finds', () => {
    const folder = repository({ ...BASE, 'rules.js': 'export default [];\n' });
    const property = fc.property(fc.array(ANY_CHANGE, { minLength: 1, maxLength: 3 }), (changes) => {
      for (const change of changes) change(folder);
      expectTrue(folder);
    });
    fc.assert(property, { numRuns: 6, seed: 4, endOnFailure: true });
  });
});
