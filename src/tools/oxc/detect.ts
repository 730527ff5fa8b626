/** Whether, where and how the project uses oxlint or oxfmt. */
import { folderOf, isWithin, posix } from '../../host/paths.js';
import type { FileFacts } from '../../model/file.js';
import type { ToolRole, ToolSkip, ToolUse } from '../../model/tool-use.js';
import { scopeOfCalls } from '../called-files.js';
import { addCommand, dependencyField, installCommand, lockFiles } from '../packages.js';
import type { Detection, ProjectView } from '../tool.js';
import { foldersOfUse } from '../use-folders.js';
import { asOptions, chooseCalls, WHOLE_FOLDER, type CallQuestion, type ChosenCall, type CommandLine } from './calls.js';

export interface OxcTool {
  readonly role: ToolRole;
  readonly commandLine: CommandLine;
  readonly configNames: readonly string[];
  readonly companions: readonly string[];
  readonly isTarget: (file: FileFacts) => boolean;
  /** From the calls, and from the text of the root's configuration. */
  readonly maxWarnings?: (calls: readonly ChosenCall[], config: string) => Promise<number | null>;
}

interface World {
  readonly project: ProjectView;
  readonly tool: OxcTool;
  readonly question: CallQuestion;
  readonly configs: readonly string[];
}

export async function detectOxc(project: ProjectView, tool: OxcTool): Promise<Detection> {
  const calls = await project.callsOf(tool.commandLine.tool);
  const question: CallQuestion = { calls, commandLine: tool.commandLine, view: project };
  const configs = project.filesNamed(...tool.configNames);
  const dirs = await foldersOfUse({
    project,
    calls,
    filesCalled: (dir) => chooseCalls(question, dir).map(({ files }) => files),
    configured: [...new Set(configs.map(folderOf))],
    isTarget: tool.isTarget,
  });
  const found = await Promise.all(dirs.map((dir) => useIn({ project, tool, question, configs }, dir)));
  return {
    uses: found.filter((one): one is ToolUse => 'id' in one),
    skips: found.filter((one): one is ToolSkip => !('id' in one)),
  };
}

async function useIn({ project, tool, question, configs }: World, dir: string): Promise<ToolUse | ToolSkip> {
  const name = tool.commandLine.tool;
  const chosen = chooseCalls(question, dir);
  const config = configs.find((path) => folderOf(path) === dir);
  const lines = chosen.map(({ from, line }) => `${from}: ${line}`);
  const evidence = [...(config === undefined ? [] : [config]), ...lines].join('; ');
  const installed = await project.resolvePackage(name, dir);
  if (installed === null) {
    const reason = `${evidence} asks for ${name}, but it is not installed`;
    return { tool: name, root: dir, reason, hint: hintFor(project, name), wanted: true };
  }
  const text = config === undefined ? null : await project.readText(config);
  const most = (await tool.maxWarnings?.(chosen, text ?? '')) ?? null;
  return {
    id: `${name}@${dir}`,
    tool: name,
    roles: [tool.role],
    version: installed.version,
    origin: 'project',
    root: dir,
    entry: installed.dir,
    evidence,
    scope: scopeOfCalls(chosen),
    configFiles: configFilesOf({ project, tool, question, configs }, dir, chosen),
    options: asOptions({
      calls: chosen.length === 0 ? [WHOLE_FOLDER] : chosen.map(({ call }) => call),
      ...(most === null ? {} : { maxWarnings: most }),
    }),
  };
}

function hintFor(project: ProjectView, name: string): string {
  const isDeclared = project.packages.some(({ manifest }) => dependencyField(manifest, name) !== null);
  return isDeclared ? installCommand(project) : addCommand(project, name);
}

function configFilesOf({ project, tool, configs }: World, dir: string, chosen: readonly ChosenCall[]): string[] {
  const isNear = (path: string): boolean => isWithin(folderOf(path), dir) || isWithin(dir, folderOf(path));
  const named = chosen.flatMap(({ allFlags }) => allFlags.flatMap(({ value }) => value ?? []));
  const there = named.map((path) => posix.join(dir, path)).filter((path) => project.hasFile(path));
  const companions = project.filesNamed(...tool.companions);
  return [...new Set([...[...configs, ...companions].filter(isNear), ...there, ...lockFiles(project)])].sort();
}
