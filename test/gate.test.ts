/** What the gate looks at while it narrows, whom it suspects first, and what it leaves behind. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configOf, run, tool } from './fixtures-tools/rig.js';
import { PACKAGE_FOLDER, treeOf } from './quality.js';
import { read, repository, temporaryFolder } from './rig.js';

const numbered = (count: number, number: (index: number) => number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `src/n${String(index)}.js`,
      `export const n = ${String(number(index))};\n`,
    ]),
  );
const editing = (tree: Record<string, string>) => ({
  run: tool('edit', ...Object.entries(tree).flat()),
  effect: 'writes',
});

describe.concurrent('while it narrows', () => {
  it('only what has shown the finding is asked again; all of it once more in the end', async () => {
    const counter = join(temporaryFolder(), 'counter');
    const before = numbered(40, () => 0);
    // Nothing names or imports what breaks the types: a declaration for all.
    const after = { ...numbered(40, () => 2), 'lib/t.d.ts': 'declare const shared: string;\n' };
    const folder = repository({
      ...before,
      'lib/t.d.ts': 'declare const shared: number;\n',
      'lib/use.ts': 'export const double: number = shared * 2;\n',
      'tsconfig.json':
        '{ "compilerOptions": { "strict": true, "noEmit": true, "skipLibCheck": true, "lib": ["es5"], "types": [] }, "include": ["lib"] }\n',
      'package.json': '{ "type": "module", "devDependencies": { "typescript": "*" } }\n',
      '.gitignore': 'node_modules\n',
      'node_modules/typescript': { link: join(PACKAGE_FOLDER, 'node_modules/typescript') },
      ...configOf({
        verify: { checks: ['types'], tests: [tool('nth', counter, '99')] },
        commands: { own: editing(after) },
      }),
    });
    const { code, report, events } = await run(folder, ['--only', 'own', '--gate', 'tests']);
    expect(code).toBe(4);
    expect(report.refused.map((one) => one.path)).toEqual(['lib/t.d.ts']);
    expect(events.find((event) => event.type === 'gate-judged')?.verifications).toBeGreaterThan(4);
    // Before, after, and in the end.
    expect(readFileSync(counter, 'utf8')).toHaveLength(3);
  });

  it('files that a failing test names are suspected first', async () => {
    const after = numbered(60, (index) => (index === 41 ? 500 : 2));
    const folder = repository({
      ...numbered(60, () => 0),
      ...configOf({ verify: { checks: [], tests: [tool('check-sum')] }, commands: { own: editing(after) } }),
    });
    const { report, events } = await run(folder, ['--only', 'own', '--gate', 'tests']);
    expect(report.refused.map((one) => one.path)).toEqual(['src/n41.js']);
    expect(events.find((event) => event.type === 'gate-judged')?.verifications).toBe(1);
  });

  it('of a test that only fails, two culprits are found one after the other', async () => {
    const after = numbered(40, (index) => (index === 7 || index === 29 ? 500 : 2));
    const folder = repository({
      ...numbered(40, () => 0),
      ...configOf({
        verify: { checks: [], tests: [['/bin/sh', '-c', '! grep -q 500 src/*.js']] },
        commands: { own: editing(after) },
      }),
    });
    const { report } = await run(folder, ['--only', 'own', '--gate', 'tests']);
    expect(report.refused.map((one) => one.path).sort()).toEqual(['src/n29.js', 'src/n7.js']);
    expect(report.findings).toEqual([]);
  });

  it('a failing test that says where it stands is not taken for flaky', async () => {
    const folder = repository({
      'b.txt': 'b\n',
      ...configOf({
        verify: {
          checks: [],
          tests: [['/bin/sh', '-c', 'grep -q b b.txt || { echo "not ok - $PWD/b.txt"; exit 1; }']],
        },
        commands: { own: editing({ 'b.txt': 'new\n' }) },
      }),
    });
    const { code, report } = await run(folder, ['--only', 'own', '--gate', 'tests']);
    expect([code, report.notices]).toEqual([4, []]);
    expect(read(folder, 'b.txt')).toBe('b\n');
  });
});

describe('what the gate takes back', () => {
  it('leaves files, folders and links as they were, whatever has become of them in between', async () => {
    const shell = (script: string, after: readonly string[]) => ({
      run: ['/bin/sh', '-c', script],
      effect: 'writes',
      after,
    });
    const folder = repository({
      'swap/one.txt': '1\n',
      'swap/deep/two.txt': '2\n',
      plain: 'file\n',
      'run.sh': 'echo\n',
      'kept.txt': 'kept\n',
      ...configOf({
        // Content with all as it was; not with a file in its place, nor with what stands there later.
        verify: { checks: [], tests: [['/bin/sh', '-c', 'test -f swap/one.txt && test -f plain && test ! -x run.sh']] },
        commands: {
          one: shell(
            'rm -r swap; echo s > swap; rm plain; mkdir plain; echo x > plain/x; chmod +x run.sh; echo more >> kept.txt',
            [],
          ),
          two: shell('rm swap; mkdir -p swap/deep; echo new > swap/deep/three.txt; rm -r plain; echo again > plain', [
            'one',
          ]),
        },
      }),
    });
    const before = treeOf(folder);
    const { code } = await run(folder, ['--only', 'one,two', '--gate', 'tests', '--on-regression', 'rollback']);
    expect(code).toBe(4);
    expect(treeOf(folder)).toEqual(before);
    expect(existsSync(join(folder, 'plain/x'))).toBe(false);
    const narrowed = await run(folder, ['--only', 'one,two', '--gate', 'tests']);
    expect(narrowed.report).toMatchObject({ failures: [], findings: [] });
    const { 'run.sh': script, 'swap/one.txt': one } = before;
    expect(treeOf(folder)).toMatchObject({ 'run.sh': script, 'swap/one.txt': one });
    expect(read(folder, 'kept.txt')).toBe('kept\nmore\n');
  });
});
