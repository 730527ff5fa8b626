import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../corpus/world.js';
import type { Contender, Measured } from '../measure/contest.js';
import { git } from '../measure/tree.js';
import { tool } from '../places.js';
import { ours } from './contenders.js';
import { type Bound, type Context, type Result, type Scenario, at, differencesOf, ratioBound } from './scenario.js';

const COUNTS = [1, 20, 200];
const RATIO = 0.75;

const FIX = [...tool('eslint'), '--fix'].join(' ');
const WRITE = [...tool('prettier'), '--write'].join(' ');

const FILES = {
  '.lintstagedrc.json': `${JSON.stringify({ '*.ts': [FIX, WRITE] }, null, 2)}\n`,
  'lefthook.yml': [
    'pre-commit:',
    '  piped: true',
    '  commands:',
    ...[FIX, WRITE].flatMap((line, number) => [
      `    step-${String(number)}:`,
      "      glob: '*.ts'",
      `      run: ${line} {staged_files}`,
      '      stage_fixed: true',
    ]),
    '',
  ].join('\n'),
  '.pre-commit-config.yaml': [
    'repos:',
    '  - repo: local',
    '    hooks:',
    ...[FIX, WRITE].map(
      (line, number) =>
        `      - { id: step-${String(number)}, name: step, entry: '${line}', language: system, files: '\\.ts$' }`,
    ),
    '',
  ].join('\n'),
};

export const staged: Scenario = {
  name: 'staged',
  about: 'files to fix are staged, half of them in part; the peers run ESLint and Prettier on them',
  sizes: [1000],
  measure: async (context, size) => {
    const worlds = Array.from({ length: 4 }, () => context.makeWorld({ size, kind: 'lint', files: FILES }));
    const results: Result[] = [];
    for (const count of COUNTS.filter((one) => one <= size)) results.push(await measureCount(context, worlds, count));
    return results;
  },
};

async function measureCount({ contest }: Context, worlds: readonly World[], count: number): Promise<Result> {
  const [one, two, three, four] = worlds.map((world) => ({ world, paths: spread(world, count) }));
  if (!one || !two || !three || !four) throw new Error('There is a world for each');
  const measured = await contest([
    staging(one, ours(one.world, 'run', '--staged')),
    staging(two, peer(two.world, 'lint-staged', tool('lint-staged'))),
    staging(three, peer(three.world, 'lefthook', [...tool('lefthook'), 'run', 'pre-commit'])),
    // What it has fixed is for people to stage, so that it always ends with 1.
    staging(four, peer(four.world, 'prek', [...tool('prek'), 'run'])),
  ]);
  const [quality, ...peers] = measured;
  if (quality === undefined) throw new Error('Nothing was measured');
  return {
    scenario: 'staged',
    size: one.world.paths.length,
    changed: count,
    measured,
    bounds: [boundOf(quality, peers)],
    differences: [...differencesOf(quality, at(measured, 1)), ...indexDifferences(one.world, two.world)],
  };
}

function boundOf(quality: Measured, peers: readonly Measured[]): Bound {
  const [fastest] = [...peers].sort((a, b) => a.wall.median - b.wall.median);
  if (fastest === undefined) throw new Error('There is no peer');
  return ratioBound(`of the fastest, ${fastest.name}`, [quality, fastest], RATIO);
}

/** What would be committed. */
function indexDifferences(here: World, there: World): string[] {
  const [ours, theirs] = [here, there].map(({ folder }) => git(folder, 'write-tree'));
  return ours === theirs ? [] : ['quality and lint-staged staged different contents'];
}

interface Staging {
  readonly world: World;
  readonly paths: readonly string[];
}

/** Evenly over the corpus. */
function spread({ paths }: World, count: number): string[] {
  const scripts = paths.filter((path) => path.endsWith('.ts'));
  return Array.from({ length: count }, (_, number) => scripts[Math.floor((number * scripts.length) / count)] ?? '');
}

function peer({ folder }: World, name: string, words: readonly string[]): Contender {
  return { name, folder, commands: [{ words }] };
}

/** Something new to format at the end of each file; every other one has a line at its beginning that is not staged. */
function staging({ world: { folder }, paths }: Staging, contender: Contender): Contender {
  const before = (run: number): void => {
    git(folder, 'reset', '--quiet', '--hard');
    const name = `staged${String(paths.length)}Times${String(run + 1)}`;
    for (const path of paths) edit(join(folder, path), (text) => `${text}\nexport const   ${name} = {a:1,   b: 2}\n`);
    git(folder, 'add', '--', ...paths);
    const partly = paths.filter((_, number) => number % 2 === 1);
    for (const path of partly) edit(join(folder, path), (text) => `// ${name}\n${text}`);
  };
  return { ...contender, warm: true, before };
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
