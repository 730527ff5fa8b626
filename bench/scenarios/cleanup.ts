import { join } from 'node:path';
import { startAgain } from '../corpus/world.js';
import { BENCH } from '../places.js';
import { ours } from './contenders.js';
import { type Scenario, at, differencesOf, ratioBound } from './scenario.js';
import { isEvery, withUnusedImport } from './spoil.js';

const RATIO = 1.5;
/** In one file of so many there is something to clean up. */
const SPOILT = 100;
const PEER = join(BENCH, 'peers', 'parse-and-clean.mjs');

export const cleanup: Scenario = {
  name: 'cleanup',
  about: 'clean up where one file in a hundred has an unused import',
  sizes: [500],
  measure: async (context, size) => {
    const spoil = (_path: string, text: string, number: number): string =>
      isEvery(SPOILT, number) ? withUnusedImport(text) : text;
    const wanted = { size, kind: 'bare', spoil } as const;
    const [here, there] = [context.makeWorld(wanted), context.makeWorld(wanted)];
    const spoilt = there.paths.filter((_, number) => isEvery(SPOILT, number));
    const measured = await context.contest([
      { ...ours(here, 'run', '--only', 'cleanup', '--gate', 'syntax'), before: () => startAgain(here) },
      {
        name: 'oxc on all, ts-morph on some',
        folder: there.folder,
        commands: [{ words: [process.execPath, PEER, ...spoilt] }],
        before: () => startAgain(there),
      },
    ]);
    const [quality, peer] = [at(measured, 0), at(measured, 1)];
    const bounds = [ratioBound('of parsing all and ts-morph on those', [quality, peer], RATIO)];
    const differences = differencesOf(quality, peer);
    return [{ scenario: 'cleanup', size, changed: spoilt.length, measured, bounds, differences }];
  },
};
