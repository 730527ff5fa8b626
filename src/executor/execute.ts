/** One run, as a story: phases of steps; what writes lands through the transaction, what verifies may take it back. */
import type { Config } from '../config/schema.js';
import { ticks } from '../host/clock.js';
import type { AnswerStore } from '../jobs/cache/answers.js';
import type { Runner } from '../jobs/runner.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { EventBody } from '../model/event.js';
import { type Plan, type PlannedPhase, type PlannedStep, stepsOf } from '../model/plan.js';
import { settleRun } from '../safety/run-mark.js';
import { isDiskFull } from '../safety/trouble.js';
import type { Workspace } from '../workspace/workspace.js';
import { type Ahead, type Settled, lookAhead } from './ahead.js';
import { createBatches } from './batches.js';
import type { RunContext } from './context.js';
import { judge, takeBackLayers } from './gate.js';
import { createForesight } from './foresight.js';
import { createLedger, recordOf } from './ledger.js';
import { type RunDependencies, createMemo } from './memo.js';
import { settingsIn } from './settings.js';
import { createSoundness } from './soundness.js';
import { createTree } from './tree.js';
import { treeDigests } from './tree-digests.js';
import { takeBackRun } from './take-back.js';
import { runAhead } from './run-tasks.js';
import { findingsByTask } from './verify.js';
import { runReadStep, runWriteStep } from './write-step.js';

export interface ExecuteOptions {
  readonly run: string;
  readonly runDir: string;
  readonly plan: Plan;
  readonly config: Config;
  readonly workspace: Workspace;
  readonly answers: AnswerStore;
  readonly explainCache: boolean;
  readonly runner: Runner;
  readonly emit: (event: EventBody) => void;
  readonly signal: AbortSignal;
  readonly ask: RunContext['ask'];
  readonly beforeFirstWrite: RunContext['beforeFirstWrite'];
  /** Paths whose findings are shown when only some files were asked for; null means all. */
  readonly selected: ReadonlySet<string> | null;
  /** Of files that are looked at with other bytes than those on disk. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** What is asked next, perhaps; called when all is done, where something was found out. */
  readonly ahead: () => Promise<Ahead | null>;
}

export type Execution = 'completed' | 'stopped' | 'rolled-back' | 'interrupted' | 'restore-failed';

export interface Executed {
  readonly execution: Execution;
  /** What all that was found out depends on besides the workspace; null when something may be found otherwise again. */
  readonly dependencies: RunDependencies | null;
  /** What is known already of what is asked next; null where that is nothing. */
  readonly settled: Settled | null;
}

export async function executePlan(options: ExecuteOptions): Promise<Executed> {
  const seen = { isNews: false };
  const emit = (event: EventBody): void => {
    if (event.type === 'job-started') seen.isNews = true;
    options.emit(event);
  };
  const queue = createQueue();
  const context = contextOf({ ...options, emit }, queue.add);
  const execution = await runPhases(options, context).finally(queue.done);
  const dependencies = context.memo.dependencies();
  const ahead = execution === 'completed' && seen.isNews && looksAtFiles(options.plan) ? await options.ahead() : null;
  return { execution, dependencies, settled: ahead === null ? null : await lookAhead(ahead, context) };
}

interface Queue {
  readonly add: (work: () => Promise<void>) => void;
  /** Resolves when all is done; rejects with what went wrong first. */
  readonly done: () => Promise<void>;
}

function createQueue(): Queue {
  const state = { last: Promise.resolve() };
  return {
    add: (work) => {
      state.last = state.last.then(work);
      // Told by `done`.
      state.last.catch(() => undefined);
    },
    done: () => state.last,
  };
}

/** One by one: only of these something is settled for another plan. */
function looksAtFiles(plan: Plan): boolean {
  return stepsOf(plan).some(({ tasks }) => tasks.some(({ grain }) => grain === 'file'));
}

async function runPhases(options: ExecuteOptions, context: RunContext): Promise<Execution> {
  const { emit } = context;
  emit({
    type: 'plan-made',
    steps: stepsOf(options.plan).map(({ id, command, effect }) => ({ step: id, command, effect })),
    files: options.plan.files.selected,
    bytes: options.plan.files.bytes,
    strategy: options.plan.strategy.name,
    parallel: options.plan.strategy.parallel,
  });
  const progress = { failures: 0, stopping: false, diskFull: false };
  const counted: RunContext = {
    ...context,
    emit: (event) => {
      if (event.type === 'failure') progress.failures += 1;
      if (event.type === 'failure' && event.failure.kind === 'disk-full') progress.diskFull = true;
      emit(event);
    },
  };
  for (const phase of options.plan.phases) {
    await runPhase(phase, { context: counted, selected: options.selected, stopping: progress.stopping });
    if (context.signal.aborted)
      return (await takeBackRun(counted, 'the run was interrupted')) ? 'interrupted' : 'restore-failed';
    if (progress.diskFull && !progress.stopping) {
      await takeBackPhase(phase, counted);
      progress.stopping = true;
    }
    const decision = progress.failures === 0 || progress.stopping ? 'continue' : await onFailure(counted);
    if (decision === 'stop') progress.stopping = true;
    if (decision === 'rollback')
      return (await takeBackRun(counted, 'a step failed, and onFailure is rollback'))
        ? 'rolled-back'
        : 'restore-failed';
    progress.failures = 0;
  }
  return progress.stopping ? 'stopped' : 'completed';
}

