/** Starting a tool's program, and what its end means. */
import { makeFolder } from '../../host/disk.js';
import { type ProcessResult, runProcess } from '../../host/process.js';
import { absolutePath, isWithin, relativeTo } from '../../host/paths.js';
import type { ToolUse } from '../../model/tool-use.js';
import { excerpt } from '../output/context.js';
import { exitCodeOf } from '../ended.js';
import { ToolFault } from '../tool-fault.js';
import type { EngineContext } from '../tool.js';
import type { Arg, Preset, Stream } from './preset.js';

/** A preset in use. */
export interface Setting {
  readonly preset: Preset;
  readonly use: ToolUse;
  readonly context: EngineContext;
  /** Name that findings and faults carry. */
  readonly says: string;
}

export interface Values {
  readonly files?: readonly string[];
  readonly file?: string;
  readonly flags: readonly string[];
}

/** The real arguments for this version of the tool. */
export function argumentsOf(args: readonly Arg[], values: Values, { use, context }: Setting): string[] {
  const words = args.flatMap((arg) => (typeof arg === 'string' ? [arg] : isFor(arg, use.version) ? arg.args : []));
  return words.flatMap((word) => {
    if (word === '{files}') return [...(values.files ?? [])];
    if (word === '{flags}') return [...values.flags];
    return [word.replace('{file}', () => values.file ?? '').replace('{state}', () => context.stateFolder)];
  });
}

function isFor({ since, before }: Exclude<Arg, string>, version: string): boolean {
  const known = /^\d/.test(version);
  if (before !== undefined) return known && compareVersions(version, before) < 0;
  return since === undefined || !known || compareVersions(version, since) >= 0;
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A path as an argument, seen from the tool's folder: nothing in it may look like a flag, a list or an exclusion. */
export function argumentPath(path: string, use: ToolUse): string {
  const relative = relativeTo(use.root, path);
  return /^[\w.]/.test(relative) ? relative : `./${relative}`;
}

/** The flags of the project's calls, and those of the folder that the path lies in. */
export function flagsFor(path: string, use: ToolUse): readonly string[] {
  const folders = (use.options.folders ?? {}) as Readonly<Record<string, readonly string[]>>;
  const relative = relativeTo(use.root, path);
  const nearest = Object.keys(folders)
    .filter((folder) => isWithin(folder, relative))
    .sort((a, b) => b.length - a.length)[0];
  const own = (use.options.flags ?? []) as readonly string[];
  return [...(nearest === undefined ? [] : (folders[nearest] ?? [])), ...own];
}

export interface RunWish {
  readonly cwd?: string;
  readonly input?: string;
}

export async function runTool(args: readonly string[], wish: RunWish, setting: Setting): Promise<ProcessResult> {
  const { preset, use, context } = setting;
  const settings = Object.entries(preset.env ?? {});
  const words = [...args, ...settings.map(([, value]) => value)];
  if (words.some((word) => word === '{state}' || word === context.stateFolder)) await makeFolder(context.stateFolder);
  const own = settings.map(([name, value]) => [name, value === '{state}' ? context.stateFolder : value]);
  const result = await runProcess(use.entry, args, {
    cwd: wish.cwd ?? absolutePath(context.root, use.root),
    env: { ...UTF8, ...(Object.fromEntries(own) as Record<string, string>) },
    timeoutMs: context.timeoutMs,
    ...(wish.input === undefined ? {} : { input: wish.input }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  exitCodeOf(setting.says, result);
  return result;
}

/** UTF-8 whatever the locale: ShellCheck stops at the first emoji without it. */
const UTF8 = {
  PYTHONUTF8: '1',
  LC_ALL: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8',
};

/** An exit code that means neither success nor findings. */
export function crash(
  result: ProcessResult,
  tool: string,
  kind: 'tool-crashed' | 'tool-config' = 'tool-crashed',
): ToolFault {
  const words = [result.stderr, result.stdout]
    .map((stream) => stream.toString('utf8').trim())
    .find((text) => text !== '');
  const why = kind === 'tool-config' ? 'its configuration does not load' : `exit code ${String(result.exitCode)}`;
  return new ToolFault(kind, tool, `\`${short(result.shown)}\` failed: ${why}`, excerpt(words ?? ''));
}

const SHOWN_LENGTH = 200;

function short(command: string): string {
  return command.length <= SHOWN_LENGTH ? command : `${command.slice(0, SHOWN_LENGTH)}…`;
}

export function streamOf(result: ProcessResult, stream: Stream): string {
  if (stream !== 'either') return result[stream].toString('utf8');
  return [result.stdout, result.stderr]
    .map((one) => one.toString('utf8'))
    .filter((one) => one !== '')
    .join('\n');
}

/** Files that take the same flags, together, in order of first appearance. */
export function groupByFlags<F extends { readonly path: string }>(
  files: readonly F[],
  use: ToolUse,
): readonly { readonly flags: readonly string[]; readonly files: readonly F[] }[] {
  const groups = new Map<string, { flags: readonly string[]; files: F[] }>();
  for (const file of files) {
    const flags = flagsFor(file.path, use);
    const key = JSON.stringify(flags);
    const group = groups.get(key) ?? { flags, files: [] };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()];
}
