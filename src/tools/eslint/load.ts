/** Loads the ESLint of a use, whatever its version, behind the few methods that all of them have. */
import { createRequire } from 'node:module';
import { dirname, join } from '../../host/paths.js';
import type { ToolUse } from '../../model/tool-use.js';
import { baseOf } from '../called-files.js';
import { ToolFault } from '../tool-fault.js';
import { folderEntry } from './folders.js';
import { legacyTargets } from './legacy.js';
import { optionsOf, type EslintCall, type Pattern } from './scope.js';
import { flatOptions, legacyOptions, type CommandLine } from './translate.js';

export interface LintMessage {
  readonly ruleId: string | null;
  readonly severity: 0 | 1 | 2;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number | null;
  readonly endColumn?: number | null;
  readonly fatal?: boolean;
  readonly fix?: unknown;
}

export interface LintResult {
  readonly filePath: string;
  readonly messages: readonly LintMessage[];
  /** The fixed text; absent when nothing changes. */
  readonly output?: string;
}

/** What this adapter uses of the classes ESLint, FlatESLint and LegacyESLint, from 7 to 10. */
export interface Linter {
  lintText(text: string, options: { filePath: string; warnIgnored: boolean }): Promise<readonly LintResult[]>;
  isPathIgnored(path: string): Promise<boolean>;
  calculateConfigForFile?(path: string): Promise<{ readonly rules?: Readonly<Record<string, unknown>> } | undefined>;
  /** Since 8.57, for flat configuration. */
  findConfigFile?(path: string): Promise<string | undefined>;
  getRulesMetaForResults?(results: readonly LintResult[]): Readonly<Record<string, RuleMeta | undefined>>;
}

interface RuleMeta {
  readonly docs?: { readonly url?: string };
}

type LinterClass = new (options: object) => Linter;

/** One command line of the project, ready to lint single texts. */
export interface LoadedCall {
  readonly linter: Linter;
  readonly commandLine: CommandLine;
  /**
   * Would the command line lint this file, which it names by that pattern, or which a list of changed files would hand to
   * it one by one? Throws what ESLint throws.
   */
  accepts(path: string, by: Pattern | 'list'): Promise<boolean>;
}

interface EslintModule {
  readonly ESLint: LinterClass;
  readonly loadESLint?: (options: { useFlatConfig: boolean }) => Promise<LinterClass>;
}

interface OptionParser {
  parse(args: readonly string[]): CommandLine;
}

type OptionModule = OptionParser | ((isFlat: boolean) => OptionParser);

const require = createRequire(import.meta.url);

interface CallSetting {
  readonly cwd: string;
  /** The `--fix` variant. */
  readonly fix: boolean;
}

/** Everything a call needs to lint. */
export async function loadCall(use: ToolUse, call: EslintCall, setting: CallSetting): Promise<LoadedCall> {
  const commandLine = parseFlags(use, call.flags);
  try {
    return await (optionsOf(use).mode === 'flat' ? loadFlat : loadLegacy)(use, commandLine, setting);
  } catch (error) {
    throw new ToolFault('tool-config', 'eslint', 'ESLint does not accept its options', wordsOf(error));
  }
}

async function loadFlat(use: ToolUse, commandLine: CommandLine, { cwd, fix }: CallSetting): Promise<LoadedCall> {
  const LinterClass = await classOf(use, true);
  const options = await flatOptions(commandLine, { cwd, fix, major: Number.parseInt(use.version, 10) });
  const linter = new LinterClass(options);
  const isNamed = commandLine.config !== undefined || commandLine.configLookup === false;
  const { ignorePattern } = commandLine;
  const enters = folderEntry({
    linter,
    byFlags:
      ignorePattern === undefined
        ? null
        : new LinterClass({ cwd, overrideConfigFile: true, ignorePatterns: ignorePattern }),
    withConfig: (config) =>
      new LinterClass({ ...options, ignorePatterns: [], cwd: dirname(config), overrideConfigFile: config }),
  });
  return {
    linter,
    commandLine,
    accepts: async (path, by) => {
      // All files at once are no list: a sample project that the root leaves out is not entered for its sake. Asked first:
      // such a sample's own configuration need not even load.
      const base = by === 'list' ? '' : by.kind === 'folder' ? by.path : baseOf(by.path);
      const walks = !isNamed && (by === 'list' || by.kind !== 'file');
      return (!walks || (await enters(join(cwd, base), path))) && !(await linter.isPathIgnored(path));
    },
  };
}

async function loadLegacy(use: ToolUse, commandLine: CommandLine, { cwd, fix }: CallSetting): Promise<LoadedCall> {
  const LinterClass = await classOf(use, false);
  const linter = new LinterClass(legacyOptions(commandLine, { cwd, fix }));
  const isTarget = legacyTargets(use.entry, linter, commandLine.ext);
  return {
    linter,
    commandLine,
    accepts: async (path, by) =>
      (by === 'list' || by.kind !== 'folder' || isTarget(path)) && !(await linter.isPathIgnored(path)),
  };
}

async function classOf({ entry }: ToolUse, isFlat: boolean): Promise<LinterClass> {
  const eslint = require(entry) as EslintModule;
  if (eslint.loadESLint !== undefined) return eslint.loadESLint({ useFlatConfig: isFlat });
  if (!isFlat) return eslint.ESLint;
  return (require(join(entry, 'lib', 'unsupported-api.js')) as { readonly FlatESLint: LinterClass }).FlatESLint;
}

/** By ESLint's own parser, so that every flag means what it means there, and a wrong one is refused in its words. */
function parseFlags(use: ToolUse, flags: readonly string[]): CommandLine {
  const module = require(join(use.entry, 'lib', 'options.js')) as OptionModule;
  const parser = typeof module === 'function' ? module(optionsOf(use).mode === 'flat') : module;
  try {
    return parser.parse(['node', 'eslint', ...flags]);
  } catch (error) {
    throw new ToolFault('tool-config', 'eslint', 'ESLint does not accept its flags', wordsOf(error));
  }
}

/** What a program said when it threw, with its template data resolved and no stack. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
