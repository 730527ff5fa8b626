/** Builds of one compiler become one run: what many packages refer to is built once, and its findings are said once. */
import { compareText } from '../../model/diagnostic.js';
import type { ToolUse } from '../../model/tool-use.js';
import type { Check } from './checks.js';

const SHOWN = 3;

/** Other uses stay as they are, each build at the place of the first that it was merged with. */
export function mergeBuilds(uses: readonly ToolUse[]): ToolUse[] {
  const groups = new Map<string, ToolUse[]>();
  uses.forEach((use, at) => {
    const key = keyOf(use) ?? String(at);
    groups.set(key, [...(groups.get(key) ?? []), use]);
  });
  return [...groups.values()].map(merged);
}

/** What has to be the same for builds to be one command line; null for what is no build. */
function keyOf({ entry, options }: ToolUse): string | null {
  const { mode, compiler, flags, env } = options as unknown as Check;
  return mode === 'build' ? JSON.stringify([entry, options.typescript, compiler, flags, env]) : null;
}

function merged(group: readonly ToolUse[]): ToolUse {
  const [first, ...rest] = group as [ToolUse, ...ToolUse[]];
  if (rest.length === 0) return first;
  const configs = group.map(({ options }) => options.config as string);
  const references = group.flatMap((use) => use.options.references as string[]);
  const shown = group.slice(0, SHOWN).map(({ evidence }) => evidence);
  return {
    ...first,
    id: 'tsc@',
    root: '',
    evidence: [...shown, ...(group.length > SHOWN ? [`and ${group.length - SHOWN} more`] : [])].join('; '),
    configFiles: [...new Set(group.flatMap(({ configFiles }) => configFiles))].sort(compareText),
    options: {
      ...first.options,
      dir: '',
      others: configs.slice(1),
      references: [...new Set(references)].filter((path) => !configs.includes(path)),
    },
  };
}
