/** A process of its own: loads the project's ESLint and configuration, and prints what is known of a rule. */
import { createRequire } from 'node:module';
import { join } from '../host/paths.js';
import { MARK } from './eslint-mark.js';

interface Question {
  readonly entry: string;
  readonly cwd: string;
  readonly files: readonly string[];
  readonly isFlat: boolean;
  readonly rule: string;
}

interface Meta {
  readonly docs?: { readonly description?: string; readonly url?: string };
  readonly fixable?: string | null;
  readonly hasSuggestions?: boolean;
  readonly deprecated?: unknown;
}

type Rules = Readonly<Record<string, { readonly meta?: Meta } | undefined>>;

interface FileConfig {
  readonly rules?: Readonly<Record<string, unknown>>;
  /** Names, where the configuration is an eslintrc. */
  readonly plugins?: Readonly<Record<string, { readonly rules?: Rules }>> | readonly string[];
}

interface Linter {
  calculateConfigForFile(file: string): Promise<FileConfig | undefined>;
}

type LinterClass = new (options: object) => Linter;

interface EslintModule {
  readonly ESLint: LinterClass;
  readonly loadESLint?: (options: { useFlatConfig: boolean }) => Promise<LinterClass>;
}

const require = createRequire(import.meta.url);

async function answer({ entry, cwd, files, isFlat, rule }: Question): Promise<object> {
  const eslint = require(entry) as EslintModule;
  const LinterOf = (await eslint.loadESLint?.({ useFlatConfig: isFlat })) ?? eslint.ESLint;
  const linter = new LinterOf({ cwd });
  const rules = new Map(coreRules(entry));
  let setting: { readonly value: string; readonly file: string } | null = null;
  for (const file of files) {
    const config = (await linter.calculateConfigForFile(file)) ?? {};
    for (const [name, one] of pluginRules(config, cwd)) rules.set(name, one);
    const value = valueOf(config.rules?.[rule]);
    if (value !== null) setting ??= { value, file };
  }
  const meta = rules.get(rule)?.meta;
  return {
    isKnown: rules.has(rule),
    meta: meta === undefined ? null : metaOf(meta),
    setting,
    names: [...rules.keys()],
  };
}

function metaOf({ docs, fixable, hasSuggestions, deprecated }: Meta): object {
  return {
    description: docs?.description,
    url: docs?.url,
    fixable: fixable != null,
    hasSuggestions: hasSuggestions === true,
    deprecated: Boolean(deprecated),
  };
}

function coreRules(entry: string): ReadonlyMap<string, Rules[string]> {
  const { builtinRules } = require(join(entry, 'lib', 'unsupported-api.js')) as {
    readonly builtinRules: ReadonlyMap<string, Rules[string]>;
  };
  return builtinRules;
}

function pluginRules({ plugins = {} }: FileConfig, cwd: string): [string, Rules[string]][] {
  const named = Array.isArray(plugins)
    ? (plugins as readonly string[]).map((name) => [name, legacyPlugin(name, cwd)] as const)
    : Object.entries(plugins as Readonly<Record<string, { readonly rules?: Rules }>>);
  return named
    .filter(([name]) => name !== '@')
    .flatMap(([name, plugin]) =>
      Object.entries(plugin.rules ?? {}).map(([rule, one]): [string, Rules[string]] => [`${name}/${rule}`, one]),
    );
}

/** `import` is eslint-plugin-import, `@scope` is @scope/eslint-plugin, `@scope/x` is @scope/eslint-plugin-x. */
function legacyPlugin(name: string, cwd: string): { readonly rules?: Rules } {
  const [scope = '', rest] = name.startsWith('@') ? name.split('/') : ['', name];
  const bare = rest === undefined ? 'eslint-plugin' : rest.startsWith('eslint-plugin') ? rest : `eslint-plugin-${rest}`;
  try {
    return createRequire(join(cwd, 'package.json'))(scope === '' ? bare : `${scope}/${bare}`) as {
      readonly rules?: Rules;
    };
  } catch {
    return {};
  }
}

const SEVERITIES = ['off', 'warn', 'error'];

function valueOf(value: unknown): string | null {
  if (value === undefined) return null;
  const [severity, ...options] = Array.isArray(value) ? (value as unknown[]) : [value];
  const word = typeof severity === 'number' ? (SEVERITIES[severity] ?? String(severity)) : String(severity);
  return options.length === 0 ? word : `${word} ${JSON.stringify(options)}`;
}

void answer(JSON.parse(process.argv[2] ?? '{}') as Question).then((told) =>
  process.stdout.write(MARK + JSON.stringify(told)),
);
