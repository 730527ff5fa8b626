/**
 * What a run, or an editor, has found out is used by the pre-commit hook: of what is changed, and so may be staged next, it
 * is noted what that hook would have nothing to say of. Only what is answered already counts, under the very same question.
 */
import type { Ahead, Settled } from './executor/ahead.js';
import { gitOutput, splitNul } from './git/git.js';
import type { Prepared, Request } from './open.js';
import { keepPassed } from './passed.js';
import { makePlan } from './planner/plan.js';
import { STAGED } from './model/command.js';
import { workflowsOf } from './planner/workflows.js';
import { isWithin, relativeTo } from './host/paths.js';

/** null where the hook would see other contents than we do, and where it looks itself. */
export async function stagedAhead(prepared: Prepared, request: Request): Promise<Ahead | null> {
  const { repository, workspace, config, facts, plan } = prepared;
  const workflow = workflowsOf(config).get(STAGED);
  if (workflow === undefined || plan.workflow === STAGED || request.cache === false) return null;
  if (repository?.objectFormat !== 'sha1' || workspace.sources.attributesMatter) return null;
  const paths = request.contents === undefined ? await changedPaths(prepared) : [...request.contents.keys()];
  if (paths.length === 0) return null;
  const { priority, maxParallel } = config;
  const wishes = { mode: 'staged', gate: null, priority, maxParallel, timeoutMs: undefined, snapshot: false } as const;
  const made = makePlan({ workflow, ...wishes, selected: new Set(paths), grain: 'file' }, facts);
  return made.ok ? { plan: made.value, paths } : null;
}

const STATUS = ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=all'];

/** Other than in the last commit, in the index or on disk; none where git does not tell. */
async function changedPaths({ root, repository }: Prepared): Promise<readonly string[]> {
  const prefix = repository?.prefix ?? '';
  const status = await gitOutput(root, STATUS);
  const lines = status.ok ? splitNul(status.value) : [];
  return lines
    .map((line) => line.slice('XY '.length))
    .filter((path) => isWithin(prefix, path))
    .map((path) => relativeTo(prefix, path));
}

export async function keepSettled(
  { root, repository, configs, workspace }: Prepared,
  { request, settled, began }: { readonly request: Request; readonly settled: Settled; readonly began: number },
): Promise<void> {
  if (repository === null) return;
  const basis = { ...settled.dependencies, configs, packageDirs: workspace.packages.map(({ dir }) => dir) };
  const passed = settled.files.map(({ path, hash }) => ({ path, oid: hash }));
  const { configFile } = request;
  const question = { target: { root, repository }, request: configFile === undefined ? {} : { configFile } };
  const known = new Set([...workspace.files, ...workspace.excluded].map(({ path }) => path));
  await keepPassed(question, { basis, passed, began, known });
}
