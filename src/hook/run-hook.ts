/** What git's hooks call. */
import { ticks } from '../host/clock.js';
import { keepForGit } from '../host/git-environment.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import { findTarget } from '../target.js';
import type { Answered, Asked } from './asked.js';
import type { HookHooks, HookOutcome, HookRequest } from './request.js';
import { runStaged } from './staged.js';

export type { HookHooks, HookOutcome, HookRequest } from './request.js';

/** Only failures that come before anything was looked at are in the result's `failure`. */
export async function runHook(
  request: HookRequest,
  hooks: HookHooks,
): Promise<Result<HookOutcome, readonly Failure[]>> {
  const started = ticks();
  keepForGit(request.cwd);
  const target = await findTarget(request.cwd);
  if (!target.ok) return failed([target.failure]);
  const { root, repository } = target.value;
  if (repository === null) return failed([NO_REPOSITORY]);
  const answered = await answer({ request, hooks, target: { root, repository } });
  if (!answered.ok) return answered;
  return success({ ...answered.value, milliseconds: Math.round(ticks() - started) });
}

async function answer(asked: Asked): Promise<Answered> {
  if (asked.request.hook === 'pre-commit') return runStaged(asked);
  // git has written the tree of the merge already: what is changed in the index now is in no commit.
  if (asked.request.hook === 'pre-merge-commit')
    return runStaged({ ...asked, request: { ...asked.request, fix: false } });
  if (asked.request.hook !== 'pre-push') return (await import('./own-workflow.js')).runOwnWorkflow(asked);
  return (await import('./pushed.js')).runPushed(asked);
}

const NO_REPOSITORY: Failure = {
  kind: 'usage',
  message: 'git opens no repository with a work tree here',
  next: 'Make `git status` work here; hooks are run at the top of a work tree.',
};
