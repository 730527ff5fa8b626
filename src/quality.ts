/** The composition root: load → open → lock → plan → execute → report. The command and the library are both this. */
import { keepSettled, stagedAhead } from './ahead.js';
import { type Base, knownFindings, loadBaseline, withKnown } from './baseline.js';
import { type Early, workerModule } from './early.js';
import { type Executed, executePlan } from './executor/execute.js';
import { decideOutcome } from './executor/outcome.js';
import { takePrecautions } from './executor/precautions.js';
import type { IndexWords } from './git/index-files.js';
import { now, ticks } from './host/clock.js';
import { writeFile } from './host/disk.js';
import { ownVersion } from './host/own-package.js';
import { join } from './host/paths.js';
import { openAnswerStore } from './jobs/cache/answers.js';
import { createRunner } from './jobs/runner.js';
import type { BaselineEntry } from './model/baseline.js';
import type { Event } from './model/event.js';
import type { Failure } from './model/failure.js';
import { readingOf } from './model/load.js';
import type { PlanSummary } from './model/plan.js';
import { type Report, reportOf } from './model/report.js';
import { type Result, failed, success } from './model/result.js';
import { EMPTY_RUN, type RunState, foldEvent } from './model/run-state.js';
import { trendPointOf } from './model/trend.js';
import { type Opened, type Prepared, type Request, openTarget, prepare } from './open.js';
import type { Basis } from './passed.js';
import { type EventLog, type Listener, openEventLog } from './runs/event-log.js';
import { answersFolder, cacheFolder, createRunFolder, newRunId } from './runs/run-folder.js';
import { appendTrend, shareTrend } from './runs/trend.js';
import { keepStanding } from './standing.js';
import { type Safeguard, createSafeguard, pruneOldRuns, takeBackUnproven } from './guard.js';
import { guarded, recoverFirst } from './recovery.js';
import type { Target } from './target.js';
import { unmarkRun } from './safety/run-mark.js';
import { isDiskFull } from './safety/trouble.js';

export interface Hooks {
  /** Hears every event, in order, as it happens. */
  readonly onEvent?: Listener;
  readonly onPlan?: (plan: PlanSummary) => void;
  /** One line for the user before there is a run: a crashed run was taken back, another run is waited for. */
  readonly onNotice?: (message: string) => void;
  readonly signal?: AbortSignal;
  readonly ask?: (question: string, choices: readonly string[]) => Promise<string>;
}

export interface RunResult {
  readonly exitCode: number;
  readonly report: Report;
  /** Folder with events.jsonl, plan.json, report.json and the step logs; absolute. */
  readonly folder: string;
  /** The target, absolute. */
  readonly root: string;
  /** null when the same may be found otherwise again. */
  readonly basis: Basis | null;
}

/** What `run` would do with this request, without doing any of it. */
export async function plan(
  request: Request,
  hooks: Pick<Hooks, 'onNotice'> = {},
): Promise<Result<Prepared, readonly Failure[]>> {
  const opened = await openTarget(request);
  if (!opened.ok) return opened;
  const failures = await recoverFirst(opened.value, { mode: 'write', what: 'quality plan', onNotice: hooks.onNotice });
  return failures.length > 0 ? failed(failures) : prepare(opened.value, request);
}

/** What is known before a run. */
export interface Before {
  readonly target: Target;
  /** Digest of the files, where there is one. */
  readonly tree: string | null;
  /** What that was seen from. */
  readonly said?: IndexWords;
  /** Workers that are loading already. */
  readonly early?: Early;
  /** What only new findings are told from. */
  readonly base?: Base;
}

/** Without a look at what stands from earlier runs. Only failures that come before the run are in the result's `failure`; what happens in it is in its report. */
export async function runAnew(
  request: Request,
  hooks: Hooks,
  { target, ...before }: Before,
): Promise<Result<RunResult, readonly Failure[]>> {
  const opened = await openTarget(request, target);
  return opened.ok ? runOpened(request, hooks, { opened: opened.value, ...before }) : opened;
}

export interface BeforeOpened extends Omit<Before, 'target'> {
  readonly opened: Opened;
  /** Hears what will be done, and what that was seen from. */
  readonly onPrepared?: (prepared: Prepared) => void;
}

