/** Rules whose answers depend on which other files there are, though they may look them up by native code alone. */
import { extname } from '../../host/paths.js';
import type { EngineContext } from '../tool.js';
import type { Linter } from './load.js';

/** By the last part of their name: plugins may be called anything. */
const RESOLVING =
  /\/(?:no-unresolved|extensions|no-missing-(?:import|require)|no-unpublished-(?:bin|import|require)|no-extraneous-(?:dependencies|import|require)|no-restricted-paths|no-internal-modules|no-relative-packages|no-useless-path-segments|order|enforce-module-boundaries|element-types|dependencies|entry-point|external)$/;

/** Asks about the first file of each kind; configurations of one kind hardly differ in this. */
export function resolvingRules({ noteReach }: EngineContext): (linter: Linter, path: string) => Promise<void> {
  const asked = new WeakMap<Linter, Set<string>>();
  return async (linter, path) => {
    const kinds = asked.get(linter) ?? new Set<string>();
    asked.set(linter, kinds);
    const kind = extname(path);
    if (noteReach === undefined || linter.calculateConfigForFile === undefined || kinds.has(kind)) return;
    kinds.add(kind);
    const config = await linter.calculateConfigForFile(path).catch(() => undefined);
    const names = Object.entries(config?.rules ?? {}).flatMap(([name, level]) => (isOff(level) ? [] : [name]));
    if (names.some((name) => RESOLVING.test(name))) noteReach({ reach: 'scripts', named: [] });
  };
}

function isOff(level: unknown): boolean {
  const severity: unknown = Array.isArray(level) ? level[0] : level;
  return severity === 0 || severity === 'off';
}
