/** `npm run chaos -- --runs 500 --seed 1 --jobs 2`: many scenarios, and the figures. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFigures, describe } from './figures.js';
import { type Outcome, runScenario } from './one-run.js';
import { drawScenario } from './scenario.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    keep: { type: 'boolean', default: false },
    /** `commits`: only scenarios in which somebody commits; `alone`: only the others. */
    which: { type: 'string', default: 'all' },
    command: { type: 'string', default: join(process.cwd(), 'bin', 'quality.js') },
  },
});

const PROGRESS_EVERY = 25;
const figures = createFigures();
const broken: number[] = [];
const seeds = drawSeeds(Number(values.seed), Number(values.runs));

function drawSeeds(first: number, count: number): number[] {
  const found: number[] = [];
  for (let seed = first; found.length < count; seed++) {
    const isWithCommits = drawScenario(seed).committing !== null;
    if (values.which === 'all' || isWithCommits === (values.which === 'commits')) found.push(seed);
  }
  return found;
}

async function lane(): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    try {
      show(await runScenario(seed, { command: values.command, keep: values.keep }));
    } catch (error) {
      // A scenario that cannot be carried out proves nothing: it counts as failed.
      broken.push(seed);
      process.stdout.write(`seed ${String(seed)} could not be carried out: ${String((error as Error).stack)}\n`);
    }
  }
}

function show(outcome: Outcome): void {
  figures.add(outcome);
  if (outcome.violations.length > 0 || Number(values.runs) === 1)
    process.stdout.write(`${describe(outcome, values.keep)}\n`);
  if (figures.runs() % PROGRESS_EVERY === 0) process.stderr.write(`${String(figures.runs())} of ${values.runs} runs\n`);
}

await Promise.all(Array.from({ length: Number(values.jobs) }, lane));
process.stdout.write(figures.text());
process.stdout.write(`${String(broken.length).padStart(6)}  scenarios that could not be carried out\n`);
process.exitCode = figures.violations() + broken.length === 0 ? 0 : 1;
