/** What `analyze` measures, and which files it says would repay work. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import type { Report } from '../src/model/report.js';
import { complexities } from '../src/tools/analyze/complexity.js';
import { quality } from './quality.js';
import { git, repository } from './rig.js';

/** [cyclomatic, cognitive] of the first function; the second as SonarSource's own rule S3776 counts. */
const FUNCTIONS: readonly (readonly [code: string, cyclomatic: number, cognitive: number])[] = [
  ['function a() { return 1; }', 1, 0],
  ['function a() { if (x) { y(); } else if (z) { y(); } else { y(); } }', 3, 3],
  ['function a() { for (const b of c) { if (b) { while (d) e(); } } }', 4, 6],
  ['function a() { switch (b) { case 1: c(); break; case 2: if (d) e(); break; default: f(); } }', 4, 3],
  ['function a() { try { b(); } catch { if (c) d(); } }', 3, 3],
  ['function a() { return b && c && d; }', 3, 1],
  ['function a() { return (b && c) || (d && e); }', 4, 2],
  ['function a() { return b || c; }', 2, 0],
  ['function a() { l: for (;;) { for (;;) continue l; } }', 3, 4],
  ['function a() { return b ? (c ? 1 : 2) : 3; }', 3, 3],
  ['const a = () => { if (b) return; else c(); };', 2, 2],
];

describe('complexity', () => {
  it.each(FUNCTIONS)('%s', (code, cyclomatic, cognitive) => {
    const [first] = complexities(parseSync('a.js', code, { preserveParens: false }).program);
    expect(first).toMatchObject({ name: 'a', complexity: cyclomatic, cognitive });
  });

  it('counts what is in an inner function for that one, nested by what it stands in', () => {
    const code = 'function a() { return b.map(function c(d) { if (d) e(); }); }';
    const found = complexities(parseSync('a.js', code).program);
    expect(found.map(({ name, cognitive }) => [name, cognitive])).toEqual([
      ['a', 0],
      ['c', 2],
    ]);
  });
});

describe('analyze', () => {
  const hard = `export function hard(a, b) {\n${'  if (a) {\n    if (b) b = 1;\n    else b = 2;\n  }\n'.repeat(6)}  return b;\n}\n`;
  const twice = Array.from(
    { length: 30 },
    (_, line) => `export const value${line} = call(${line}, 'text', [${line}]);\n`,
  ).join('');

  it('names the files that would repay work most, each with its reasons', () => {
    const root = repository({
      'src/often.js': hard,
      'src/never.js': hard.replaceAll('hard', 'other'),
      'src/twice-1.js': twice,
      'src/twice-2.js': twice,
      'src/plain.js': 'export const a = 1;\n',
    });
    for (const number of [1, 2, 3]) {
      writeFileSync(join(root, 'src/often.js'), `// ${number}\n${hard}`);
      git(root, 'commit', '-qam', 'again');
    }
    const report = JSON.parse(quality(root, 'analyze', '--reporter', 'json').out) as Report;
    const { repaying, totals, hotSpots, functions, density } = report.analysis!;
    expect(repaying[0]).toEqual({
      path: 'src/often.js',
      reasons: [
        'changed in 4 commits of the last year',
        'cognitive complexity 24, hard alone 24',
        '27 of its 28 lines stand twice',
      ],
    });
    expect(repaying.map(({ path }) => path)).not.toContain('src/plain.js');
    const copied = repaying.find(({ path }) => path === 'src/twice-1.js');
    expect(copied?.reasons).toContain('30 of its 30 lines stand twice');
    expect(hotSpots[0]).toMatchObject({ path: 'src/often.js', changes: 4, complexity: 13 });
    expect(functions[0]).toMatchObject({ cognitive: 24, complexity: 13 });
    expect(functions.find(({ path }) => path === 'src/often.js')?.line).toBe(2);
    expect(totals).toMatchObject({ functions: 2, complexity: 26, cognitive: 48 });
    // Nobody has looked for any.
    expect(density).toBeNull();
    const text = quality(root, 'report').out;
    expect(text.split('\n').length).toBeLessThan(50);
    expect(text).toMatch(/^Files that would repay work most\n {2}src\/often\.js {2}changed in 4 commits/);
  });
});
