/** Which files the project's own calls of ESLint name. */
import picomatch from 'picomatch';
import { isWithin, posix, relativeTo } from '../../host/paths.js';
import type { JsonValue } from '../../model/json.js';
import type { ToolUse } from '../../model/tool-use.js';

/** `path` is relative to the folder of the use; "" is that folder. */
export interface Pattern {
  readonly kind: 'folder' | 'file' | 'glob';
  readonly path: string;
}

/** One command line of ESLint as data, in the options of a use. */
export interface EslintCall {
  readonly flags: readonly string[];
  /** What it lints; never empty. */
  readonly patterns: readonly Pattern[];
  /** It gets single files by name, those that match: a lint-staged list. */
  readonly glob?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export type Mode = 'flat' | 'legacy' | 'command-line';

export interface EslintOptions {
  readonly mode: Mode;
  /** The configuration nearest to the folder, by workspace path. */
  readonly config?: string;
  readonly calls: readonly EslintCall[];
  readonly maxWarnings?: number;
}

/** The options of a use crossed a process boundary as JSON; this adapter wrote them. */
export function optionsOf(use: ToolUse): EslintOptions {
  return use.options as unknown as EslintOptions;
}

export function asOptions(options: EslintOptions): { readonly [key: string]: JsonValue } {
  return options as unknown as { readonly [key: string]: JsonValue };
}

export const EVERYTHING: Pattern = { kind: 'folder', path: '' };

/** How the call names this file: by a folder, a glob, or its own name; null when it does not. */
export function coverage(call: EslintCall, root: string, path: string): Pattern | null {
  const local = isWithin(root, path) ? relativeTo(root, path) : posix.relative(root, path);
  if (call.glob !== undefined && !matcherOf(call.glob, true)(local)) return null;
  return call.patterns.find((pattern) => matches(pattern, local)) ?? null;
}

function matches({ kind, path }: Pattern, local: string): boolean {
  if (kind === 'glob') return matcherOf(path, false)(local);
  if (kind === 'file') return local === path;
  return path === '' ? !local.startsWith('../') : isWithin(path, local);
}

const matchers = new Map<string, (path: string) => boolean>();

/** `ofName`: a glob without a slash is matched against the name alone, as lint-staged does. */
function matcherOf(glob: string, ofName: boolean): (path: string) => boolean {
  const key = `${ofName ? 'name' : 'path'} ${glob}`;
  const known = matchers.get(key);
  if (known !== undefined) return known;
  const matcher = picomatch(glob, { dot: true, basename: ofName && !glob.includes('/') });
  matchers.set(key, matcher);
  return matcher;
}

/** Extensions of files that some ESLint plugin lints, beside those that a `--ext` names. */
const LINTABLE =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|html?|mdx?|markdown|jsonc?|json5|ya?ml|toml|css|scss|less|graphqls?|gql|hbs|g[jt]s|es6|pug)$/i;

/** Could ESLint have something to say about the file? Its own configuration has the last word. */
export function mayLint(use: ToolUse, path: string): boolean {
  const { calls } = optionsOf(use);
  return calls.some(
    (call) => (LINTABLE.test(path) || hasExtension(call, path)) && coverage(call, use.root, path) !== null,
  );
}

function hasExtension(call: EslintCall, path: string): boolean {
  const named = call.patterns.some(
    ({ kind, path: glob }) => kind !== 'folder' && extensionOf(glob) === extensionOf(path),
  );
  return named || extensionsOf(call.flags).some((extension) => path.endsWith(extension));
}

function extensionOf(path: string): string {
  return /\.\w+$/.exec(path)?.[0] ?? path;
}

/** Extensions of `--ext`, each with its dot. */
export function extensionsOf(flags: readonly string[]): string[] {
  return flags
    .flatMap((flag, at) => (flags[at - 1] === '--ext' ? [flag] : (/^--ext=(.*)$/.exec(flag)?.slice(1) ?? [])))
    .flatMap((list) => list.split(','))
    .map((extension) => `.${extension.trim().replace(/^\./, '')}`);
}
