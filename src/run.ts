/** The main job: what stands from an earlier run is said again, anything else is run. */
import type { Failure } from './model/failure.js';
import { type Result, failed, success } from './model/result.js';
import type { Request } from './open.js';
import type { Hooks, RunResult } from './quality.js';
import { sayAgain } from './say-again.js';
import { type Look, lookAt } from './standing.js';
import { type Target, findTarget } from './target.js';

export type { Hooks, RunResult };

/** Does it. Only failures that come before the run are in the result's `failure`; what happens in it is in its report. */
export async function run(request: Request, hooks: Hooks = {}): Promise<Result<RunResult, readonly Failure[]>> {
  const target = await findTarget(request.cwd);
  if (!target.ok) return failed([target.failure]);
  if (request.newOnly === true) {
    const { runNewOnly } = await import('./new-only.js');
    return runNewOnly(request, hooks, target.value);
  }
  const { standing, ...look } = await lookAt(target.value, request, loadTheRest);
  const again = standing === null ? null : await sayAgain(target.value, standing, hooks);
  if (again !== null) return success(again);
  return anew(request, hooks, { target: target.value, ...look });
}

/** Whether it can be loaded is seen when it is asked for. */
function loadTheRest(): void {
  import('./quality.js').catch(() => undefined);
}

async function anew(
  request: Request,
  hooks: Hooks,
  { target, changed, ...look }: Omit<Look, 'standing'> & { readonly target: Target },
): Promise<Result<RunResult, readonly Failure[]>> {
  const { startWorkersEarly } = await import('./early.js');
  const early = await startWorkersEarly(target, request, changed);
  try {
    const { runAnew } = await import('./quality.js');
    return await runAnew(request, hooks, { target, ...look, early });
  } finally {
    await early.close();
  }
}
