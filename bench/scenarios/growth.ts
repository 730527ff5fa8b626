/** What four times as many files cost, from results of the same scenario. */
import { type Bound, type Result, at } from './scenario.js';

const TIMES = 4;
const RATIO = 4.4;

export function growthBounds(results: readonly Result[]): Bound[] {
  return results.flatMap((small) => {
    const large = results.find(({ scenario, size }) => scenario === small.scenario && size === small.size * TIMES);
    return large === undefined || !COUNTED.has(small.scenario) ? [] : [growth(small, large)];
  });
}

const COUNTED = new Set(['no-change', 'cold']);

function growth(small: Result, large: Result): Bound {
  return {
    what: `${small.scenario}: ${String(large.size)} files against ${String(small.size)}`,
    value: at(large.measured, 0).wall.median / at(small.measured, 0).wall.median,
    limit: RATIO,
    unit: '×',
  };
}
