import { at, differencesOf, ratioBound, type Bound, type Scenario } from './scenario.js';
import type { Measured } from '../measure/contest.js';
import { eslintCached, gitStatus, nodeAlone, ours, prettierCached } from './contenders.js';

/** Of the peers' time. */
const RATIO = 0.1;
const STATUS_TIMES = 4;
const REST_MS = 60;

export const noChange: Scenario = {
  name: 'no-change',
  about: 'whole repository, nothing changed, format check and lint, everything warm',
  sizes: [100, 1000, 5000, 20_000],
  measure: async (context, size) => {
    const [here, there] = [context.makeWorld({ size, kind: 'lint' }), context.makeWorld({ size, kind: 'lint' })];
    const measured = await context.contest([
      { ...ours(here, 'verify'), warm: true },
      {
        name: 'prettier + eslint --cache',
        folder: there.folder,
        warm: true,
        commands: [prettierCached(there), eslintCached(there)],
      },
      nodeAlone(here),
      gitStatus(here),
    ]);
    const [quality, peers] = [at(measured, 0), at(measured, 1)];
    const bounds = [ratioBound('of the peers', [quality, peers], RATIO), nearLimit(measured)];
    return [{ scenario: 'no-change', size, changed: 0, measured, bounds, differences: differencesOf(quality, peers) }];
  },
};

/** What nobody can do without: Node's start, and git's look at the files. */
export function nearLimit(measured: readonly Measured[]): Bound {
  const [quality, , node, status] = measured.map(({ wall }) => wall.median);
  return {
    what: `node -e 0 + ${String(STATUS_TIMES)} × git status + ${String(REST_MS)} ms`,
    value: quality ?? Number.NaN,
    limit: (node ?? 0) + STATUS_TIMES * (status ?? 0) + REST_MS,
    unit: 'ms',
  };
}
