/** The tasks of each command: which tools, on which files, and what is left out with its reason. */
import picomatch from 'picomatch';
import type { Config } from '../config/schema.js';
import type { CommandSpec } from '../model/command.js';
import type { FileFacts } from '../model/file.js';
import type { PlannedTask } from '../model/plan.js';
import type { ToolUse } from '../model/tool-use.js';
import { takesFiles } from '../tools/custom/command.js';
import { toolOf } from '../tools/registry.js';
import { groupByLinks, linksFor, showLinks } from './chains.js';
import { type StepTasks, type TaskContext, ownUse } from './task-context.js';
import { verifyTasks } from './verify-tasks.js';

type TaskBuilder = (context: TaskContext) => StepTasks;

const BUILDERS: Readonly<Record<string, TaskBuilder>> = {
  verify: verifyTasks,
  format: formatTasks,
  cleanup: cleanupTasks,
  dedupe: dedupeTasks,
  analyze: analyzeTasks,
};

/** What these commands change is to be formatted and judged by the project's own tools. */
const NEEDS_JUDGES: ReadonlySet<string> = new Set(['cleanup', 'dedupe']);

export function tasksOf(spec: CommandSpec, context: TaskContext): StepTasks {
  const built = (BUILDERS[spec.name] ?? ((own: TaskContext) => ownTasks(spec.name, own)))(context);
  const judges = NEEDS_JUDGES.has(spec.name) ? missingJudges(built.tasks, context) : [];
  if (judges.length === 0) return built;
  return {
    tasks: [],
    skipped: `tools that the project asks for are not installed, and would judge the edits: ${judges.join(', ')}`,
  };
}

/** Names of tools that would look at files of these tasks if they were there. */
function missingJudges(tasks: readonly PlannedTask[], { missing, selected }: TaskContext): readonly string[] {
  const paths = new Set(tasks.flatMap((task) => task.files));
  const languages = new Set(selected.flatMap(({ path, language }) => (paths.has(path) ? [language] : [])));
  const judges = missing.filter((skip) => skip.languages?.some((language) => languages.has(language)) !== false);
  return [...new Set(judges.map(({ tool }) => tool))];
}

// --- format, cleanup

function writable(files: readonly FileFacts[]): FileFacts[] {
  return files.filter((file) => file.protection === undefined);
}

function formatTasks(context: TaskContext): StepTasks {
  const tasks = formatChains(context, context.selected);
  return tasks.length > 0
    ? { tasks }
    : { tasks, skipped: 'the project shows no sign of a formatter; the skipped tools below say how to switch one on' };
}

function formatChains(context: TaskContext, files: readonly FileFacts[]): PlannedTask[] {
  return groupByLinks(writable(files), (file) => linksFor(file, context.config, context.find))
    .filter(({ links }) => links.length > 0)
    .map(({ links, files: paths }, index) => ({
      id: `${context.stepId}/chain-${String(index + 1)}`,
      action: 'transform',
      links,
      files: paths,
      grain: 'file',
      reason: showLinks(links),
    }));
}

function cleanupTasks(context: TaskContext): StepTasks {
  const { config, options } = context;
  const organizeImports = options.organizeImports ?? config.cleanup.organizeImports;
  const trigger = context.uses.find((use) => use.tool === 'cleanup');
  if (trigger === undefined) return { tasks: [], skipped: 'no JavaScript or TypeScript files' };
  const level = options.level ?? config.cleanup.level;
  const use: ToolUse = { ...trigger, options: { ...trigger.options, level, organizeImports } };
  const links = (file: FileFacts): PlannedTask['links'] => linksFor(file, config, context.find);
  const files = writable(context.selected).filter(
    (file) => toolOf(use).takes(use, file) && (links(file).length > 0 || !isIgnored(file, context.uses)),
  );
  const tasks = groupByLinks(files, links).map(({ links, files: paths }, index): PlannedTask => ({
    id: `${context.stepId}/chain-${String(index + 1)}`,
    action: 'transform',
    links,
    trigger: use,
    files: paths,
    grain: 'file',
    reason: links.length === 0 ? 'cleanup' : `cleanup, then ${showLinks(links)} on what it changes`,
  }));
  return tasks.length > 0 ? { tasks } : { tasks, skipped: 'no JavaScript or TypeScript files' };
}

/** Input of tests, code of others: what the project's formatters are told to ignore is left as it is. */
function isIgnored(file: FileFacts, uses: readonly ToolUse[]): boolean {
  return uses.some((use) => toolOf(use).ignores?.(use, file) === true);
}

// --- dedupe, analyze, commands of one's own

function dedupeTasks(context: TaskContext): StepTasks {
  const use = context.uses.find((one) => one.tool === 'dedupe');
  const files = use === undefined ? [] : writable(context.selected).filter((file) => toolOf(use).takes(use, file));
  if (use === undefined || files.length === 0) return { tasks: [], skipped: 'no files in which clones are looked for' };
  const { minLines, minTokens, apply }: Config['dedupe'] = { ...context.config.dedupe, ...context.options };
  const asked: ToolUse = { ...use, options: { ...use.options, minLines, minTokens, apply } };
  const task: PlannedTask = {
    id: `${context.stepId}/clones`,
    action: 'check',
    links: [[asked]],
    files: files.map((file) => file.path),
    grain: 'project',
    reason: apply
      ? 'dedupe.apply is on: identical declarations are merged'
      : 'clones are reported; dedupe.apply merges identical declarations',
  };
  return { tasks: [apply ? { ...task, finish: formatChains(context, files) } : task] };
}

function analyzeTasks(context: TaskContext): StepTasks {
  const use = context.uses.find((one) => one.tool === 'analyze');
  const files = context.selected.map((file) => file.path);
  if (use === undefined || files.length === 0) return { tasks: [], skipped: 'no files' };
  return {
    tasks: [
      { id: `${context.stepId}/facts`, action: 'check', links: [[use]], files, grain: 'project', reason: use.evidence },
    ],
  };
}

function ownTasks(name: string, context: TaskContext): StepTasks {
  const command = context.config.commands[name];
  if (command === undefined) throw new Error(`No tasks are known for ${name}`);
  const isMatch = command.files.length === 0 ? () => true : picomatch([...command.files], { dot: true });
  const files = context.selected.filter((file) => isMatch(file.path)).map((file) => file.path);
  if (files.length === 0) return { tasks: [], skipped: `no file matches ${command.files.join(', ')}` };
  const use = ownUse(name, 'command', { command: command }, `config commands.${name}`);
  const task: PlannedTask = {
    id: `${context.stepId}/run`,
    action: 'check',
    links: [[use]],
    files,
    grain: 'project',
    ...(takesFiles(command) ? { ofSelected: true } : {}),
    reason: use.evidence,
  };
  return { tasks: [command.effect === 'writes' ? { ...task, finish: formatChains(context, context.files) } : task] };
}
