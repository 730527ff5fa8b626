import type { Measured } from '../measure/contest.js';
import { coldOurs, eslint, prettierCheck } from './contenders.js';
import { type Bound, type Scenario, at, differencesOf, ratioBound } from './scenario.js';

const RATIO = 0.8;
const MAIN_MIB = 150;
const MAIN_MIB_PER_FILE = 1 / 1024;
const MANY_FILES = 20_000;
const TREE_MIB = 1.2 * 1024;

export const cold: Scenario = {
  name: 'cold',
  about: 'format check and lint, nothing kept from an earlier run',
  sizes: [100, 1000, 5000, 20_000],
  measure: async (context, size) => {
    const [here, there] = [context.makeWorld({ size, kind: 'lint' }), context.makeWorld({ size, kind: 'lint' })];
    const measured = await context.contest([
      coldOurs(here, 'verify'),
      { name: 'prettier, then eslint', folder: there.folder, commands: [prettierCheck('.'), eslint('.')] },
    ]);
    const [quality, peers] = [at(measured, 0), at(measured, 1)];
    const bounds = [ratioBound('of prettier, then eslint', [quality, peers], RATIO), ...memoryBounds(quality, size)];
    return [{ scenario: 'cold', size, changed: size, measured, bounds, differences: differencesOf(quality, peers) }];
  },
};

function memoryBounds({ peak }: Measured, size: number): Bound[] {
  const main: Bound = {
    what: 'main process, tools aside',
    value: peak.mainMiB,
    limit: MAIN_MIB + size * MAIN_MIB_PER_FILE,
    unit: 'MiB',
  };
  const all: Bound = { what: 'all processes together', value: peak.treeMiB, limit: TREE_MIB, unit: 'MiB' };
  return size < MANY_FILES ? [main] : [main, all];
}
