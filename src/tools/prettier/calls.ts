/** The project's own calls of Prettier: which of them count, and which files they format. */
import type { JsonValue } from '../../model/json.js';
import type { ToolUse } from '../../model/tool-use.js';
import { mostApt, type RankedCall } from '../apt-calls.js';
import { ALL_FILES, namedBy, readCalledFiles, type CalledFiles, type NamedFiles } from '../called-files.js';
import type { ProjectView, ToolCall } from '../tool.js';
import { readArguments, type FlagValue } from './flags.js';
import type { IgnoreFiles } from './ignored.js';

/** One command line as data, in the options of a use. Paths are as they are written: relative to the use's root. */
export interface PrettierCall {
  readonly files: CalledFiles;
  /** Absent: Prettier's defaults. */
  readonly ignorePaths?: readonly string[];
  /** false: no configuration file counts. */
  readonly config?: string | false;
  readonly editorconfig?: false;
  readonly withNodeModules?: true;
  readonly precedence?: string;
  /** Options by command-line name. */
  readonly overrides?: Readonly<Record<string, FlagValue>>;
}

export interface PrettierOptions {
  readonly calls: readonly PrettierCall[];
  readonly ignores: IgnoreFiles;
  /** Plugins or overrides may give any file a parser. */
  readonly anyText: boolean;
  /** Only these, where nothing but our own config asks for Prettier. */
  readonly languages?: readonly string[];
}

/** The options of a use crossed a process boundary as JSON; this adapter wrote them. */
export function optionsOf(use: ToolUse): PrettierOptions {
  return use.options as unknown as PrettierOptions;
}

export function asOptions(options: PrettierOptions): { readonly [key: string]: JsonValue } {
  return options as unknown as { readonly [key: string]: JsonValue };
}

export const WHOLE_FOLDER: PrettierCall = { files: ALL_FILES };

export interface ChosenCall {
  readonly from: string;
  readonly line: string;
  readonly files: CalledFiles;
  readonly call: PrettierCall;
}

/** The calls of one folder that say what is formatted. */
export function chooseCalls(calls: readonly ToolCall[], dir: string, view: View): readonly ChosenCall[] {
  return mostApt(calls.filter((call) => call.dir === dir).flatMap((call) => usableCall(call, view)));
}

type View = Pick<ProjectView, 'files' | 'hasFile'>;
type UsableCall = ChosenCall & RankedCall;

function usableCall(call: ToolCall, view: View): UsableCall[] {
  const read = readArguments(call.args);
  if (read.isOther) return [];
  const files = readCalledFiles(read.patterns, call, view);
  if (files === null) return [];
  const { ignorePaths, config, editorconfig, withNodeModules, precedence, overrides } = read;
  const plain: PrettierCall = {
    files,
    ...(ignorePaths.length === 0 ? {} : { ignorePaths }),
    ...(config === undefined ? {} : { config }),
    ...(editorconfig ? {} : { editorconfig }),
    ...(withNodeModules ? { withNodeModules } : {}),
    ...(precedence === 'cli-override' ? {} : { precedence }),
    ...(Object.keys(overrides).length === 0 ? {} : { overrides }),
  };
  const line = ['prettier', ...call.args].join(' ');
  return [{ from: call.from, line, files, call: plain, looks: read.looks, script: call.script }];
}

const NEVER = /(?:^|\/)\.(?:git|sl|svn|hg|jj)\//;
const MODULES = /(?:^|\/)node_modules\//;

/** How the call names this workspace path; null when it does not. */
export function coverage(call: PrettierCall, root: string, path: string): NamedFiles | null {
  if (NEVER.test(path) || (call.withNodeModules !== true && MODULES.test(path))) return null;
  return namedBy(call.files, root, path);
}
