/** What is meant by a word: a run, a place in a file, or a rule; and what there is to say of it. */
import { findRun } from '../history.js';
import { exists, stat } from '../host/disk.js';
import { resolve, workspacePath } from '../host/paths.js';
import { realPathAsFarAsItExists } from '../host/quick-read.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed } from '../model/result.js';
import { type Request, openTarget } from '../open.js';
import { recoverFirst } from '../recovery.js';
import type { Explanation } from './explanation.js';
import { explainFile } from './file.js';
import { explainRule } from './rule.js';
import { explainRun } from './run.js';

/** The beginning of an id is enough. */
const RUN = /^20\d{2,6}(?:-[\w-]*)?$/;
const PLACE = /^(.+?):(\d+)(?::\d+)?$/;

/** `what` absent: the newest run. */
export async function explain(
  request: Pick<Request, 'cwd' | 'configFile'>,
  what: string | undefined,
  onNotice?: (message: string) => void,
): Promise<Result<Explanation, readonly Failure[]>> {
  const opened = await openTarget(request);
  if (!opened.ok) return opened;
  const { root } = opened.value;
  // As every command does: what a killed run has left half done is nothing to tell of.
  const failures = await recoverFirst(opened.value, { mode: 'write', what: 'quality explain', onNotice });
  if (failures.length > 0) return failed(failures);
  if (what === undefined || RUN.test(what)) {
    const past = await findRun(root, what);
    return past.ok ? { ok: true, value: await explainRun(opened.value, past.value) } : failed([past.failure]);
  }
  const [, named = what, line] = PLACE.exec(what) ?? [];
  const path = workspacePath(root, realPathAsFarAsItExists(resolve(request.cwd, named)));
  const asked = { opened: opened.value, cwd: request.cwd };
  if (path !== null && (line !== undefined || (await isFile(resolve(root, path)))))
    return explainFile(asked, { path, line: line === undefined ? null : Number(line) });
  return explainRule(asked, what);
}

async function isFile(path: string): Promise<boolean> {
  return (await exists(path)) && (await stat(path)).isFile();
}
