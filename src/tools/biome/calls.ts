/** The project's own calls of Biome: which of them say what is linted, and which what is formatted. */
import type { JsonValue } from '../../model/json.js';
import type { ToolUse } from '../../model/tool-use.js';
import { mostApt, type RankedCall } from '../apt-calls.js';
import { ALL_FILES, namedBy, readCalledFiles, type CalledFiles } from '../called-files.js';
import { splitWords } from '../command-words.js';
import type { ProjectView, ToolCall } from '../tool.js';

/** `check` is lint, format and assist (import sorting) in one. */
export type BiomeCommand = 'check' | 'lint' | 'format';

export interface BiomeCall {
  readonly command: BiomeCommand;
  /** Those that change the result. */
  readonly flags: readonly string[];
  readonly files: CalledFiles;
}

export interface BiomeOptions {
  /** A file's findings are those of the first call that names it. */
  readonly lint: readonly BiomeCall[];
  readonly format: readonly BiomeCall[];
  readonly maxWarnings?: number;
}

/** The options of a use crossed a process boundary as JSON; this adapter wrote them. */
export function optionsOf(use: ToolUse): BiomeOptions {
  return use.options as unknown as BiomeOptions;
}

export function asOptions(options: BiomeOptions): { readonly [key: string]: JsonValue } {
  return options as unknown as { readonly [key: string]: JsonValue };
}

export function callFor(calls: readonly BiomeCall[], root: string, path: string): BiomeCall | null {
  return calls.find(({ files }) => namedBy(files, root, path) !== null) ?? null;
}

export function checks(calls: readonly BiomeCall[]): boolean {
  return calls.some(({ command }) => command === 'check');
}

const WHOLE_FOLDER: BiomeCall = { command: 'check', flags: [], files: ALL_FILES };

export interface ChosenCalls {
  readonly options: BiomeOptions;
  readonly chosen: readonly { readonly from: string; readonly line: string; readonly files: CalledFiles }[];
}

type View = Pick<ProjectView, 'files' | 'hasFile'>;

/**
 * Where scripts look with `biome check` or `biome ci`, fixing is `biome check --write`; where they look with `biome lint`,
 * fixing is formatting alone. A folder that nothing calls but that has a configuration is checked as a whole.
 */
export function chooseCalls(calls: readonly ToolCall[], dir: string, view: View): ChosenCalls {
  const usable = calls.filter((call) => call.dir === dir).flatMap((call) => usableCall(call, view));
  if (usable.length === 0) return { options: { lint: [WHOLE_FOLDER], format: [WHOLE_FOLDER] }, chosen: [] };
  const lint = mostApt(usable.filter(({ call }) => call.command !== 'format'));
  const format = mostApt(usable.filter(({ call }) => call.command !== 'lint'));
  const lintCalls = checkFirst(lint.map(({ call }) => call));
  const isChecked = checks(lintCalls);
  const formatCalls = format.map(({ call }) => (isChecked ? call : { ...call, command: 'format' as const }));
  const strict = lint.some((call) => call.isStrict);
  return {
    options: { lint: lintCalls, format: checkFirst(formatCalls), ...(strict ? { maxWarnings: 0 } : {}) },
    chosen: [...new Set([...lint, ...format])],
  };
}

function checkFirst(calls: readonly BiomeCall[]): BiomeCall[] {
  return [...calls].sort((a, b) => Number(b.command === 'check') - Number(a.command === 'check'));
}

interface UsableCall extends RankedCall {
  readonly from: string;
  readonly line: string;
  readonly call: BiomeCall;
  /** Warnings count as errors. */
  readonly isStrict: boolean;
}

const COMMANDS: Readonly<Record<string, BiomeCommand>> = {
  check: 'check',
  ci: 'check',
  lint: 'lint',
  format: 'format',
};
const WRITES = new Set(['--write', '--fix', '--apply', '--apply-unsafe']);

const SWITCHES = new Set([
  ...['--unsafe', '--changed', '--staged', '--verbose', '--use-server', '--skip-errors', '--skip-parse-errors'],
  ...['--no-errors-on-unmatched', '--error-on-warnings', '--suppress', '--json', '--watch', '--profile-rules'],
  ...['--help', '--version', '-h', '-V', ...WRITES],
]);

/** They say how to print, choose or hurry; what is unsafe is never done. */
const WITHOUT_EFFECT = new Set([
  ...['--unsafe', '--changed', '--staged', '--since', '--verbose', '--use-server', '--no-errors-on-unmatched'],
  ...['--error-on-warnings', '--json', '--watch', '--profile-rules', '--colors', '--reporter', '--reporter-file'],
  ...['--max-diagnostics', '--threads', '--log-level', '--log-kind', '--log-file', '--log-path', '--log-prefix-name'],
  ...WRITES,
]);

const OTHER = new Set(['--suppress', '--reason', '--stdin-file-path', '--help', '--version', '-h', '-V']);

function usableCall(call: ToolCall, view: View): UsableCall[] {
  const command = COMMANDS[call.args[0] ?? ''];
  if (command === undefined) return [];
  const { names, flags } = splitWords(call.args.slice(1), (name) => !SWITCHES.has(name));
  if (flags.some(({ name }) => OTHER.has(name))) return [];
  const files = readCalledFiles(names.length === 0 ? ['.'] : names, call, view);
  if (files === null) return [];
  const kept = flags.filter(({ name }) => !WITHOUT_EFFECT.has(name)).flatMap(({ words }) => words);
  return [
    {
      from: call.from,
      line: ['biome', ...call.args].join(' '),
      files,
      call: { command, flags: kept, files },
      looks: !flags.some(({ name }) => WRITES.has(name)),
      isStrict: flags.some(({ name }) => name === '--error-on-warnings'),
      script: call.script,
    },
  ];
}
