/** From a project to the config that says what it does already. Reads only. */
import { CONFIG_FILE } from '../config/find.js';
import { writeFile } from '../host/disk.js';
import { join } from '../host/paths.js';
import { withTemporaryFolder } from '../host/temporary-folder.js';
import { hookStatus } from '../hook/install-status.js';
import type { Failure } from '../model/failure.js';
import { type Plan, stepsOf } from '../model/plan.js';
import { type Result, success } from '../model/result.js';
import { type Opened, openTarget, prepare } from '../open.js';
import { addCommand, dependencyField, installCommand } from '../tools/packages.js';
import type { ProjectView } from '../tools/tool.js';
import { PRE_COMMIT_FILE, commitLines } from './commit-lines.js';
import { changesBetween } from './compare.js';
import { PACKAGE, githubWorkflow } from './github.js';
import { type Project, readProject } from './project.js';
import { type Removal, removalsOf } from './removals.js';
import { type Layout, type Setting, renderConfig } from './setting.js';
import { checksSetting, commandSettings, formatterSettings, schemaSetting, stagedSetting } from './settings.js';
import { type TakenOver, meaningOf, withOwnNames } from './take-over.js';
import { testsSetting } from './tests.js';

export interface Proposal {
  /** Absolute. */
  readonly root: string;
  readonly settings: readonly Setting[];
  /** Of the config file. */
  readonly text: string;
  readonly layout: Layout;
  /** As it is without a config. */
  readonly plan: Plan;
  /** What would happen that does not happen now. */
  readonly adds: readonly string[];
  /** What runs before a commit now. */
  readonly lines: readonly TakenOver[];
  /** What may be taken away then. */
  readonly removals: readonly Removal[];
  /** What is to be done first: commands. */
  readonly before: readonly string[];
  /** Installs what package.json declares. */
  readonly install: string;
  /** The package.json asks for quality. */
  readonly isDependency: boolean;
  /** A hook before commits can be offered. */
  readonly hook: boolean;
  /** Text of a workflow for GitHub, where one can be offered. */
  readonly github: string | null;
}

/** There is a config: nothing is proposed. */
export interface Existing {
  readonly root: string;
  /** `.quality-config.json`, `package.json` */
  readonly existing: string;
}

export async function propose(cwd: string): Promise<Result<Proposal | Existing, readonly Failure[]>> {
  const opened = await openTarget({ cwd });
  if (!opened.ok) return opened;
  const { root, loaded } = opened.value;
  if (loaded.source !== null) return success({ root, existing: loaded.source });
  const project = await readProject(opened.value);
  return project.ok ? proposeFor(opened.value, project.value) : project;
}

async function proposeFor(opened: Opened, project: Project): Promise<Result<Proposal, readonly Failure[]>> {
  const tests = await testsSetting(project);
  const lines = await linesOf(project, tests !== null);
  const settings = [
    await schemaSetting(project),
    checksSetting(project),
    tests,
    ...formatterSettings(project, lines),
    ...commandSettings(lines),
    stagedSetting(lines, tests !== null),
  ].filter((setting) => setting !== null);
  const layout = await layoutFor(project);
  const text = renderConfig(settings, layout);
  const planned = await planWith(text, opened);
  if (!planned.ok) return planned;
  const { plan } = project.prepared;
  return success({
    root: opened.root,
    settings,
    text,
    layout,
    plan,
    adds: [...changesBetween(plan, planned.value), ...addsOf(planned.value)],
    lines,
    removals: removalsOf(lines, project),
    ...(await offersFor(project)),
  });
}

async function linesOf(project: Project, isTested: boolean): Promise<readonly TakenOver[]> {
  const lines = await commitLines(project.view);
  const meanings = lines.map(async (line) => ({ ...line, meaning: await meaningOf(line, project, isTested) }));
  return withOwnNames(await Promise.all(meanings));
}

/** The config's own loader has the last word, and the plan shows what it would change. */
async function planWith(text: string, { root, repository }: Opened): Promise<Result<Plan, readonly Failure[]>> {
  return withTemporaryFolder('init', async (folder) => {
    const configFile = join(folder, CONFIG_FILE);
    await writeFile(configFile, text);
    const opened = await openTarget({ cwd: root, configFile }, { root, repository });
    if (!opened.ok) return opened;
    const prepared = await prepare(opened.value, { cwd: root, mode: 'check' });
    return prepared.ok ? success(prepared.value.plan) : prepared;
  });
}

function addsOf(plan: Plan): string[] {
  const cleans = stepsOf(plan).some(({ command, tasks }) => command === 'cleanup' && tasks.length > 0);
  return cleans
    ? [
        'clean-up: unused imports, unused locals without effect and unreachable code are removed (`--only verify,format` does without)',
      ]
    : [];
}

async function offersFor(
  project: Project,
): Promise<Pick<Proposal, 'before' | 'install' | 'isDependency' | 'hook' | 'github'>> {
  const { prepared, view } = project;
  const manifest = view.packages.find(({ dir }) => dir === '')?.manifest;
  const isDependency = dependencyField(manifest, PACKAGE) !== null;
  const missing = prepared.plan.skips.filter(({ wanted }) => wanted).map(({ hint }) => hint);
  const adding = isDependency || !view.hasFile('package.json') ? [] : [addCommand(view, PACKAGE)];
  return {
    before: [...new Set([...missing, ...adding])],
    install: installCommand(view),
    isDependency,
    hook: prepared.repository !== null && (await lacksHook(prepared.root)),
    github: await githubWorkflow(project),
  };
}

async function lacksHook(root: string): Promise<boolean> {
  const status = await hookStatus(root);
  if (!status.ok) return false;
  return !status.value.hooks.some(
    ({ hook, by }) => hook === 'pre-commit' && by.some((one) => one.startsWith('quality')),
  );
}

/** As the project's own JSON looks. */
async function layoutFor(project: Project): Promise<Layout> {
  const manifest = await project.view.readText('package.json');
  return {
    indent: /^\{\r?\n(\t+| +)"/.exec(manifest ?? '')?.[1] ?? '  ',
    comments: !readsJson(project) && !(await refusesComments(project.view)),
  };
}

/** Biome takes a comment in JSON for a mistake. */
function readsJson({ prepared, tasks }: Project): boolean {
  const uses = tasks.flatMap(({ links }) => links.flat());
  return [...uses, ...prepared.plan.skips.filter(({ wanted }) => wanted)].some(({ tool }) => tool === 'biome');
}

async function refusesComments(view: ProjectView): Promise<boolean> {
  return /\b(?:check-json|pretty-format-json)\b/.test((await view.readText(PRE_COMMIT_FILE)) ?? '');
}