function contextOf(options: ExecuteOptions, meanwhile: RunContext['meanwhile']): RunContext {
  const { root, files, packages } = options.workspace;
  const tree = createTree(files, options.contents);
  const digests = treeDigests(root, tree);
  const store = options.answers;
  const { batchSize, mostParallel } = options.plan.strategy;
  const memo = createMemo({
    tree,
    digests,
    settingsOf: settingsIn({ root, tree, digests, packages, store }),
    store,
    explain: options.explainCache ? (message) => options.emit({ type: 'notice', message }) : null,
  });
  const foresight = createForesight({
    plan: options.plan,
    memo,
    run: (step, task, ahead) => runAhead(step, { task, files: ahead }, context),
  });
  const context: RunContext = {
    run: options.run,
    root,
    runDir: options.runDir,
    plan: options.plan,
    config: options.config,
    repository: options.workspace.repository,
    tree,
    memo,
    foresight,
    soundness: createSoundness(),
    meanwhile,
    ledger: createLedger(),
    runner: options.runner,
    batches: createBatches({ files, batchSize, most: mostParallel, rows: store.notes }),
    emit: options.emit,
    signal: options.signal,
    ask: options.ask,
    unlinted: new Set(),
    findings: new Map(),
    deadlines: new Map(),
    beforeFirstWrite: options.beforeFirstWrite,
  };
  return context;
}

/** A phase that the disk had no room for leaves nothing behind; what earlier ones wrote is still judged. */
async function takeBackPhase(phase: PlannedPhase, context: RunContext): Promise<void> {
  const steps = new Set(phase.steps.map((step) => step.id));
  const layers = context.ledger.paths().flatMap((path) => context.ledger.of(path).filter((one) => steps.has(one.step)));
  await takeBackLayers([...layers].reverse(), context);
  for (const step of steps) {
    const edits = layers.filter((layer) => layer.step === step);
    if (edits.length > 0)
      context.emit({ type: 'edits-taken-back', step, edits: edits.map(recordOf), reason: 'the disk is full' });
  }
}

async function onFailure(context: RunContext): Promise<'continue' | 'stop' | 'rollback'> {
  const { onFailure: policy } = context.config;
  if (policy !== 'ask') return policy;
  if (context.ask === null) return 'continue';
  const answer = await context.ask('A step failed. Go on?', ['continue', 'stop', 'rollback']);
  return answer === 'stop' || answer === 'rollback' ? answer : 'continue';
}

interface Going {
  readonly context: RunContext;
  readonly selected: ReadonlySet<string> | null;
  /** After a failure with onFailure `stop`: nothing more is written, but what was written is still judged. */
  readonly stopping: boolean;
}

async function runPhase(phase: PlannedPhase, going: Going): Promise<void> {
  if (phase.mode === 'parallel') await Promise.all(phase.steps.map((step) => runStep(step, going)));
  else for (const step of phase.steps) await runStep(step, going);
}

async function runStep(step: PlannedStep, going: Going): Promise<void> {
  const { context } = going;
  if (context.signal.aborted) return;
  const stopped = going.stopping && step.gate === undefined ? 'stopped after a failure, as onFailure asks' : null;
  const reason = step.skipped ?? stopped ?? whyNeedless(step, context);
  if (reason !== null) {
    context.emit({ type: 'step-finished', step: step.id, status: 'skipped', milliseconds: 0, reason });
    return;
  }
  const started = ticks();
  const files = new Set(step.tasks.flatMap((task) => task.files)).size;
  context.emit({ type: 'step-started', step: step.id, tasks: step.tasks.length, files });
  const trouble = { met: false };
  const emit: RunContext['emit'] = (event) => {
    if (event.type === 'failure' || (event.type === 'job-finished' && event.failure !== undefined)) trouble.met = true;
    context.emit(event);
  };
  await perform(step, { ...going, context: { ...context, emit } });
  const milliseconds = Math.round(ticks() - started);
  const cutOff = whyCutOff(context);
  const status = trouble.met || cutOff !== null ? 'failed' : 'done';
  const why = cutOff === null ? {} : { reason: cutOff };
  context.emit({ type: 'step-finished', step: step.id, status, milliseconds, ...why });
}

function whyCutOff({ signal }: RunContext): string | null {
  return signal.aborted ? 'stopped before it was done' : null;
}

/** The verify that judges edits has nothing to say where there are none: what the first one found still holds. */
function whyNeedless(step: PlannedStep, context: RunContext): string | null {
  if (step.gate === undefined || context.ledger.paths().length > 0) return null;
  return `nothing was changed: ${step.gate.baseline} stands`;
}

async function perform(step: PlannedStep, { context, selected }: Going): Promise<void> {
  await context.foresight.settled(step);
  if (step.command !== 'verify') {
    await (step.effect === 'writes' ? runWriteStep(step, context) : runReadStep(step, context));
    return;
  }
  const findings = await judge(step, await findingsByTask(step, step.tasks, context), context);
  if (context.signal.aborted) return;
  if (step.gate !== undefined) await settle(context);
  context.findings.set(step.id, findings);
  context.emit({ type: 'findings', step: step.id, of: 'verify', diagnostics: shown(findings, selected) });
}

/** What the gate has let through stays, whatever becomes of the steps after it. Where that cannot be noted, it is unproven. */
async function settle({ plan, runDir, ledger }: RunContext): Promise<void> {
  if (plan.mode !== 'write' || ledger.paths().length === 0) return;
  await settleRun(runDir).catch((error: unknown) => {
    if (!isDiskFull(error)) throw error;
  });
}

function shown(findings: readonly Diagnostic[], selected: ReadonlySet<string> | null): readonly Diagnostic[] {
  return selected === null
    ? findings
    : findings.filter((finding) => finding.path === null || selected.has(finding.path));
}
