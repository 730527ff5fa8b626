/** What looks at the project as a whole sees it as it would be committed: checked out into a folder of its own. */
import { gitOutput } from '../git/git.js';
import { type Place, placeOf } from '../git/place.js';
import { rawList, readablePath } from '../git/raw-path.js';
import { absolutePath, folderOf } from '../host/paths.js';
import { withTemporaryFolder } from '../host/temporary-folder.js';
import type { Failure } from '../model/failure.js';
import type { PlanSummary } from '../model/plan.js';
import { type Result, failed, success } from '../model/result.js';
import type { Opened } from '../open.js';
import { type RunResult, runOpened } from '../quality.js';
import { lendIgnored, lendModules } from '../workspace/lent.js';
import type { Asked } from './asked.js';
import { usualRequest } from './wishes.js';

export interface ProjectLook {
  readonly asked: Asked;
  readonly opened: Opened;
  readonly plan: Pick<PlanSummary, 'workflow' | 'deferred'>;
}

/** null: no check of this kind is asked for. In the work tree, where that is what is to be looked at (isOnDisk). */
export async function checkProjectHere({
  asked,
  opened,
  plan,
}: ProjectLook): Promise<Result<RunResult | null, readonly Failure[]>> {
  if (plan.deferred === undefined) return success(null);
  const wishes = { cwd: opened.root, workflow: plan.workflow, mode: 'check', grain: 'project' } as const;
  return runOpened({ ...usualRequest(asked), ...wishes }, asked.hooks, { opened, tree: null });
}

/** null: no check of this kind is asked for. `index`: holds what is to be looked at. */
export async function checkProject(
  { asked, opened, plan }: ProjectLook,
  index: string,
): Promise<Result<RunResult | null, readonly Failure[]>> {
  if (plan.deferred === undefined) return success(null);
  const { target, hooks, request } = asked;
  const place = placeOf(target.root, target.repository);
  return withTemporaryFolder('staged', async (folder) => {
    const out = await checkOut(place, index, folder);
    if (!out.ok) return failed([out.failure]);
    const lending = { from: place.workTree, to: folder };
    await lendModules(lending, out.value);
    await lendIgnored(lending);
    const root = absolutePath(folder, target.repository.prefix);
    const wishes = {
      cwd: root,
      workflow: plan.workflow,
      mode: 'check',
      grain: 'project',
      cache: false,
      commandLine: request.commandLine,
    } as const;
    return runOpened(wishes, hooks, { opened: { ...opened, root, repository: null }, tree: null });
  });
}

/** The folders with a package.json in them; relative to the top of the work tree. */
async function checkOut(place: Place, index: string, folder: string): Promise<Result<readonly string[]>> {
  const { workTree, gitDir } = place;
  const env = { GIT_DIR: gitDir, GIT_WORK_TREE: workTree, GIT_INDEX_FILE: index, GIT_LFS_SKIP_SMUDGE: '1' };
  const out = await gitOutput(workTree, ['checkout-index', '--all', '--quiet', `--prefix=${folder}/`], { env });
  if (!out.ok) return out;
  const listed = await gitOutput(workTree, ['ls-files', '-z', '--', ':(top,glob)**/package.json'], { env });
  if (!listed.ok) return listed;
  return success(['', ...rawList(listed.value).map((raw) => folderOf(readablePath(raw)))]);
}
