/** Load → open → detect → plan: everything before the first effect. */
import { type KnownNames, type LoadedConfig, loadConfig } from './config/load.js';
import type { Config } from './config/schema.js';
import type { IndexWords } from './git/index-files.js';
import { realpath } from './host/disk.js';
import { hashBytes } from './host/hash.js';
import { readMachine } from './host/machine.js';
import { workspacePath } from './host/paths.js';
import type { Failure } from './model/failure.js';
import type { GateDepth, Plan, PlannedTask, Priority } from './model/plan.js';
import { type Result, failed, success } from './model/result.js';
import type { Workflow } from './model/command.js';
import { BUILT_IN_COMMANDS } from './planner/commands.js';
import type { PlanFacts } from './planner/facts.js';
import { makePlan } from './planner/plan.js';
import { BUILT_IN_WORKFLOWS, workflowOfCommands, workflowsOf } from './planner/workflows.js';
import { cacheFolder, localFolder, prepareStateFolder } from './runs/run-folder.js';
import { type Target, findTarget } from './target.js';
import { createProjectView } from './tools/project-view.js';
import { loadTools } from './tools/registry.js';
import type { Detection, ProjectView } from './tools/tool.js';
import { noRevision } from './workspace/merge-base.js';
import { type Workspace, filesChangedSince, openWorkspace, selectPaths, withContents } from './workspace/workspace.js';
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
  /** All of them are looked at, and only what that merge base did not have counts; `since` says what is written. */
  readonly newOnly?: boolean;
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
  /** Whether answers of earlier runs are used, and this one's kept; true unless told. */
  readonly cache?: boolean;
  /** Says in notices why files are looked at again. */
  readonly explainCache?: boolean;
  /** Just these files, with these contents instead of those on disk. */
  readonly contents?: ReadonlyMap<string, Buffer>;
  /** Only what looks at files one by one, or only what looks at the project as a whole. */
  readonly grain?: PlannedTask['grain'];
  /** As the user typed it, for the log. */
  readonly commandLine?: readonly string[];
}

export interface Opened extends Target {
  readonly loaded: LoadedConfig;
  /** The config with what the request overrides. */
  readonly config: Config;
}

/** The target folder and its config: cheap, nothing of the project is looked at yet. */
export async function openTarget(request: Request, found?: Target): Promise<Result<Opened, readonly Failure[]>> {
  const target = found === undefined ? await findTarget(request.cwd) : success(found);
  if (!target.ok) return failed([target.failure]);
  const { root, repository } = target.value;
  const loaded = await loadConfig({
    root,
    ...(request.configFile === undefined ? {} : { file: request.configFile }),
    ...(request.cache === false ? {} : { keptIn: localFolder(root) }),
    known: knownNames,
  });
  if (!loaded.ok) return loaded;
  return success({ root, repository, loaded: loaded.value, config: overridden(loaded.value.config, request) });
}

async function knownNames(): Promise<KnownNames> {
  const tools = await loadTools();
  return {
    commands: BUILT_IN_COMMANDS.map((command) => command.name),
    workflows: BUILT_IN_WORKFLOWS.map((workflow) => workflow.name),
    tools: tools.filter((tool) => tool.roles.includes('format')).map((tool) => tool.name),
    after: Object.fromEntries(BUILT_IN_COMMANDS.map((command) => [command.name, command.after])),
  };
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
  /** What it was made of. */
  readonly facts: PlanFacts;
  readonly selected: ReadonlySet<string> | null;
  /** Of files that are looked at with other bytes than those on disk. */
  readonly contents: ReadonlyMap<string, Buffer>;
  /** Files of the workspace whose text decides which tools run, and how. */
  readonly configs: readonly string[];
}

