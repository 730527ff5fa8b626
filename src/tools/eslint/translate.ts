/** From ESLint's command line to the options of its classes: what ESLint's own cli.js does, for flat and eslintrc. */
import { createRequire } from 'node:module';
import { join, pathToFileURL } from '../../host/paths.js';

/** As ESLint's option parser gives it. */
export interface CommandLine {
  readonly config?: string;
  readonly configLookup?: boolean;
  readonly env?: readonly string[];
  readonly eslintrc?: boolean;
  readonly ext?: readonly string[];
  readonly fixType?: readonly string[];
  readonly flag?: readonly string[];
  readonly global?: readonly string[];
  readonly ignore?: boolean;
  readonly ignorePath?: string;
  readonly ignorePattern?: readonly string[];
  readonly inlineConfig?: boolean;
  readonly maxWarnings?: number;
  readonly parser?: string;
  readonly parserOptions?: object;
  readonly plugin?: readonly string[];
  readonly quiet?: boolean;
  readonly reportUnusedDisableDirectives?: boolean;
  readonly reportUnusedDisableDirectivesSeverity?: string;
  readonly reportUnusedInlineConfigs?: string;
  readonly resolvePluginsRelativeTo?: string;
  readonly rule?: object;
  readonly rulesdir?: readonly string[];
  readonly suppressionsLocation?: string;
}

interface Situation {
  readonly cwd: string;
  readonly fix: boolean;
  readonly major: number;
}

interface HasSeverity {
  readonly severity: number;
}

const isError = ({ severity }: HasSeverity): boolean => severity === 2;

/** Options without a value are left out: older versions refuse names that they do not know, even when undefined. */
function defined(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function common(line: CommandLine, { cwd, fix }: Omit<Situation, 'major'>): Record<string, unknown> {
  return {
    cwd,
    allowInlineConfig: line.inlineConfig,
    ignore: line.ignore,
    fix: fix && (line.quiet === true ? isError : true),
    fixTypes: line.fixType,
  };
}

export async function flatOptions(line: CommandLine, situation: Situation): Promise<object> {
  const { config, configLookup, ext, flag, ignorePattern, quiet, maxWarnings = -1 } = line;
  const skipsWarnings = situation.major >= 9 && quiet === true && maxWarnings === -1;
  const extensions = ext?.map((extension) => `**/*.${extension.replace(/^\./, '')}`);
  return defined({
    ...common(line, situation),
    flags: flag,
    ignorePatterns: ignorePattern,
    overrideConfig: [
      await flatOverride(line, situation.cwd),
      ...(extensions === undefined ? [] : [{ files: extensions }]),
    ],
    overrideConfigFile: config ?? (configLookup === false ? true : undefined),
    ruleFilter: skipsWarnings ? isError : undefined,
  });
}

async function flatOverride(line: CommandLine, cwd: string): Promise<object> {
  const { parser, plugin, reportUnusedInlineConfigs } = line;
  const languageOptions = defined({
    globals: globalsOf(line.global),
    parserOptions: line.parserOptions,
    parser: parser === undefined ? undefined : await importFrom(cwd, parser),
  });
  const linterOptions = defined({
    reportUnusedDisableDirectives: unusedDirectives(line),
    reportUnusedInlineConfigs: reportUnusedInlineConfigs && severityName(reportUnusedInlineConfigs),
  });
  return {
    rules: line.rule ?? {},
    ...(Object.keys(languageOptions).length === 0 ? {} : { languageOptions }),
    ...(Object.keys(linterOptions).length === 0 ? {} : { linterOptions }),
    ...(plugin === undefined ? {} : { plugins: await pluginsFrom(cwd, plugin) }),
  };
}

export function legacyOptions(line: CommandLine, situation: Omit<Situation, 'major'>): object {
  const overrideConfig = defined({
    env: line.env && Object.fromEntries(line.env.map((name) => [name, true])),
    globals: globalsOf(line.global),
    ignorePatterns: line.ignorePattern,
    parser: line.parser,
    parserOptions: line.parserOptions,
    plugins: line.plugin,
    rules: line.rule,
  });
  return defined({
    ...common(line, situation),
    overrideConfig,
    overrideConfigFile: line.config,
    extensions: line.ext,
    ignorePath: line.ignorePath,
    reportUnusedDisableDirectives: unusedDirectives(line),
    resolvePluginsRelativeTo: line.resolvePluginsRelativeTo,
    rulePaths: line.rulesdir,
    useEslintrc: line.eslintrc,
  });
}

function unusedDirectives(line: CommandLine): string | undefined {
  if (line.reportUnusedDisableDirectives === true) return 'error';
  const severity = line.reportUnusedDisableDirectivesSeverity;
  return severity === undefined ? undefined : severityName(severity);
}

function severityName(severity: string): string {
  return { '0': 'off', '1': 'warn', '2': 'error' }[severity] ?? severity;
}

function globalsOf(names: readonly string[] | undefined): Record<string, string> | undefined {
  const entry = (name: string): [string, string] =>
    name.endsWith(':true') ? [name.slice(0, -5), 'writable'] : [name, 'readonly'];
  return names && Object.fromEntries(names.map(entry));
}

async function pluginsFrom(cwd: string, names: readonly string[]): Promise<Record<string, unknown>> {
  const entries = await Promise.all(
    names.map(async (name) => [shortName(name), await importFrom(cwd, longName(name))] as const),
  );
  return Object.fromEntries(entries);
}

/** `react` → `eslint-plugin-react`, `@scope` → `@scope/eslint-plugin`, `@scope/x` → `@scope/eslint-plugin-x`. */
function longName(name: string): string {
  const [, scope = '', rest = ''] = /^(@[^/]+)?\/?(.*)$/.exec(name) ?? [];
  const base =
    rest === 'eslint-plugin' || rest.startsWith('eslint-plugin-') ? rest : `eslint-plugin${rest && '-'}${rest}`;
  return scope === '' ? base : `${scope}/${base}`;
}

function shortName(name: string): string {
  return longName(name)
    .replace(/(^|\/)eslint-plugin-/, '$1')
    .replace(/\/eslint-plugin$/, '');
}

/** A module as the project itself would import it. */
async function importFrom(cwd: string, name: string): Promise<unknown> {
  const path = createRequire(join(cwd, '__placeholder__.js')).resolve(name);
  const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  return module.default ?? module;
}
