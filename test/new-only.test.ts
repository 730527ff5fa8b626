/** `--new-only --since REF`: what the commit that work began from had already fails nothing; what is new does, wherever it is. */
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownFindings, withKnown } from '../src/baseline.js';
import type { BaselineEntry } from '../src/model/baseline.js';
import type { Diagnostic } from '../src/model/diagnostic.js';
import type { Report } from '../src/model/report.js';
import { PACKAGE_FOLDER, quality, report } from './quality.js';
import { git, read, repository, temporaryFolder, writeTree } from './rig.js';

/** Finds every line that begins with `var`, by a script. */
const QUICK = {
  '.gitignore': 'made/\n',
  'src/a.js': 'var one = 1;\nexport { one };\n',
  '.quality-config.json': JSON.stringify({
    commands: { lint: { run: ['sh', 'lint.sh'], output: 'gcc' } },
    workflows: { quick: { steps: ['lint'] } },
  }),
  'lint.sh':
    "! find . -name '*.js' | sort | xargs grep -HnE '^var ' | sed -e 's,^\\./,,' -e 's/:var.*/:1: error: Old [no-var]/' | grep .\n",
};

const NEW = ['--check', '--new-only', '--since'];
const QUICKLY = ['--workflow', 'quick', ...NEW];
const edit = (folder: string, path: string, change: (text: string) => string): void =>
  writeFileSync(join(folder, path), change(read(folder, path)));
const commit = (folder: string): void => {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=more');
};
const shown = ({ findings }: Report): string[] =>
  findings.map(({ path, rule, start }) => `${String(path)}:${String(start?.line)} ${String(rule)}`);
const LOOKED = 'first, to tell what is new';

