/** The project's own calls of oxlint and oxfmt, whose command lines are of one kind. */
import { mostApt, type RankedCall } from '../apt-calls.js';
import { ALL_FILES, namedBy, readCalledFiles, type CalledFiles } from '../called-files.js';
import { splitWords, type CommandFlag } from '../command-words.js';
import type { ProjectView, ToolCall } from '../tool.js';
import type { JsonValue } from '../../model/json.js';
import type { ToolUse } from '../../model/tool-use.js';

export interface OxcCall {
  /** Those that change the result. */
  readonly flags: readonly string[];
  readonly files: CalledFiles;
}

export interface OxcOptions {
  /** A file belongs to the first call that names it. */
  readonly calls: readonly OxcCall[];
  readonly maxWarnings?: number;
}

/** The options of a use crossed a process boundary as JSON; this adapter wrote them. */
export function optionsOf(use: ToolUse): OxcOptions {
  return use.options as unknown as OxcOptions;
}

export function asOptions(options: OxcOptions): { readonly [key: string]: JsonValue } {
  return options as unknown as { readonly [key: string]: JsonValue };
}

export function callFor({ options, root }: Pick<ToolUse, 'options' | 'root'>, path: string): OxcCall | null {
  const { calls } = options as unknown as OxcOptions;
  return calls.find(({ files }) => namedBy(files, root, path) !== null) ?? null;
}

/** How to read the command line of one of them. */
export interface CommandLine {
  readonly tool: string;
  readonly valued: ReadonlySet<string>;
  /** They say how to print, to count or to hurry. */
  readonly withoutEffect: ReadonlySet<string>;
  /** With these it does something else than look at files. */
  readonly other: ReadonlySet<string>;
  readonly looks: (flags: readonly CommandFlag[]) => boolean;
}

export interface ChosenCall extends RankedCall {
  readonly from: string;
  readonly line: string;
  readonly call: OxcCall;
  readonly allFlags: readonly CommandFlag[];
}

export const WHOLE_FOLDER: OxcCall = { flags: [], files: ALL_FILES };

type View = Pick<ProjectView, 'files' | 'hasFile'>;

export interface CallQuestion {
  readonly calls: readonly ToolCall[];
  readonly commandLine: CommandLine;
  readonly view: View;
}

export function chooseCalls({ calls, commandLine, view }: CallQuestion, dir: string): readonly ChosenCall[] {
  return mostApt(calls.filter((call) => call.dir === dir).flatMap((call) => usableCall(call, commandLine, view)));
}

function usableCall(call: ToolCall, commandLine: CommandLine, view: View): ChosenCall[] {
  const { tool, valued, withoutEffect, other, looks } = commandLine;
  const { names, flags } = splitWords(call.args, (name) => valued.has(name));
  if (flags.some(({ name }) => other.has(name))) return [];
  const files = readCalledFiles(names.length === 0 ? ['.'] : names, call, view);
  if (files === null) return [];
  const kept = flags.filter(({ name }) => !withoutEffect.has(name)).flatMap(({ words }) => words);
  return [
    {
      from: call.from,
      line: [tool, ...call.args].join(' '),
      files,
      call: { flags: kept, files },
      allFlags: flags,
      looks: looks(flags),
      script: call.script,
    },
  ];
}
