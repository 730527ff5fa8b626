import { changed } from './changed.js';
import { cleanup } from './cleanup.js';
import { clones } from './clones.js';
import { cold } from './cold.js';
import { deadCode } from './dead-code.js';
import { noChange } from './no-change.js';
import { orchestration } from './orchestration.js';
import type { Scenario } from './scenario.js';
import { staged } from './staged.js';
import { standard } from './standard.js';

export const SCENARIOS: readonly Scenario[] = [
  noChange,
  changed,
  cold,
  standard,
  cleanup,
  clones,
  deadCode,
  orchestration,
  staged,
];

/** Rows of the table of bounds that others answer: growth follows from two sizes, memory is looked at in each run. */
const ANSWERED_BY: Readonly<Record<string, readonly string[]>> = {
  growth: ['no-change', 'cold'],
  memory: ['cold'],
};

/** Throws on a name that there is not. */
export function scenariosOf(names: readonly string[]): readonly Scenario[] {
  if (names.length === 0) return SCENARIOS;
  const wanted = new Set(names.flatMap((name) => ANSWERED_BY[name] ?? [name]));
  const known = SCENARIOS.filter(({ name }) => wanted.delete(name));
  if (wanted.size === 0) return known;
  const all = [...SCENARIOS.map(({ name }) => name), ...Object.keys(ANSWERED_BY)];
  throw new Error(`There is no scenario ${[...wanted].join(', ')}; there are ${all.join(', ')}`);
}