describe('--new-only', () => {
  it('a type error in a file that nobody touched counts; what was there before does not, nor what was moved', () => {
    const folder = repository({
      '.gitignore': 'node_modules\nmade\n',
      'package.json': '{ "name": "n", "type": "module", "private": true, "scripts": { "types": "tsc -p ." } }\n',
      'tsconfig.json':
        '{ "compilerOptions": { "strict": true, "noEmit": true, "types": [], "lib": ["es5"], "skipLibCheck": true }, "include": ["src"] }\n',
      'src/a.ts': 'export function a() {\n  return 1;\n}\nexport const old: string = 1;\n',
      'src/b.ts':
        "import { a } from './a';\nimport { made } from '../made/it';\nexport const b: number = a() + made;\n",
      'src/c.ts': 'export const c: string = 1;\n',
    });
    symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'));
    // Git ignores it, and the compiler needs it.
    writeTree(folder, { 'made/it.ts': 'export const made = 1;\n' });
    git(folder, 'checkout', '--quiet', '-b', 'work');
    edit(folder, 'src/a.ts', (text) => `// a\n${text.replace('return 1', "return 'x'")}`);
    commit(folder);
    mkdirSync(join(folder, 'src/deep'));
    renameSync(join(folder, 'src/c.ts'), join(folder, 'src/deep/c.ts'));
    const sarif = join(folder, 'made', 'out.sarif');
    const first = report(folder, '--only', 'verify', ...NEW, 'main', '--report', `sarif=${sarif}`);
    expect(first.err).toContain(`Looking at main (${git(folder, 'rev-parse', 'main').slice(0, 10)}) ${LOOKED}`);
    expect(first.code).toBe(1);
    expect(shown(first.report)).toEqual(['src/b.ts:3 TS2322']);
    expect(first.report.base).toEqual({ ref: 'main', commit: git(folder, 'rev-parse', 'main').trim() });
    expect(first.report.known.map(({ path, known }) => `${String(path)} ${String(known)}`)).toEqual([
      'src/a.ts base',
      'src/deep/c.ts base',
    ]);
    expect(statesIn(sarif)).toEqual(['new src/b.ts', 'unchanged src/a.ts', 'unchanged src/deep/c.ts']);
    edit(folder, 'src/b.ts', (text) => text.replace('a() + made', 'made'));
    const again = quality(folder, 'verify', ...NEW.slice(1), 'main');
    expect(again, 'the base is not looked at again').toMatchObject({ code: 0, err: '' });
    expect(again.out).toMatch(/2 known findings are in main \([0-9a-f]{10}\) already/);
    // What git ignores and the compiler reads is part of both.
    writeTree(folder, { 'made/it.ts': "export const made = 'x';\n" });
    const other = quality(folder, 'verify', ...NEW.slice(1), 'main');
    expect(other.err).toContain(LOOKED);
    expect(other).toMatchObject({ code: 0, out: expect.stringContaining('3 known findings are in main') as string });
  });

  it('only new changes are to be made, and only in what was changed are they', () => {
    const folder = repository({
      'package.json': '{ "name": "n", "private": true, "scripts": { "format": "prettier --write ." } }\n',
      '.prettierrc': '{}\n',
      'a.js': 'f( 1 )\n',
      'b.js': 'f(2);\n',
      'c.js': 'f( 3 )\n',
    });
    edit(folder, 'a.js', (text) => `${text}f( 1 )\n`);
    const old = report(folder, ...NEW, 'HEAD');
    expect(old).toMatchObject({ code: 0, report: { status: 'clean', findings: [], known: { length: 3 } } });
    expect(old.report.changes).toMatchObject([{ path: 'a.js', known: true }]);
    expect(old.report.steps[0]?.known, 'what is the same in both is asked about once').toBe(4);
    edit(folder, 'b.js', () => 'f( 2 )\n');
    const told = report(folder, ...NEW, 'HEAD');
    expect(told).toMatchObject({ code: 1, report: { findings: [{ path: 'b.js', rule: 'format' }] } });
    expect(report(folder, '--new-only', '--since', 'HEAD')).toMatchObject({ code: 0, report: { findings: [] } });
    expect([read(folder, 'a.js'), read(folder, 'b.js'), read(folder, 'c.js')]).toEqual([
      'f(1);\nf(1);\n',
      'f(2);\n',
      'f( 3 )\n',
    ]);
  });

  it('is one with the baseline: what both know is known once', () => {
    const folder = repository(QUICK);
    quality(folder, 'baseline', 'create', '--workflow', 'quick');
    edit(folder, 'src/a.js', (text) => `${text}var two = 2;\n`);
    commit(folder);
    expect(report(folder, ...QUICKLY, 'HEAD')).toMatchObject({
      code: 0,
      report: { findings: [], known: [{ known: 'baseline' }, { known: 'base' }] },
    });
    edit(folder, 'src/a.js', (text) => `${text}var three = 3;\n`);
    const sarif = join(folder, 'made', 'out.sarif');
    const told = report(folder, ...QUICKLY, 'HEAD', '--report', `sarif=${sarif}`);
    expect(shown(told.report)).toEqual(['src/a.js:4 no-var']);
    expect(statesIn(sarif)).toEqual([
      'new src/a.js',
      'unchanged src/a.js In .quality-baseline.jsonl',
      'unchanged src/a.js',
    ]);
    expect(report(folder, '--workflow', 'quick', '--check').report.findings).toHaveLength(2);
  });

  it('what a tool could not look for in the base is new', () => {
    const folder = repository({ ...QUICK, 'lint.sh': 'kill -9 $$\n' });
    writeTree(folder, { 'lint.sh': QUICK['lint.sh'] });
    const told = report(folder, ...QUICKLY, 'HEAD');
    expect(shown(told.report)).toEqual(['src/a.js:1 no-var']);
    expect(told.err).toMatch(/In HEAD \(\w+\): .*What would have been found there counts as new/);
  });

  it('a test that fails counts, whatever failed in the base', () => {
    const folder = repository({
      'a.md': '# a\n',
      '.quality-config.json': JSON.stringify({
        verify: { checks: [], tests: [['sh', '-c', 'echo x >> ran; exit 1']] },
      }),
    });
    expect(report(folder, '--only', 'verify', ...NEW, 'HEAD').report.findings).toHaveLength(1);
    expect(quality(folder, 'verify', ...NEW.slice(1), 'HEAD')).toMatchObject({ code: 1, err: '' });
  });

  it('a folder of the repository, one that is new too', () => {
    const folder = repository(Object.fromEntries(Object.entries(QUICK).map(([path, text]) => [`x/${path}`, text])));
    writeTree(join(folder, 'y'), QUICK);
    edit(folder, 'x/src/a.js', (text) => `${text}var two = 2;\n`);
    expect(shown(report(join(folder, 'x'), ...QUICKLY, 'HEAD').report)).toEqual(['src/a.js:3 no-var']);
    expect(shown(report(join(folder, 'y'), ...QUICKLY, 'HEAD').report)).toEqual(['src/a.js:1 no-var']);
  });

  it('says what to compare with, and what to fetch, and guesses nothing', () => {
    const origin = repository(QUICK);
    const base = git(origin, 'rev-parse', 'HEAD').trim();
    git(origin, 'checkout', '--quiet', '-b', 'work');
    edit(origin, 'src/a.js', (text) => `${text}var two = 2;\n`);
    commit(origin);
    const folder = join(temporaryFolder(), 'clone');
    git(origin, 'clone', '--quiet', '--depth=1', '--branch=work', `file://${origin}`, folder);
    const refused = (...args: string[]): string => {
      const { code, err } = quality(folder, 'run', '--workflow', 'quick', '--check', '--new-only', ...args);
      expect(code).toBe(2);
      return err;
    };
    expect(refused()).toContain('`--new-only` needs `--since <ref>`');
    expect(refused('--since', '0'.repeat(40))).toContain('is no commit');
    expect(refused('--since', 'HEAD~1')).toContain('git fetch --deepen=50');
    const fetchBranch = 'git fetch --depth=1 origin main:refs/remotes/origin/main';
    expect(refused('--since', 'origin/main')).toContain(fetchBranch);
    const fetchCommit = `git fetch --depth=1 origin ${base}`;
    const told = refused('--since', base);
    expect(told).toContain(`The commit ${base} is not in this clone`);
    expect(told).toContain(`\`${fetchCommit}\`; or let actions/checkout have \`fetch-depth: 0\``);
    git(folder, ...fetchCommit.split(' ').slice(1));
    const done = report(folder, ...QUICKLY, base);
    expect(shown(done.report)).toEqual(['src/a.js:3 no-var']);
    expect(done.err).not.toContain('too shallow');
    git(origin, 'checkout', '--quiet', 'main');
    git(origin, 'commit', '--quiet', '--allow-empty', '--message=later');
    git(folder, ...fetchBranch.split(' ').slice(1));
    const later = report(folder, ...QUICKLY, 'origin/main');
    expect(shown(later.report)).toEqual(['src/a.js:3 no-var']);
    expect(later.err).toContain('too shallow to tell where HEAD and origin/main parted');
    expect(refused()).toContain('`--since origin/work`');
    rmSync(join(folder, '.git'), { recursive: true });
    expect(refused('--since', base)).toContain('needs a git repository');
  });

  it('whatever baseline and base know, no more is known than either of them has of a kind', () => {
    const root = '/nowhere';
    const kind = fc.constantFrom('m', 'n');
    const entry = (message: string): BaselineEntry => ({ path: 'a.js', tool: 't', rule: 'r', message, text: null });
    const many = fc.array(kind, { maxLength: 6 });
    const of = (all: readonly string[], one: string): number => all.filter((other) => other === one).length;
    fc.assert(
      fc.property(many, many, many, (accepted, before, now) => {
        const base = { ref: 'x', commit: 'y', entries: before.map(entry) };
        const diagnostics = now.map((message): Diagnostic => ({
          tool: 't',
          rule: 'r',
          severity: 'error',
          message,
          path: 'a.js',
        }));
        const known = knownFindings(root, accepted.map(entry), base);
        const marked = withKnown({ type: 'findings', step: 's', of: 'verify', diagnostics }, root, known);
        const fresh = (marked.type === 'findings' ? marked.diagnostics : []).filter((one) => one.known === undefined);
        for (const one of ['m', 'n'])
          expect(fresh.filter(({ message }) => message === one)).toHaveLength(
            Math.max(0, of(now, one) - Math.max(of(accepted, one), of(before, one))),
          );
      }),
    );
  });
});

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly baselineState: string;
      readonly locations: readonly [
        { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } },
      ];
      readonly suppressions?: readonly [{ readonly justification: string }];
    }[];
  }[];
}

function statesIn(file: string): string[] {
  const { runs } = JSON.parse(readFileSync(file, 'utf8')) as Sarif;
  return (runs[0]?.results ?? []).map(({ baselineState, locations: [{ physicalLocation }], suppressions }) =>
    [baselineState, physicalLocation.artifactLocation.uri, suppressions?.[0].justification].join(' ').trim(),
  );
}
