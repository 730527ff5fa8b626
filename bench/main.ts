/** `npm run bench -- --only no-change --size 1000 --runs 3`: quality against its peers, and what may come of it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openPool } from './corpus/pool.js';
import { makeWorld, removeWorlds } from './corpus/world.js';
import { stopRunning } from './measure/command.js';
import { contest } from './measure/contest.js';
import { RESULTS } from './places.js';
import { drawPicture } from './report/picture.js';
import { showBound, showResult } from './report/table.js';
import { SCENARIOS, scenariosOf } from './scenarios/all.js';
import { growthBounds } from './scenarios/growth.js';
import type { Context, Result } from './scenarios/scenario.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    size: { type: 'string', default: '' },
    runs: { type: 'string', default: '5' },
    out: { type: 'string', default: RESULTS },
    list: { type: 'boolean', default: false },
  },
});

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    // What is being measured ends first, and its end ends us: until then it may be writing.
    if (stopRunning()) return;
    removeWorlds();
    process.exit(1);
  });

const listed = (text: string): string[] => text.split(',').filter((word) => word !== '');
const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function measureAll(): Promise<Result[]> {
  const scenarios = scenariosOf(listed(values.only));
  const sizes = listed(values.size).map(Number);
  const pool = openPool(say);
  const context: Context = {
    makeWorld: (wanted) => makeWorld(pool, wanted),
    contest: (contenders) => contest(contenders, Number(values.runs)),
  };
  const results: Result[] = [];
  for (const scenario of scenarios)
    for (const size of sizes.length === 0 ? scenario.sizes : sizes) {
      say(`${scenario.name}, ${String(size)} files: ${scenario.about}`);
      const measured = await scenario.measure(context, size);
      for (const result of measured) process.stdout.write(`${showResult(result)}\n`);
      results.push(...measured);
      keep(results);
      removeWorlds();
    }
  return results;
}

/** After each scenario: all of them together take hours. */
function keep(results: readonly Result[]): void {
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryMiB: Math.round(totalmem() / 1024 ** 2),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
  mkdirSync(values.out, { recursive: true });
  writeFileSync(
    join(values.out, 'results.json'),
    `${JSON.stringify({ machine, results, growth: growthBounds(results) }, null, 2)}\n`,
  );
  writeFileSync(join(values.out, 'results.svg'), drawPicture(results));
}

if (values.list) for (const { name, about } of SCENARIOS) process.stdout.write(`${name.padEnd(14)}${about}\n`);
else
  try {
    const results = await measureAll();
    for (const bound of growthBounds(results)) process.stdout.write(`${showBound(bound)}\n`);
    process.stdout.write(`Figures and picture: ${values.out}\n`);
    // What is slower than it may be is for people to judge; what ended in another state was no measurement.
    process.exitCode = results.every(({ differences }) => differences.length === 0) ? 0 : 1;
  } finally {
    removeWorlds();
  }
