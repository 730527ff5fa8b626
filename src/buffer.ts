/**
 * The text of an editor, formatted and cleaned up as a run would do it to the file: by the same plan, jobs and answers, in
 * memory. There is no run to speak of afterwards: no lock, no log, nothing of the target is written.
 */
import { loadBaseline } from './baseline.js';
import { startWorkersEarly } from './early.js';
import { decideOutcome } from './executor/outcome.js';
import { exists } from './host/disk.js';
import { hashBytes } from './host/hash.js';
import { ownVersion } from './host/own-package.js';
import { dirname, resolve, workspacePath } from './host/paths.js';
import { realPathAsFarAsItExists } from './host/quick-read.js';
import { withTemporaryFolder } from './host/temporary-folder.js';
import type { Event } from './model/event.js';
import type { Failure } from './model/failure.js';
import { stepsOf } from './model/plan.js';
import { type Report, reportOf } from './model/report.js';
import { type Result, failed, success } from './model/result.js';
import { EMPTY_RUN, type RunState, foldEvent, netEdits } from './model/run-state.js';
import { type Opened, type Prepared, type Request, openTarget, prepare } from './open.js';
import { type Going, type Hooks, execute } from './quality.js';
import { openEventLog } from './runs/event-log.js';
import { readBlob } from './safety/blobs.js';
import { findTarget } from './target.js';
import { isLeftOut } from './workspace/left-out.js';

export interface Buffered {
  /** Name of the file whose text it is, relative to the request's `cwd`; it need not exist. */
  readonly file: string;
  readonly text: Buffer;
}

export interface BufferOutcome {
  readonly exitCode: number;
  /** The very bytes that were given, where there is nothing to change. */
  readonly text: Uint8Array;
  /** null where the file is none that a run would look at. */
  readonly report: Report | null;
}

/** What of the request chooses files, or where edits go, is not asked. */
export async function fixBuffer(
  request: Request,
  { file: named, text }: Buffered,
  hooks: Pick<Hooks, 'signal'> = {},
): Promise<Result<BufferOutcome, readonly Failure[]>> {
  const file = realPathAsFarAsItExists(resolve(request.cwd, named));
  const opened = await openAround(file, request);
  if (!opened.ok) return opened;
  const { root } = opened.value;
  const path = workspacePath(root, file);
  const untouched = success({ exitCode: 0, text, report: null });
  if (path === null || path === '' || (await isLeftOut(opened.value, path))) return untouched;
  const asked: Request = { ...request, mode: 'staged', contents: new Map([[path, text]]), grain: 'file' };
  const early = await startWorkersEarly(opened.value, asked, new Map([[path, hashBytes(text)]]));
  try {
    const [prepared, baseline] = await Promise.all([prepare(opened.value, asked), loadBaseline(root)]);
    if (!prepared.ok) return prepared;
    if (!baseline.ok) return failed([baseline.failure]);
    const isTask = stepsOf(prepared.value.plan).some((step) => step.tasks.length > 0);
    if (!isTask) return untouched;
    return success(await fix(prepared.value, { path, text, request: asked, hooks, baseline: baseline.value, early }));
  } finally {
    await early.close();
  }
}

/** The file decides, wherever the editor was started. */
async function openAround(file: string, request: Request): Promise<Result<Opened, readonly Failure[]>> {
  let folder = dirname(file);
  while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder);
  const target = await findTarget(folder);
  return target.ok ? openTarget(request, target.value) : failed([target.failure]);
}

interface Wishes extends Pick<Going, 'request' | 'baseline' | 'early'> {
  readonly path: string;
  readonly text: Buffer;
  readonly hooks: Pick<Hooks, 'signal'>;
}

async function fix(prepared: Prepared, { path, text: given, ...wishes }: Wishes): Promise<BufferOutcome> {
  return withTemporaryFolder('buffer', async (folder) => {
    const state: { current: RunState } = { current: EMPTY_RUN };
    const fold = (event: Event): void => void (state.current = foldEvent(state.current, event));
    const log = await openEventLog(folder, [fold]);
    const { workflow, mode } = prepared.plan;
    log.emit({
      type: 'run-started',
      run: '',
      version: ownVersion(),
      root: prepared.root,
      workflow,
      mode,
      commandLine: [],
    });
    const { execution } = await execute(prepared, {
      id: 'buffer',
      folder,
      log,
      ...wishes,
      safeguard: { beforeFirstWrite: () => Promise.resolve(false), checkIntegrity: () => Promise.resolve([]) },
    }).finally(log.close);
    const { exitCode } = decideOutcome(state.current, execution, wishes.hooks.signal);
    const edit = netEdits(state.current.edits).find((one) => one.path === path);
    const after = edit?.after ?? null;
    const text = after === null ? given : await readBlob(folder, after);
    return { exitCode, text, report: reportOf(state.current) };
  });
}
