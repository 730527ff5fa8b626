/** The main job: what stands from an earlier run is said again, anything else is run. */
import type { Failure } from './model/failure.js';
import { type Result, failed, success } from './model/result.js';
import type { Request } from './open.js';
import type { Hooks, RunResult } from './quality.js';
import { sayAgain } from './say-again.js';
import { lookAt } from './standing.js';
import { findTarget } from './target.js';

export type { Hooks, RunResult };

/** Does it. Only failures that come before the run are in the result's `failure`; what happens in it is in its report. */
export async function run(request: Request, hooks: Hooks = {}): Promise<Result<RunResult, readonly Failure[]>> {
  const target = await findTarget(request.cwd);
  if (!target.ok) return failed([target.failure]);
  const { tree, standing } = await lookAt(target.value, request);
  const again = standing === null ? null : await sayAgain(target.value, standing, hooks);
  if (again !== null) return success(again);
  const { runAnew } = await import('./quality.js');
  return runAnew(request, hooks, { target: target.value, tree });
}
