/** Load → open → detect → plan: everything before the first effect. */
import { type LoadedConfig, loadConfig } from './config/load.js';
import type { Config } from './config/schema.js';
import { type Repository, openRepository } from './git/repository.js';
import { exists, realpath, stat } from './host/disk.js';
import { readMachine } from './host/machine.js';
import { dirname, join, workspacePath } from './host/paths.js';
import type { Failure } from './model/failure.js';
import type { GateDepth, Plan, Priority } from './model/plan.js';
import { type Result, failed, success } from './model/result.js';
import type { Workflow } from './model/command.js';
import { BUILT_IN_COMMANDS } from './planner/commands.js';
import { makePlan } from './planner/plan.js';
import { BUILT_IN_WORKFLOWS, workflowOfCommands, workflowsOf } from './planner/workflows.js';
import { cacheFolder } from './runs/run-folder.js';
import { createProjectView } from './tools/project-view.js';
import { TOOLS } from './tools/registry.js';
import type { ProjectView } from './tools/tool.js';
import type { ToolSkip, ToolUse } from './model/tool-use.js';
import { type Workspace, filesChangedSince, openWorkspace, selectPaths } from './workspace/workspace.js';
import { nearest } from './config/suggest.js';

/** What to do, on which files, how. Everything but `cwd` has a default. */
export interface Request {
  /** Folder the request is made in; the target is the repository around it. */
  readonly cwd: string;
  /** Config file to use instead of the project's own. */
  readonly configFile?: string;
  readonly workflow?: string;
  /** Just these commands instead of a workflow. */
  readonly only?: readonly string[];
  /** Files, folders and globs relative to `cwd`; none means everything below `cwd`. */
  readonly paths?: readonly string[];
  /** Only files that changed since the merge base with this revision. */
  readonly since?: string;
  /** `write` unless told: `check` and `dry-run` write nothing. */
  readonly mode?: Plan['mode'];
  readonly gate?: GateDepth;
  readonly priority?: Priority;
  readonly maxParallel?: number;
  readonly timeoutMs?: number;
  readonly onFailure?: Config['onFailure'];
  readonly onRegression?: Config['onRegression'];
  readonly snapshot?: boolean;
  readonly lockTimeoutMs?: number;
  /** As the user typed it, for the log. */
  readonly commandLine?: readonly string[];
}

/** The folder that a command works on, and the repository it lies in. */
export interface Target {
  readonly root: string;
  readonly repository: Repository | null;
}

export interface Opened extends Target {
  readonly loaded: LoadedConfig;
  /** The config with what the request overrides. */
  readonly config: Config;
}

/** The target folder and its config: cheap, nothing of the project is looked at yet. */
export async function openTarget(request: Request): Promise<Result<Opened, readonly Failure[]>> {
  const target = await findTarget(request.cwd);
  if (!target.ok) return failed([target.failure]);
  const { root, repository } = target.value;
  const loaded = await loadConfig({
    root,
    ...(request.configFile === undefined ? {} : { file: request.configFile }),
    known: {
      commands: BUILT_IN_COMMANDS.map((command) => command.name),
      workflows: BUILT_IN_WORKFLOWS.map((workflow) => workflow.name),
      tools: TOOLS.filter((tool) => tool.roles.includes('format')).map((tool) => tool.name),
      after: Object.fromEntries(BUILT_IN_COMMANDS.map((command) => [command.name, command.after])),
    },
  });
  if (!loaded.ok) return loaded;
  return success({ root, repository, loaded: loaded.value, config: overridden(loaded.value.config, request) });
}

/** The nearest folder above with a config of ours, else the top of the repository, else the folder itself. */
export async function findTarget(cwd: string): Promise<Result<Target>> {
  const start = await realpath(cwd).catch(() => null);
  if (start === null || !(await stat(start)).isDirectory()) {
    return failed({ kind: 'target-invalid', message: `There is no folder ${cwd}` });
  }
  const repository = await openRepository(start);
  const top = repository?.workTree ?? null;
  for (let folder = start; ; folder = dirname(folder)) {
    const found = await exists(join(folder, '.quality-config.json'));
    if (!found && folder !== top && dirname(folder) !== folder) continue;
    const root = found ? folder : (top ?? start);
    return success({ root, repository: root === start ? repository : await openRepository(root) });
  }
}

