/** What the project's own calls of a tool say: which files, and flags that change the result. */
import picomatch from 'picomatch';
import { isWithin, posix, relativeTo } from '../../host/paths.js';
import type { ProjectScope } from '../../model/tool-use.js';
import type { ProjectView, ToolCall } from '../tool.js';
import type { Preset } from './preset.js';

/** Words before the paths that are no paths. */
const SUBCOMMANDS = new Set(['check', 'format', 'fmt', 'lint', 'run', 'clippy']);
const GLOB = /[*?[\]{}]/;

/** The union of what the calls name; null when one of them names nothing: that is everything. */
export function scopeOf(
  calls: readonly ToolCall[],
  { preset, root, project }: { preset: Preset; root: string; project: Pick<ProjectView, 'files' | 'hasFile'> },
): ProjectScope | null {
  const named = calls.map((call) => ({ call, paths: pathsOf(call, preset, project) }));
  const include = named.flatMap(({ paths }) => paths).filter((path) => isWithin(root, path));
  const isAll = named.some(({ paths }) => paths.length === 0 || paths.includes(root));
  if (named.length === 0 || isAll || include.length === 0) return null;
  const from = [...new Set(named.map(({ call }) => call.from))].join(', ');
  return { from, include: [...new Set(include.map((path) => relativeTo(root, path)))].sort(), exclude: [] };
}

/** Workspace paths and globs. */
function pathsOf(call: ToolCall, preset: Preset, project: Pick<ProjectView, 'files' | 'hasFile'>): string[] {
  const words = positionals(call.args, preset);
  // A list such as lint-staged's hands over files by name; a glob without a folder means any folder.
  if (call.glob?.includes('/') === true) return [posix.join(call.dir, call.glob)];
  return words.flatMap((word) => {
    const path = posix.join(call.dir, word).replace(/\/$/, '');
    if (path === '.' || path === call.dir) return [call.dir];
    if (GLOB.test(word)) return [path];
    const isThere = project.hasFile(path) || project.files.some((file) => isWithin(path, file.path));
    return isThere ? [path] : [];
  });
}

function positionals(args: readonly string[], preset: Preset): string[] {
  const valued = new Set(preset.flags?.valued);
  return args.filter((word, index) => {
    if (word.startsWith('-') || word === '') return false;
    if (index === 0 && SUBCOMMANDS.has(word)) return false;
    return !valued.has(args[index - 1] ?? '');
  });
}

/** Does the scope hold this path, relative to the use's root? */
export function isInScope(scope: ProjectScope | null, path: string): boolean {
  if (scope === null) return true;
  return scope.include.some((entry) =>
    GLOB.test(entry) ? picomatch.isMatch(path, entry, { dot: true }) : isWithin(entry, path),
  );
}

/** Flags of the first call that has any of those that count. */
export function flagsOf(calls: readonly ToolCall[], preset: Preset): readonly string[] {
  return calls.map((call) => carried(call.args, preset)).find((flags) => flags.some((flag) => flag !== '--')) ?? [];
}

function carried(args: readonly string[], { flags }: Preset): string[] {
  const alone = new Set(flags?.alone);
  const valued = flags?.valued ?? [];
  return args.flatMap((word, index) => {
    if (alone.has(word) || valued.some((flag) => hasValue(word, flag))) return [word];
    const value = args[index + 1];
    return valued.includes(word) && value !== undefined ? [word, value] : [];
  });
}

/** `--flag=value`, `-f=value`, and `-fvalue` for flags of one letter. */
function hasValue(word: string, flag: string): boolean {
  if (word.startsWith(`${flag}=`)) return true;
  return /^-[A-Za-z]$/.test(flag) && word.startsWith(flag) && word.length > 2 && /^\W|\d|^[A-Z]/.test(word.slice(2));
}
