/** Which formatters a file goes through, and which use of each tool it belongs to. */
import type { Config, FormatterChain } from '../config/schema.js';
import { isWithin } from '../host/paths.js';
import type { FileFacts } from '../model/file.js';
import type { Language } from '../model/language.js';
import type { PlannedTask } from '../model/plan.js';
import type { ToolUse } from '../model/tool-use.js';
import { toolInLink } from '../tools/presets/signs.js';
import { toolOf } from '../tools/registry.js';

const WEB: FormatterChain = ['eslint', ['prettier', 'biome', 'oxfmt', 'dprint']];

/** Chains where the config names none. Each link runs only where the project uses one of its tools. */
const DEFAULT_CHAINS: Partial<Record<Language, FormatterChain>> = {
  python: [
    ['ruff-imports', 'isort'],
    ['ruff', 'black'],
  ],
  go: [['goimports', 'gofmt']],
  rust: ['rustfmt'],
  shell: [['shfmt', 'prettier']],
  toml: [['taplo', 'prettier', 'dprint']],
};

function chainOf(config: Config, language: Language | null): FormatterChain {
  if (language === null) return WEB;
  return config.formatters[language] ?? DEFAULT_CHAINS[language] ?? WEB;
}

/** Finds the use of a tool that a file belongs to: the one with the nearest folder above the file that takes it. */
export type UseFinder = (tool: string, file: FileFacts) => ToolUse | null;

export function createUseFinder(uses: readonly ToolUse[]): UseFinder {
  const byTool = new Map<string, ToolUse[]>();
  for (const use of [...uses].sort((a, b) => b.root.length - a.root.length))
    byTool.set(use.tool, [...(byTool.get(use.tool) ?? []), use]);
  const find = (tool: string, file: FileFacts): ToolUse | null =>
    byTool.get(tool)?.find((use) => isWithin(use.root, file.path) && toolOf(use).takes(use, file)) ?? null;
  const found = new Map([...byTool.keys()].map((tool) => [tool, new Map<FileFacts, ToolUse | null>()]));
  // Each step of a plan asks about the same files.
  return (tool, file) => {
    const known = found.get(tool)?.get(file);
    if (known !== undefined) return known;
    const use = find(tool, file);
    found.get(tool)?.set(file, use);
    return use;
  };
}

/** The links of the file's chain with the uses that take it; links nobody takes are left out. */
export function linksFor(file: FileFacts, config: Config, find: UseFinder): readonly (readonly ToolUse[])[] {
  return chainOf(config, file.language)
    .map((written) => {
      const link = typeof written === 'string' ? [written] : written;
      return link.flatMap((name) => find(toolInLink(name, link), file) ?? []);
    })
    .filter((link) => link.length > 0);
}

/** Files that go through the same links, together: one task for each group, in order of first appearance. */
export function groupByLinks(
  files: readonly FileFacts[],
  linksOf: (file: FileFacts) => PlannedTask['links'],
): { links: PlannedTask['links']; files: string[] }[] {
  const groups = new Map<string, { links: PlannedTask['links']; files: string[] }>();
  for (const file of files) {
    const links = linksOf(file);
    const key = JSON.stringify(links.map((link) => link.map((use) => use.id)));
    const group = groups.get(key) ?? { links, files: [] };
    group.files.push(file.path);
    groups.set(key, group);
  }
  return [...groups.values()];
}

export function showLinks(links: PlannedTask['links']): string {
  return links.map((link) => link.map((use) => use.tool).join(' or ')).join(' → ');
}
