import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../corpus/world.js';
import { eslint, ours, prettierCheck } from './contenders.js';
import { type Result, type Scenario, at, differencesOf, ratioBound, type Context } from './scenario.js';

const COUNTS = [1, 10, 100, 1000];
const BOUNDED = 10;
const RATIO = 0.8;

export const changed: Scenario = {
  name: 'changed',
  about: 'some files changed since the last run; the peers are told which, and look at nothing else',
  sizes: [5000],
  measure: async (context, size) => {
    const wanted = { size, kind: 'lint' } as const;
    const worlds: Worlds = [context.makeWorld(wanted), context.makeWorld(wanted)];
    const results: Result[] = [];
    for (const count of COUNTS.filter((one) => one <= size)) results.push(await measureCount(context, worlds, count));
    return results;
  },
};

type Worlds = readonly [here: World, there: World];

async function measureCount({ contest }: Context, [here, there]: Worlds, count: number): Promise<Result> {
  const paths = spread(here, count);
  const measured = await contest([
    { ...ours(here, 'verify'), warm: true, before: (run) => change(here, paths, run) },
    {
      name: 'prettier + eslint on these',
      folder: there.folder,
      warm: true,
      commands: [prettierCheck(...paths), eslint(...paths)],
      before: (run) => change(there, paths, run),
    },
  ]);
  const [quality, peers] = [at(measured, 0), at(measured, 1)];
  const bounds =
    count === BOUNDED ? [ratioBound('of prettier, then eslint, on just these', [quality, peers], RATIO)] : [];
  const size = here.paths.length;
  return { scenario: 'changed', size, changed: count, measured, bounds, differences: differencesOf(quality, peers) };
}

/** Evenly over the corpus. */
function spread({ paths }: World, count: number): string[] {
  return Array.from({ length: count }, (_, number) => paths[Math.floor((number * paths.length) / count)] ?? '');
}

/** Something new each time, formatted and without a finding. */
function change({ folder }: World, paths: readonly string[], run: number): void {
  const name = `changed${String(paths.length)}Times${String(run + 1)}`;
  for (const path of paths) appendFileSync(join(folder, path), `\nexport const ${name} = true;\n`);
}
