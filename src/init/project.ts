/** What there is to know of a project before a config is proposed for it. Reads only; nothing of the project is run. */
import type { Failure } from '../model/failure.js';
import type { PlannedTask } from '../model/plan.js';
import { stepsOf } from '../model/plan.js';
import { type Result, success } from '../model/result.js';
import type { ToolRole } from '../model/tool-use.js';
import { type Opened, type Prepared, prepare } from '../open.js';
import { createProjectView } from '../tools/project-view.js';
import { TOOLS } from '../tools/all.js';
import type { ProjectView } from '../tools/tool.js';

export interface Project {
  readonly prepared: Prepared;
  readonly view: ProjectView;
  readonly tasks: readonly PlannedTask[];
}

export async function readProject(opened: Opened): Promise<Result<Project, readonly Failure[]>> {
  const { root, config } = opened;
  const prepared = await prepare(opened, { cwd: root, mode: 'check' });
  if (!prepared.ok) return prepared;
  const { files, packages } = prepared.value.workspace;
  return success({
    prepared: prepared.value,
    view: createProjectView({ root, config, files, packages }),
    tasks: stepsOf(prepared.value.plan).flatMap((step) => step.tasks),
  });
}

/** Does quality do the work of the tool here? Also where it is only not installed yet, or has no files yet. */
export function doesWorkOf(tool: string, { prepared, tasks }: Project): boolean {
  if (tasks.some(({ links }) => links.flat().some((use) => use.tool === tool))) return true;
  const skips = prepared.plan.skips.filter((skip) => skip.tool === tool);
  return skips.every(({ wanted }) => wanted) && TOOLS.some(({ name }) => name === tool);
}

export function rolesOf(tool: string): readonly ToolRole[] {
  return TOOLS.find(({ name }) => name === tool)?.roles ?? [];
}

/** The scripts of the package.json at the root. */
export function rootScripts({ view }: Pick<Project, 'view'>): Readonly<Record<string, unknown>> {
  const scripts = view.packages.find(({ dir }) => dir === '')?.manifest?.scripts;
  return typeof scripts === 'object' && scripts !== null ? (scripts as Record<string, unknown>) : {};
}
