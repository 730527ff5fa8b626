/** An ESLint command line, split into what chooses files and what changes findings. ESLint's own parser reads the rest. */

export interface EslintArguments {
  /** Files, folders and globs. */
  readonly patterns: readonly string[];
  /** Flags that change findings, with their values; as ESLint's own parser takes them. */
  readonly flags: readonly string[];
  /** Values by flag name, for the few that matter before ESLint is loaded. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly fixes: boolean;
  /** It does something else than lint: prints a config, starts a wizard, writes suppressions. */
  readonly isOther: boolean;
  /** Flags that no ESLint we know of has. */
  readonly unknown: readonly string[];
}

const SHORT: Readonly<Record<string, string>> = { c: 'config', o: 'output-file', f: 'format', h: 'help', v: 'version' };

const WITH_VALUE = new Set([
  ...['config', 'env', 'ext', 'global', 'parser', 'parser-options', 'resolve-plugins-relative-to', 'plugin', 'rule'],
  ...['rulesdir', 'fix-type', 'ignore-path', 'ignore-pattern', 'stdin-filename', 'max-warnings', 'output-file'],
  ...['format', 'report-unused-disable-directives-severity', 'report-unused-inline-configs', 'cache-file'],
  ...['cache-location', 'cache-strategy', 'suppress-rule', 'suppressions-location', 'print-config', 'flag'],
  'concurrency',
]);

/** They say how to print, store or hurry, not what to find. */
const WITHOUT_EFFECT = new Set([
  ...['format', 'output-file', 'color', 'debug', 'stats', 'concurrency', 'cache', 'cache-file', 'cache-location'],
  ...['cache-strategy', 'exit-on-fatal-error', 'error-on-unmatched-pattern', 'warn-ignored', 'pass-on-no-patterns'],
  ...['pass-on-unpruned-suppressions', 'fix', 'fix-dry-run'],
]);

const OTHER = new Set([
  ...['init', 'env-info', 'help', 'version', 'print-config', 'inspect-config', 'mcp', 'stdin', 'suppress-all'],
  ...['suppress-rule', 'prune-suppressions'],
]);

const KNOWN = new Set([
  ...['config-lookup', 'eslintrc', 'ignore', 'quiet', 'inline-config', 'report-unused-disable-directives'],
  ...WITH_VALUE,
  ...WITHOUT_EFFECT,
  ...OTHER,
]);

interface Flag {
  readonly name: string;
  readonly words: readonly string[];
  readonly value: string | undefined;
}

export function readArguments(args: readonly string[]): EslintArguments {
  const { patterns, flags } = splitArguments(args);
  const values = new Map<string, string[]>();
  for (const { name, value } of flags) if (value !== undefined) values.set(name, [...(values.get(name) ?? []), value]);
  const names = new Set(flags.map(({ name }) => name));
  return {
    patterns,
    flags: flags.filter(({ name }) => !WITHOUT_EFFECT.has(name)).flatMap(({ words }) => words),
    values,
    fixes: names.has('fix') || names.has('fix-dry-run'),
    isOther: [...names].some((name) => OTHER.has(name)),
    unknown: [...names].filter((name) => !KNOWN.has(name)).map((name) => `--${name}`),
  };
}

function splitArguments(args: readonly string[]): { patterns: string[]; flags: Flag[] } {
  const patterns: string[] = [];
  const flags: Flag[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--') {
      patterns.push(...args.slice(at + 1));
      break;
    }
    if (!/^-./.test(word)) {
      patterns.push(word);
      continue;
    }
    const flag = readFlag(word, args[at + 1]);
    flags.push(flag);
    at += flag.words.length - 1;
  }
  return { patterns, flags };
}

function readFlag(word: string, next: string | undefined): Flag {
  const [, dashes = '', key = '', attached] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const name = (dashes === '-' ? (SHORT[key] ?? key) : key).replace(/^no-/, '');
  if (attached !== undefined) return { name, words: [word], value: attached };
  const takesNext = WITH_VALUE.has(name) && !key.startsWith('no-') && next !== undefined;
  return takesNext ? { name, words: [word, next], value: next } : { name, words: [word], value: undefined };
}
