/** What a project's own commands say, said once and the same on every machine; and what the plan says beforehand. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../src/model/diagnostic.js';
import { quality, report } from './quality.js';
import { repository } from './rig.js';
import { installed } from './tool-rig.js';

const json = (value: unknown): string => JSON.stringify(value);

/** Crashes where a file says `boom`; what is `old` is a finding. */
const HOUSE = `export default [{ plugins: { house: { rules: { house: { create: (context) => ({ Identifier(node) {
  if (node.name === 'boom') throw new Error('the house fell down');
  if (node.name === 'old') context.report({ node, message: 'too old' });
} }) } } } }, rules: { 'house/house': 'error' } }];\n`;

const member = (scripts: object, sources: Readonly<Record<string, string>>, name: string) => ({
  [`packages/${name}/package.json`]: json({ scripts }),
  [`packages/${name}/eslint.config.js`]: HOUSE,
  ...Object.fromEntries(Object.entries(sources).map(([path, text]) => [`packages/${name}/${path}`, text])),
});

const TREE = {
  'package.json': json({
    type: 'module',
    workspaces: ['packages/*'],
    scripts: { format: 'prettier --check packages "docs/**/*.md"' },
  }),
  '.prettierrc.json': '{}\n',
  '.prettierignore': '# not ours\ngenerated/\npackage.json\neslint.config.js\n',
  '.gitignore': 'built\n',
  ...member({ lint: 'eslint src examples' }, { 'src/a.js': 'old;\n', 'src/generated/b.js': 'x;\n' }, 'a'),
  ...member({ lint: 'eslint src built "built/*.js" "*.none"' }, { 'src/a.js': 'boom;\n', 'src/z.js': 'old;\n' }, 'b'),
  ...member(
    { lint: 'eslint src --no-error-on-unmatched-pattern nowhere' },
    {
      ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`src/${name}.js`, 'boom;\n'])),
      'src/z.js': 'old;\n',
    },
    'c',
  ),
};

const UNMATCHED = [
  'packages/a/package.json scripts.lint: No files matching the pattern "examples" were found.',
  'packages/b/package.json scripts.lint: No files matching the pattern "*.none" were found.',
  'package.json scripts.format: No files matching the pattern "docs/**/*.md" were found.',
];

const folder: { path: string } = { path: '' };
beforeAll(() => {
  folder.path = repository({ ...TREE, 'packages/b/built/out.none.js': '' });
});

const shown = ({ tool, rule, path, message }: Diagnostic): string =>
  [tool, rule, path, message.split('\n')[0]].map(String).join(' | ');

/** Whatever is wrong, and the words of the crash. */
function verified(...args: string[]): string[] {
  return report(folder.path, '--only', 'verify', ...args).report.findings.map(shown);
}

describe('verify', () => {
  it('says which names no file answers to, looks at the others, and says a crash by itself once', () => {
    const crash = 'ESLint crashed: the house fell down';
    const own = ['src/a.js', 'src/z.js'].map((path) => eslintWords('packages/b', path));
    expect(own).toEqual([expect.stringContaining('the house fell down'), expect.stringContaining('too old')]);
    expect(verified().sort()).toEqual(
      [
        ...UNMATCHED.map((words, at) => `${at < 2 ? 'eslint' : 'prettier'} | unmatched-pattern | null | ${words}`),
        'eslint | house/house | packages/a/src/a.js | too old',
        'eslint | house/house | packages/b/src/z.js | too old',
        'eslint | house/house | packages/c/src/z.js | too old',
        `eslint | tool-crashed | null | ${crash}`,
      ].sort(),
    );
    expect(verified('packages/b/src')).toEqual([
      `eslint | tool-crashed | packages/b/src/a.js | ${crash}`,
      'eslint | house/house | packages/b/src/z.js | too old',
    ]);
  });

  it('names files in messages from the root, so that they are the same everywhere', () => {
    const bad = repository({
      'package.json': json({ scripts: { lint: 'eslint .' } }),
      'eslint.config.js': 'import "./gone.js";\nexport default [];\n',
      'a.js': 'a;\n',
    });
    const { findings } = report(bad, '--only', 'verify').report;
    expect(findings.map(({ path, rule }) => [path, rule])).toEqual([['eslint.config.js', 'tool-config']]);
    expect(findings[0]?.message).toContain("Cannot find module 'gone.js' imported from eslint.config.js");
    expect(findings[0]?.message).not.toContain(bad);
  });
});

function eslintWords(dir: string, path: string): string {
  const program = join(installed('eslint')!, 'bin', 'eslint.js');
  try {
    return execFileSync(process.execPath, [program, path], {
      cwd: join(folder.path, dir),
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

describe('the plan', () => {
  it('says each step in short and each tool once, with its files, its reason, and what it passes over', () => {
    const text = quality(folder.path, 'plan').out;
    const plain = text.replace(/\b\d+\.\d+\.\d+\b|(?<=cleanup )\d+/g, 'V').split('\n');
    const section = (title: string): string[] => {
      const start = plain.findIndex((line) => line.startsWith(title));
      const rest = plain.slice(start);
      return rest.slice(1, rest.indexOf(''));
    };
    expect(section('phase-1')).toEqual([
      '  verify-1  reads, nothing comes before it',
      '    format      prettier  9 files',
      '    lint        eslint in 3 folders  10 files',
    ]);
    expect(section('phase-4').slice(1)).toEqual(['    the same as verify-1']);
    const because = './eslint.config.js; ./package.json scripts.lint: eslint src';
    expect(section('tools')).toEqual([
      '  prettier V (bundled), 9 files: .prettierrc.json; package.json scripts.format: prettier --check packages docs/**/*.md',
      `  eslint V (bundled) in packages/a, 2 files: ${because} examples`,
      `  eslint V (bundled) in packages/b, 2 files: ${because} built built/*.js *.none`,
      `  eslint V (bundled) in packages/c, 6 files: ${because} --no-error-on-unmatched-pattern nowhere`,
      '  cleanup V (bundled), 10 files: the workspace has JavaScript or TypeScript',
    ]);
    expect(section('already found')).toEqual(
      UNMATCHED.map((words, at) => `  ${at < 2 ? 'eslint' : 'prettier'}: ${words}`).sort(),
    );
    expect(text).not.toMatch(/@ |@$|scope from/m);
  });

  it('groups packages that do the same', () => {
    const same = (name: string) => member({ lint: 'eslint src' }, { 'src/a.js': 'a;\n' }, name);
    const root = repository({ 'package.json': json({ workspaces: ['packages/*'] }), ...same('a'), ...same('b') });
    expect(quality(root, 'plan', '--only', 'verify').out).toMatch(
      /eslint \S+ \(bundled\) in 2 folders \(packages\/a, packages\/b\), 2 files: \.\/eslint\.config\.js; \.\/package\.json scripts\.lint: eslint src\n/,
    );
  });
});
