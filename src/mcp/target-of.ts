import { recoverFirst } from '../recovery.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed } from '../model/result.js';
import { type Target, findTarget } from '../target.js';
import type { Session } from './session.js';

/** Found anew for each request: the project may have been made a repository meanwhile. */
export async function targetOf({ cwd }: Session): Promise<Result<Target>> {
  const target = await findTarget(cwd);
  if (!target.ok) return target;
  // As every command does: what a killed run has left half done is nothing to tell of.
  const [failure]: readonly Failure[] = await recoverFirst(target.value, { mode: 'write', what: 'quality mcp' });
  return failure === undefined ? target : failed(failure);
}