/** The same with a config that was read already. */
export async function runOpened(
  request: Request,
  hooks: Hooks,
  { opened, onPrepared, ...before }: BeforeOpened,
): Promise<Result<RunResult, readonly Failure[]>> {
  const wishes = {
    mode: (request.mode ?? 'write') === 'write' ? 'write' : 'read',
    what: ['quality', ...(request.commandLine ?? [])].join(' '),
    timeoutMs: request.lockTimeoutMs,
    signal: hooks.signal,
    onNotice: hooks.onNotice,
  } as const;
  return guarded(opened, wishes, async ({ isFirst }) => {
    const prepared = await prepare(opened, request, isFirst ? before.said : undefined);
    // A signal to the whole process group may have ended a git of ours as well: that is no failure of git's.
    if (!prepared.ok) return hooks.signal?.aborted === true ? failed([STOPPED]) : prepared;
    hooks.onPlan?.(prepared.value.plan);
    onPrepared?.(prepared.value);
    const looked = await takePrecautions(prepared.value.plan, prepared.value.workspace);
    if (!Array.isArray(looked)) return failed([looked as Failure]);
    return runPrepared(prepared.value, { request, hooks, looked, ...before });
  });
}

const STOPPED: Failure = { kind: 'interrupted', message: 'Stopped before anything was written' };

interface Start extends Omit<Before, 'target'> {
  readonly request: Request;
  readonly hooks: Hooks;
  readonly looked: readonly { readonly name: string; readonly detail: string }[];
}

async function runPrepared(prepared: Prepared, start: Start): Promise<Result<RunResult, readonly Failure[]>> {
  const { root } = prepared;
  const baseline = await loadBaseline(root);
  if (!baseline.ok) return failed([baseline.failure]);
  const id = newRunId(now(), Math.random());
  const folder = await createRunFolder(root, id);
  const state: { current: RunState } = { current: EMPTY_RUN };
  const fold = (event: Event): void => {
    state.current = foldEvent(state.current, event);
  };
  const log = await openEventLog(folder, [fold, ...(start.hooks.onEvent === undefined ? [] : [start.hooks.onEvent])]);
  try {
    return success(await runLogged(prepared, { ...start, id, folder, log, state, baseline: baseline.value }));
  } catch (error) {
    // A bug, or a disk too full for anything else: nothing that this run wrote is proven, so it goes before we do.
    const failures = await takeBackUnproven(root, folder);
    if (!isDiskFull(error)) throw error;
    return failed([{ kind: 'disk-full', message: 'The disk is full; the run could not go on' }, ...failures]);
  } finally {
    await log.close();
  }
}

interface Logged extends Start {
  readonly id: string;
  readonly folder: string;
  readonly log: EventLog;
  readonly state: { readonly current: RunState };
  readonly baseline: readonly BaselineEntry[] | null;
}

