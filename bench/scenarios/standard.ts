import { startAgain } from '../corpus/world.js';
import type { Command } from '../measure/command.js';
import { ours } from './contenders.js';
import { type Scenario, at, differencesOf, ratioBound } from './scenario.js';
import { isEvery, withBadFormat, withUnusedImport } from './spoil.js';

const RATIO = 0.6;
const SPOILT_FORMAT = 10;
const SPOILT_IMPORT = 20;

/** As a project without an orchestrator has it: npm scripts, one after the other. */
const SCRIPTS: readonly (readonly [name: string, counts: boolean])[] = [
  ['lint', false],
  ['types', false],
  ['lint:fix', false],
  ['imports', false],
  ['format', false],
  ['lint', true],
  ['types', true],
  ['format:check', true],
];

export const standard: Scenario = {
  name: 'standard',
  about: 'the standard workflow, cold: verify, format, clean up, verify again',
  sizes: [1000],
  measure: async (context, size) => {
    const spoil = (_path: string, text: string, number: number): string => {
      const unformatted = isEvery(SPOILT_FORMAT, number) ? withBadFormat(text) : text;
      return isEvery(SPOILT_IMPORT, number) ? withUnusedImport(unformatted) : unformatted;
    };
    const wanted = { size, kind: 'types', spoil } as const;
    const [here, there] = [context.makeWorld(wanted), context.makeWorld(wanted)];
    const measured = await context.contest([
      { ...ours(here, 'run'), before: () => startAgain(here) },
      { name: 'npm scripts', folder: there.folder, commands: SCRIPTS.map(script), before: () => startAgain(there) },
    ]);
    const [quality, peers] = [at(measured, 0), at(measured, 1)];
    const bounds = [ratioBound('of its tools as npm scripts', [quality, peers], RATIO)];
    const differences = differencesOf(quality, peers);
    return [{ scenario: 'standard', size, changed: size / SPOILT_FORMAT, measured, bounds, differences }];
  },
};

function script([name, counts]: (typeof SCRIPTS)[number]): Command {
  return {
    words: ['npm', 'run', '--silent', name],
    findings: [1, 2],
    ...(counts ? {} : { findingsIgnored: true as const }),
  };
}
