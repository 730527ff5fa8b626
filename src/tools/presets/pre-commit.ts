/** Which files a project keeps from its pre-commit hooks: where a hook is its only call of a tool, that is the tool's scope. */
import type { ProjectView, ToolCall } from '../tool.js';
import { yamlLines, type YamlLine } from '../calls/yaml-lines.js';

const FILE = '.pre-commit-config.yaml';

/** Patterns for workspace paths, as sources of JavaScript's. */
export interface HookScope {
  readonly files: readonly string[];
  readonly exclude: readonly string[];
}

const EVERYTHING: HookScope = { files: [], exclude: [] };

export async function hookScope(
  calls: readonly ToolCall[],
  project: Pick<ProjectView, 'readText'>,
): Promise<HookScope> {
  const ids = calls.flatMap(({ from }) => (from.startsWith(`${FILE} `) ? [from.slice(FILE.length + 1)] : []));
  if (ids.length === 0 || ids.length < calls.length) return EVERYTHING;
  const lines = yamlLines((await project.readText(FILE)) ?? '');
  const everywhere = lines.filter((line) => line.indent === 0 && !line.item);
  const own = lines.flatMap((line, at) =>
    line.item && line.key === 'id' && ids.includes(line.value) ? fieldsAfter(lines, at) : [],
  );
  const named = (key: string): string[] =>
    [...everywhere, ...own].filter((line) => line.key === key).flatMap((line) => fromPython(line.value) ?? []);
  return { files: named('files'), exclude: named('exclude') };
}

/** The other lines of the mapping that the item at `at` begins. */
function fieldsAfter(lines: readonly YamlLine[], at: number): YamlLine[] {
  const { indent = 0 } = lines[at] ?? {};
  const after = lines.slice(at + 1);
  const end = after.findIndex((line) => line.indent < indent || (line.indent === indent && line.item));
  return (end < 0 ? after : after.slice(0, end)).filter((line) => line.indent === indent);
}

/** Python's pattern as one of ours, the verbose form taken in; null when it cannot be one. */
function fromPython(pattern: string): string | null {
  const verbose = /^\s*\(\?x\)/.exec(pattern);
  const plain =
    verbose === null
      ? pattern
      : pattern
          .slice(verbose[0].length)
          .replace(/(?<!\\)#.*$/gm, '')
          .replace(/(?<!\\)\s+/g, '');
  const source = plain.replaceAll('\\A', '^').replaceAll('\\Z', '$');
  try {
    return new RegExp(source).source;
  } catch {
    return null;
  }
}

export function isInHookScope(scope: HookScope | undefined, path: string): boolean {
  if (scope === undefined) return true;
  const matches = (source: string): boolean => patternOf(source).test(path);
  return scope.files.every(matches) && !scope.exclude.some(matches);
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source);
  patterns.set(source, known);
  return known;
}