async function runLogged(prepared: Prepared, logged: Logged): Promise<RunResult> {
  const { plan: planned, root } = prepared;
  const { id, folder, log, state, hooks, request, base } = logged;
  const started = ticks();
  await writeFile(join(folder, 'plan.json'), `${JSON.stringify(planned, null, 2)}\n`);
  log.emit({
    type: 'run-started',
    run: id,
    version: ownVersion(),
    root,
    workflow: planned.workflow,
    mode: planned.mode,
    commandLine: request.commandLine ?? [],
    ...(base === undefined ? {} : { base: { ref: base.ref, commit: base.commit } }),
  });
  for (const { name, detail } of logged.looked) log.emit({ type: 'precaution-passed', name, detail });
  const safeguard = createSafeguard(prepared, { id, folder, log });
  const pruned = pruneMeanwhile(prepared);
  const { execution, dependencies } = await execute(prepared, { ...logged, safeguard });
  for (const message of await safeguard.checkIntegrity(state.current.edits)) log.emit({ type: 'notice', message });
  // From here on what stands is what is to stand; a run that could not restore stays marked, for recovery to go on with.
  if (execution !== 'restore-failed') await unmarkRun(folder);
  const outcome = decideOutcome(state.current, execution, hooks.signal);
  log.emit({ type: 'run-finished', ...outcome, milliseconds: Math.round(ticks() - started) });
  const report = reportOf(state.current);
  // It can be made again from the log; for want of room nothing that is proven is taken back.
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`).catch(unlessDiskFull);
  await keepTrend(prepared, state.current, hooks.onNotice).catch(unlessDiskFull);
  const isUsual = execution === 'completed' && state.current.edits.length === 0 && state.current.failures.length === 0;
  if (isUsual && dependencies !== null)
    await keepStanding(prepared, { request, run: id, tree: logged.tree, dependencies });
  await pruned();
  const basis = dependencies === null ? null : { ...dependencies, ...surroundingsOf(prepared) };
  return { exitCode: outcome.exitCode, report, folder, root, basis };
}

/** Beside the jobs, for which nobody has to wait then. What goes wrong is told in the end. */
function pruneMeanwhile(prepared: Prepared): () => Promise<void> {
  if (!prepared.config.autoCleanup) return () => Promise.resolve();
  const pruning = pruneOldRuns(prepared);
  pruning.catch(() => undefined);
  return async () => (await pruning)();
}

/** What a part of the files holds, what alone is new, or what is only tried, says nothing about how a project goes on. */
async function keepTrend(
  { root, config: { historyFile }, plan: { files, mode } }: Prepared,
  state: RunState,
  tell: Hooks['onNotice'],
): Promise<void> {
  if (state.base !== null) return;
  const point = trendPointOf(state);
  await appendTrend(root, point);
  const isWhole = files.selected === files.total && (mode === 'write' || mode === 'check');
  if (historyFile === undefined || !isWhole) return;
  await shareTrend(root, historyFile, point).catch((error: unknown) =>
    tell?.(`${historyFile} could not be written: ${String(error)}`),
  );
}

function surroundingsOf({ configs, workspace }: Prepared): Pick<Basis, 'configs' | 'packageDirs'> {
  return { configs, packageDirs: workspace.packages.map(({ dir }) => dir) };
}

function unlessDiskFull(error: unknown): void {
  if (!isDiskFull(error)) throw error;
}

/** What the execution of a plan needs of a run. */
export interface Going extends Pick<
  Logged,
  'request' | 'hooks' | 'id' | 'folder' | 'log' | 'baseline' | 'base' | 'early'
> {
  readonly safeguard: Safeguard;
}

export async function execute(prepared: Prepared, going: Going): Promise<Executed> {
  const { root, plan: planned, config, workspace, selected } = prepared;
  const signal = going.hooks.signal ?? new AbortController().signal;
  const { parallel, mostParallel } = planned.strategy;
  const known = knownFindings(root, going.baseline, going.base);
  const answers = await openAnswerStore((going.request.cache ?? true) ? answersFolder(root) : null);
  const runner = createRunner({
    root,
    cacheFolder: cacheFolder(root),
    workerModule: workerModule(),
    ...(going.early === undefined ? {} : { early: going.early }),
    files: planned.files.selected,
    parallel: { start: parallel, most: mostParallel },
    cores: planned.readings.cores,
    jobTimeoutMs: Math.max(
      ...planned.phases.flatMap((phase) => phase.steps.map((step) => Math.max(...Object.values(step.jobTimeoutMs)))),
    ),
    signal,
    availableMemory: planned.readings.availableMemoryMiB * 1024 ** 2,
    nodeOptions: process.env.NODE_OPTIONS,
    onGivenUp: (tools, { message }) =>
      going.log.emit({ type: 'notice', message: `${tools} is not called any more in this run: ${message}` }),
    onLimit: (change) => going.log.emit({ type: 'limit-changed', ...change }),
    onLoad: (load) => going.log.emit({ type: 'load-read', ...readingOf(load) }),
  });
  const began = now();
  try {
    const executed = await executePlan({
      run: going.id,
      runDir: going.folder,
      plan: planned,
      config,
      workspace,
      answers,
      explainCache: going.request.explainCache ?? false,
      runner,
      emit: (body) => going.log.emit(withKnown(body, root, known)),
      signal,
      ask: going.hooks.ask ?? null,
      beforeFirstWrite: going.safeguard.beforeFirstWrite,
      selected,
      contents: prepared.contents,
      ahead: () => stagedAhead(prepared, going.request),
    });
    const { settled } = executed;
    if (settled !== null) await keepSettled(prepared, { request: going.request, settled, began });
    return executed;
  } finally {
    await Promise.all([runner.close(), answers.save()]);
  }
}

export type { Basis, Opened, Prepared, Request };