function overridden(config: Config, request: Request): Config {
  return {
    ...config,
    ...(request.priority === undefined ? {} : { priority: request.priority }),
    ...(request.maxParallel === undefined ? {} : { maxParallel: request.maxParallel }),
    ...(request.onFailure === undefined ? {} : { onFailure: request.onFailure }),
    ...(request.onRegression === undefined ? {} : { onRegression: request.onRegression }),
    ...(request.snapshot === undefined ? {} : { createSnapshots: request.snapshot }),
  };
}

export interface Prepared extends Opened {
  readonly workspace: Workspace;
  readonly plan: Plan;
  readonly selected: ReadonlySet<string> | null;
}

/** Opens the workspace, finds the project's tools and plans. Reads only. */
export async function prepare(opened: Opened, request: Request): Promise<Result<Prepared, readonly Failure[]>> {
  const { root, config } = opened;
  const workflow = workflowOf(config, request);
  if (!workflow.ok) return failed([workflow.failure]);
  const workspace = await openWorkspace({ root, config, stateFolder: cacheFolder(root) });
  if (!workspace.ok) return failed([workspace.failure]);
  const selected = await select(workspace.value, request);
  if (!selected.ok) return failed([selected.failure]);
  const [{ uses, skips }, readings] = await Promise.all([detectTools(workspace.value, config), readMachine()]);
  const plan = makePlan(
    {
      workflow: workflow.value,
      mode: request.mode ?? 'write',
      gate: request.gate ?? null,
      priority: config.priority,
      maxParallel: config.maxParallel,
      timeoutMs: request.timeoutMs,
      snapshot: config.createSnapshots,
      selected: selected.value,
    },
    { config, ...pick(workspace.value), uses, skips, readings, inRepository: workspace.value.repository !== null },
  );
  if (!plan.ok) return failed([plan.failure]);
  return success({ ...opened, workspace: workspace.value, plan: plan.value, selected: selected.value });
}

function pick({ files, excluded }: Workspace): Pick<Workspace, 'files' | 'excluded'> {
  return { files, excluded };
}

function workflowOf(config: Config, request: Request): Result<Workflow> {
  if (request.only !== undefined && request.only.length > 0) return success(workflowOfCommands(request.only));
  const workflows = workflowsOf(config);
  const name = request.workflow ?? config.defaultWorkflow;
  const workflow = workflows.get(name);
  if (workflow !== undefined) return success(workflow);
  const guess = nearest(name, workflows.keys());
  const next = guess === null ? `The workflows are: ${[...workflows.keys()].join(', ')}.` : `Did you mean "${guess}"?`;
  return failed({ kind: 'usage', message: `There is no workflow "${name}"`, next });
}

/** null: everything. Otherwise the files that the paths, `--since` and the current folder leave. */
async function select(workspace: Workspace, request: Request): Promise<Result<ReadonlySet<string> | null>> {
  const cwd = await realpath(request.cwd);
  const below = workspacePath(workspace.root, cwd);
  const named = request.paths ?? [];
  const isWhole = named.length === 0 && (below === '' || below === null);
  let selected: ReadonlySet<string> | null = null;
  if (!isWhole) {
    const chosen = selectPaths(workspace, named.length > 0 ? named : ['.'], cwd);
    // A name that matches nothing is a mistake; a folder that has nothing to look at is just done.
    if (!chosen.ok && named.length > 0) return chosen;
    selected = chosen.ok ? chosen.value : new Set<string>();
  }
  if (request.since === undefined) return success(selected);
  const changed = await filesChangedSince(workspace, request.since);
  if (!changed.ok) return changed;
  return success(new Set(changed.value.filter((path) => selected?.has(path) ?? true)));
}

async function detectTools(workspace: Workspace, config: Config): Promise<{ uses: ToolUse[]; skips: ToolSkip[] }> {
  const view: ProjectView = createProjectView({
    root: workspace.root,
    config,
    files: workspace.files,
    packages: workspace.packages,
  });
  const detections = await Promise.all(TOOLS.map((tool) => tool.detect(view)));
  return { uses: detections.flatMap((found) => found.uses), skips: detections.flatMap((found) => found.skips) };
}