/** Opens the workspace, finds the project's tools and plans. Reads only. `said`: by git of the target, just now. */
export async function prepare(
  opened: Opened,
  request: Request,
  said?: IndexWords,
): Promise<Result<Prepared, readonly Failure[]>> {
  const { config } = opened;
  const workflow = workflowOf(config, request);
  if (!workflow.ok) return failed([workflow.failure]);
  const looked = await look(opened, request, said);
  if (!looked.ok) return failed([looked.failure]);
  const { workspace, contents } = looked.value;
  const asked = await selectAsked(workspace, request);
  const changed = await selectChanged(workspace, request);
  if (!asked.ok) return failed([{ ...asked.failure, ...namedWorkflow(config, request) }]);
  if (!changed.ok) return failed([changed.failure]);
  const selected = request.newOnly === true ? asked.value : both(asked.value, changed.value);
  const read = new Set<string>();
  const detected = usesTools(workflow.value, config) ? await detectTools(workspace, config, read) : NO_TOOLS;
  const facts: PlanFacts = {
    config,
    ...pick(workspace),
    ...detected,
    readings: readMachine(),
    inRepository: workspace.repository !== null,
  };
  const plan = makePlan(
    {
      workflow: workflow.value,
      mode: request.mode ?? 'write',
      gate: request.gate ?? null,
      priority: config.priority,
      maxParallel: config.maxParallel,
      timeoutMs: request.timeoutMs,
      snapshot: config.createSnapshots,
      selected,
      ...(request.newOnly === true ? { writable: changed.value } : {}),
      ...(request.grain === undefined ? {} : { grain: request.grain }),
    },
    facts,
  );
  if (!plan.ok) return failed([plan.failure]);
  const configs = [...read, ...detected.uses.flatMap((use) => use.configFiles)];
  return success({
    ...opened,
    workspace,
    plan: plan.value,
    facts,
    selected,
    contents,
    configs: [...new Set(configs)].sort(),
  });
}

async function look(
  { root, config, repository }: Opened,
  { contents: given }: Request,
  said: IndexWords | undefined,
): Promise<Result<Pick<Prepared, 'workspace' | 'contents'>>> {
  // Before the first file in it: git must not see it. Where it cannot be written, nothing is kept.
  await prepareStateFolder(root).catch(() => undefined);
  const onDisk = await openWorkspace({ root, config, repository, said, stateFolder: cacheFolder(root) });
  if (!onDisk.ok) return onDisk;
  if (given === undefined) return success({ workspace: onDisk.value, contents: new Map() });
  const workspace = await withContents(onDisk.value, given);
  if (!workspace.ok) return workspace;
  return success({ workspace: workspace.value, contents: virtualOnes(onDisk.value, given) });
}

/** Without those that stand on disk just so. */
function virtualOnes({ files }: Workspace, given: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  const onDisk = new Map(files.map(({ path, hash }) => [path, hash]));
  return new Map([...given].filter(([path, bytes]) => onDisk.get(path) !== hashBytes(bytes)));
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

/** What is told to those who name a workflow where paths stand. */
function namedWorkflow(config: Config, { paths = [] }: Request): Pick<Failure, 'next'> {
  const name = paths.find((path) => workflowsOf(config).has(path));
  return name === undefined ? {} : { next: `Did you mean the workflow? \`quality run --workflow ${name}\`` };
}

type Selected = ReadonlySet<string> | null;

/** null: everything. Otherwise the files that the paths and the current folder leave. */
async function selectAsked(workspace: Workspace, request: Request): Promise<Result<Selected>> {
  if (request.contents !== undefined) return success(new Set(request.contents.keys()));
  const cwd = await realpath(request.cwd);
  const below = workspacePath(workspace.root, cwd);
  const named = request.paths ?? [];
  if (named.length === 0 && (below === '' || below === null)) return success(null);
  const chosen = selectPaths(workspace, named.length > 0 ? named : ['.'], cwd);
  // A name that matches nothing is a mistake; a folder that has nothing to look at is just done.
  if (!chosen.ok && named.length > 0) return chosen;
  return success(chosen.ok ? chosen.value : new Set<string>());
}

/** null: everything. Otherwise the files that `--since` leaves. */
async function selectChanged(workspace: Workspace, request: Request): Promise<Result<Selected>> {
  if (request.newOnly === true && request.since === undefined) return failed(await noRevision(workspace.root));
  if (request.contents !== undefined || request.since === undefined) return success(null);
  const changed = await filesChangedSince(workspace, request.since);
  return changed.ok ? success(new Set(changed.value)) : changed;
}

function both(one: Selected, other: Selected): Selected {
  if (one === null || other === null) return one ?? other;
  return new Set([...other].filter((path) => one.has(path)));
}

/** What a command of the project's own reports needs no tool; what it writes is formatted. */
function usesTools({ steps }: Workflow, { commands }: Config): boolean {
  return steps.some(({ command }) => commands[command]?.effect !== 'reads');
}

const NO_TOOLS: Required<Detection> = { uses: [], skips: [], findings: [] };

async function detectTools(workspace: Workspace, config: Config, read: Set<string>): Promise<Required<Detection>> {
  const view: ProjectView = createProjectView({
    root: workspace.root,
    config,
    files: workspace.files,
    packages: workspace.packages,
    onRead: (path) => void read.add(path),
  });
  const detections = await Promise.all((await loadTools()).map((tool) => tool.detect(view)));
  return {
    uses: detections.flatMap((found) => found.uses),
    skips: detections.flatMap((found) => found.skips),
    findings: detections.flatMap((found) => found.findings ?? []),
  };
}
