/** Which files a command line names, for tools that take files, folders and globs (`!` excludes). */
import picomatch from 'picomatch';
import { isWithin, posix, relativeTo } from '../host/paths.js';
import type { ProjectScope } from '../model/tool-use.js';
import type { ProjectView, ToolCall } from './tool.js';

/** `path` is relative to the folder of the call; "" is that folder. */
export interface NamedFiles {
  readonly kind: 'folder' | 'file' | 'glob';
  readonly path: string;
}

/** Plain data, so that it can stand in the options of a use. */
export interface CalledFiles {
  readonly include: readonly NamedFiles[];
  readonly exclude: readonly string[];
  /** It gets single files by name, those that match: a lint-staged list, a hook. */
  readonly glob?: string;
}

export const ALL_FILES: CalledFiles = { include: [{ kind: 'folder', path: '' }], exclude: [] };

type View = Pick<ProjectView, 'files' | 'hasFile'>;

/** null when the words cannot be known (`$FILES`), or when all of them lead out of the folder. */
export function readCalledFiles(
  words: readonly string[],
  { dir, glob }: Pick<ToolCall, 'dir' | 'glob'>,
  view: View,
): CalledFiles | null {
  if (words.some((word) => /\$|\{\{/.test(word))) return null;
  const exclude = words.filter(isExclusion).map((word) => normal(word.slice(1)));
  const include = words.filter((word) => !isExclusion(word)).flatMap((word) => readName(word, dir, view));
  if (glob !== undefined) return { ...ALL_FILES, exclude, glob };
  return include.length === 0 ? null : { include, exclude };
}

function isExclusion(word: string): boolean {
  return /^!(?!\()/.test(word);
}

function normal(word: string): string {
  return posix.normalize(word.replaceAll('\\', '/')).replace(/\/$/, '').replace(/^\.$/, '');
}

/** A folder, a file, or a glob, as the tools tell them apart: by looking. */
function readName(word: string, dir: string, view: View): NamedFiles[] {
  const path = normal(word);
  const whole = posix.join(dir, path).replace(/^\.$/, '');
  if (posix.isAbsolute(path) || path.startsWith('..')) return [];
  if (view.hasFile(whole)) return [{ kind: 'file', path }];
  if (whole === dir || view.files.some((file) => isWithin(whole, file.path))) return [{ kind: 'folder', path }];
  return [{ kind: /[*?{[(]/.test(path) ? 'glob' : 'file', path }];
}

/** The folder where the search for a glob's files begins. */
export function baseOf(glob: string): string {
  const parts = glob.split('/').slice(0, -1);
  const wild = parts.findIndex((part) => /[*?{[(!]/.test(part));
  return (wild < 0 ? parts : parts.slice(0, wild)).join('/');
}

/** How the call names this workspace path; null when it does not. `dir` is the folder of the call. */
export function namedBy(files: CalledFiles, dir: string, path: string): NamedFiles | null {
  if (!isWithin(dir, path)) return null;
  const local = relativeTo(dir, path);
  if (files.glob !== undefined && !matcherOf(files.glob, 'name')(local)) return null;
  if (files.exclude.some((glob) => foldersAndSelf(local).some(matcherOf(glob, 'path')))) return null;
  return files.include.find((named) => names(named, local)) ?? null;
}

function names({ kind, path }: NamedFiles, local: string): boolean {
  if (kind === 'glob') return matcherOf(path, 'path')(local);
  return kind === 'file' ? local === path : isWithin(path, local);
}

/** `a/b/c` is `a`, `a/b` and `a/b/c`: an excluded folder takes along what is in it. */
function foldersAndSelf(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

const matchers = new Map<string, (path: string) => boolean>();

/** By `name`, a glob without a slash is matched against the base name alone, as lint-staged does. */
function matcherOf(glob: string, by: 'name' | 'path'): (path: string) => boolean {
  const key = `${by} ${glob}`;
  const known = matchers.get(key);
  if (known !== undefined) return known;
  const match = picomatch(glob, { dot: true, basename: by === 'name' && !glob.includes('/') });
  const matcher = (path: string): boolean => match(path);
  matchers.set(key, matcher);
  return matcher;
}

/** For the plan: what the calls name together. */
export function scopeOfCalls(
  calls: readonly { readonly from: string; readonly files: CalledFiles }[],
): ProjectScope | null {
  if (calls.length === 0) return null;
  const include = calls.flatMap(({ files }) =>
    files.glob === undefined ? files.include.map(({ path }) => path) : [files.glob],
  );
  return {
    from: [...new Set(calls.map(({ from }) => from))].join(', '),
    include: include.includes('') ? [] : [...new Set(include)],
    exclude: [...new Set(calls.flatMap(({ files }) => files.exclude))],
  };
}
