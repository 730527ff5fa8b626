/** A Prettier command line, read as Prettier's own parser (minimist) reads it. */

export type FlagValue = string | boolean | readonly string[];

export interface PrettierArguments {
  /** Files, folders and globs. */
  readonly patterns: readonly string[];
  /** Options of formatting, by their command-line name; they override the project's configuration. */
  readonly overrides: Readonly<Record<string, FlagValue>>;
  readonly ignorePaths: readonly string[];
  /** false for `--no-config`. */
  readonly config: string | false | undefined;
  readonly editorconfig: boolean;
  readonly withNodeModules: boolean;
  readonly precedence: string;
  readonly looks: boolean;
  /** It does something else than format files. */
  readonly isOther: boolean;
}

const SHORT: Readonly<Record<string, string>> = {
  c: 'check',
  l: 'list-different',
  w: 'write',
  u: 'ignore-unknown',
  h: 'help',
  v: 'version',
};

const OTHER = new Set([
  ...['help', 'version', 'support-info', 'file-info', 'find-config-path', 'stdin', 'stdin-filepath', 'init'],
  ...['debug-check', 'debug-print-doc', 'debug-print-ast', 'debug-print-comments', 'debug-benchmark', 'debug-repeat'],
]);

/** They say how to print, store, choose or hurry, not what a formatted file looks like. */
const NO_OPTION = new Set([
  ...['check', 'list-different', 'write', 'ignore-unknown', 'cache', 'cache-location', 'cache-strategy', 'color'],
  ...['log-level', 'loglevel', 'error-on-unmatched-pattern', 'config', 'config-precedence', 'editorconfig'],
  ...['ignore-path', 'with-node-modules', 'parallel', 'parallel-workers', 'experimental-cli', ...OTHER],
]);

const BOOLEANS = new Set([
  ...['check', 'list-different', 'write', 'ignore-unknown', 'cache', 'color', 'error-on-unmatched-pattern'],
  ...[
    'editorconfig',
    'with-node-modules',
    'experimental-cli',
    'parallel',
    'version',
    'support-info',
    'stdin',
    'init',
    'debug-check',
  ],
  ...['debug-print-doc', 'debug-print-ast', 'debug-print-comments', 'debug-benchmark'],
  ...['bracket-same-line', 'bracket-spacing', 'jsx-bracket-same-line', 'semi', 'experimental-ternaries'],
  ...['single-quote', 'jsx-single-quote', 'single-attribute-per-line', 'vue-indent-script-and-style'],
  ...['insert-pragma', 'require-pragma', 'check-ignore-pragma', 'use-tabs'],
]);

const LISTS = new Set(['plugin', 'plugin-search-dir', 'ignore-path']);

interface Parsed {
  readonly patterns: readonly string[];
  readonly values: ReadonlyMap<string, FlagValue>;
}

export function readArguments(args: readonly string[]): PrettierArguments {
  const { patterns, values } = parse(args);
  const config = values.get('config');
  return {
    patterns,
    overrides: Object.fromEntries([...values].filter(([name]) => !NO_OPTION.has(name))),
    ignorePaths: listOf(values.get('ignore-path')),
    config: typeof config === 'string' || config === false ? config : undefined,
    editorconfig: values.get('editorconfig') !== false,
    withNodeModules: values.get('with-node-modules') === true,
    precedence: String(values.get('config-precedence') ?? 'cli-override'),
    looks: (values.get('check') === true || values.get('list-different') === true) && values.get('write') !== true,
    isOther: [...values.keys()].some((name) => OTHER.has(name)),
  };
}

function listOf(value: FlagValue | undefined): readonly string[] {
  return typeof value === 'object' ? value : [];
}

function parse(args: readonly string[]): Parsed {
  const end = args.indexOf('--');
  const words = end < 0 ? args : args.slice(0, end);
  const patterns: string[] = [];
  const values = new Map<string, FlagValue>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!/^-./.test(word)) {
      patterns.push(word);
      continue;
    }
    const read = readFlag(word, words[at + 1]);
    for (const [name, value] of read.flags)
      values.set(name, LISTS.has(name) ? appended(values.get(name), value) : value);
    if (read.tookNext) at++;
  }
  return { patterns: end < 0 ? patterns : [...patterns, ...args.slice(end + 1)], values };
}

function appended(list: FlagValue | undefined, value: FlagValue): FlagValue {
  return typeof value === 'string' ? [...listOf(list), value] : value;
}

interface ReadFlag {
  readonly flags: readonly (readonly [string, FlagValue])[];
  readonly tookNext: boolean;
}

function readFlag(word: string, next: string | undefined): ReadFlag {
  const [, dashes = '', key = '', attached] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (dashes === '-')
    return { flags: Array.from(key, (letter) => [SHORT[letter] ?? letter, true] as const), tookNext: false };
  if (attached !== undefined) return one(key, BOOLEANS.has(key) ? attached !== 'false' : attached);
  if (key.startsWith('no-')) return one(key.slice(3), false);
  const isValue = next !== undefined && (BOOLEANS.has(key) ? /^(?:true|false)$/.test(next) : !next.startsWith('-'));
  if (!isValue) return one(key, true);
  return { ...one(key, BOOLEANS.has(key) ? next === 'true' : next), tookNext: true };
}

function one(name: string, value: FlagValue): ReadFlag {
  return { flags: [[name, value]], tookNext: false };
}
