/** Which of a project's calls of a tool say what the tool is for there. */
import type { CalledFiles } from './called-files.js';

export interface RankedCall {
  readonly files: CalledFiles;
  /** It changes nothing. */
  readonly looks: boolean;
  readonly script: string | undefined;
}

const TIDIES = /format|fmt|prett|lint|style|fix|tidy|beautif|check|biome|^ci\b/i;

/**
 * Scripts that only look are the project's word; where there are none, scripts that tidy by name; then lists of staged
 * files; then whatever else a script does on its way.
 */
export function mostApt<C extends RankedCall>(calls: readonly C[]): readonly C[] {
  const scripts = calls.filter(({ files }) => files.glob === undefined);
  const groups = [
    scripts.filter(({ looks }) => looks),
    scripts.filter(({ script }) => script !== undefined && TIDIES.test(script)),
    calls.filter(({ files }) => files.glob !== undefined),
    scripts,
  ];
  return groups.find((group) => group.length > 0) ?? [];
}
