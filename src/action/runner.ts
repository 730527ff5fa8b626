/** What the runner tells every action. */
import { type Result, failed, success } from '../model/result.js';

export interface Runner {
  /** Absolute; where actions/checkout puts the repository. */
  readonly workspace: string;
  /** Emptied before and after each job. */
  readonly temporary: string;
}

export function readRunner({ GITHUB_WORKSPACE, RUNNER_TEMP }: NodeJS.ProcessEnv): Result<Runner> {
  if (GITHUB_WORKSPACE === undefined || RUNNER_TEMP === undefined)
    return failed({ kind: 'usage', message: 'GITHUB_WORKSPACE and RUNNER_TEMP are not set: this is no GitHub runner' });
  return success({ workspace: GITHUB_WORKSPACE, temporary: RUNNER_TEMP });
}
