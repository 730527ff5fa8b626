/** A step that writes: its jobs propose edits, the edits are finished (formatted) and land. */
import { hashBytes } from '../host/hash.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Edit } from '../model/edit.js';
import type { Failure } from '../model/failure.js';
import type { FileOutcome, JobFile } from '../model/job.js';
import type { PlannedStep, PlannedTask } from '../model/plan.js';
import type { RunContext } from './context.js';
import { type ProposedEdit, landEdits } from './land.js';
import { type TaskOutcome, runTasks, withinStep } from './run-tasks.js';
import { refreshTree } from './refresh.js';
import { findingsOf } from './verify.js';

/** A file that changes under the run is looked at again this often, then reported (DESIGN, when something fails). */
const MOST_REPEATS = 2;

export async function runWriteStep(step: PlannedStep, context: RunContext): Promise<void> {
  let tasks = step.tasks.flatMap((task) => withoutUnlinted(task, context));
  for (let repeat = 0; tasks.length > 0; repeat++) {
    const outcomes = await runTasks(step, tasks, { context, again: false });
    if (context.signal.aborted) return;
    for (const outcome of outcomes) report(step, outcome, context);
    const proposed = await Promise.all(outcomes.map((outcome) => editsOf(step, outcome, context)));
    if (await isStoppedBeforeWriting(context)) return;
    const moved = await landEdits(step, proposed.flat(), context);
    if (moved.length === 0) return;
    if (repeat === MOST_REPEATS) {
      for (const path of moved) context.emit({ type: 'failure', step: step.id, failure: changedAgain(path) });
      return;
    }
    await refreshTree(moved, context);
    tasks = narrowTo(tasks, new Set(moved));
  }
}

/** Nothing may read files while they are written. */
async function isStoppedBeforeWriting({ plan, foresight, signal }: RunContext): Promise<boolean> {
  if (plan.mode === 'write') await foresight.settled();
  return signal.aborted;
}

/** Cleaning is a linter's fix: what the project's linters are told to leave alone, inputs of tests mostly, is left alone. */
function withoutUnlinted(task: PlannedTask, { unlinted }: RunContext): PlannedTask[] {
  if (task.trigger === undefined || unlinted.size === 0) return [task];
  const files = task.files.filter((path) => !unlinted.has(path));
  return files.length === 0 ? [] : [{ ...task, files }];
}

function changedAgain(path: string): { kind: 'file-changed'; path: string; message: string } {
  return {
    kind: 'file-changed',
    path,
    message: 'Changed by someone else each time it was about to be written; left alone',
  };
}

function narrowTo(tasks: readonly PlannedTask[], paths: ReadonlySet<string>): PlannedTask[] {
  return tasks
    .map((task) => (task.grain === 'project' ? task : { ...task, files: task.files.filter((path) => paths.has(path)) }))
    .filter((task) => task.files.length > 0);
}

function report(step: PlannedStep, outcome: TaskOutcome, context: RunContext): void {
  reportFailures(step, [...outcome.jobs, ...outcome.files], context);
  for (const { analysis } of outcome.jobs)
    if (analysis !== undefined) context.emit({ type: 'analysis', step: step.id, analysis });
  const ofFiles = outcome.task.action === 'check' ? outcome.files.flatMap((file) => file.diagnostics) : [];
  const findings = [...ofFiles, ...outcome.jobs.flatMap((job) => job.diagnostics)];
  if (findings.length > 0) context.emit({ type: 'findings', step: step.id, of: 'other', diagnostics: findings });
}

function reportFailures(
  step: PlannedStep,
  outcomes: readonly { readonly failure?: Failure }[],
  context: RunContext,
): void {
  if (context.signal.aborted) return;
  for (const failure of distinct(outcomes.flatMap((outcome) => outcome.failure ?? []))) {
    if (!isKnown(failure, context)) context.emit({ type: 'failure', step: step.id, failure });
  }
}

/** Verify has said it already: a file that does not parse fails in every step; a tool that crashes, for all files at once. */
function isKnown(failure: Failure, { findings }: RunContext): boolean {
  const same = ({ path, rule, tool }: Diagnostic): boolean =>
    (path === (failure.path ?? null) || (path === null && rule === failure.kind)) &&
    (rule === failure.kind ? tool === failure.tool : failure.kind === 'syntax-error' && SYNTAX_RULES.has(rule));
  return [...findings.values()].some((found) => found.some(same));
}

/** What linters call it; most have no name for it. */
const SYNTAX_RULES: ReadonlySet<string | null> = new Set([null, 'parse', 'invalid-syntax']);

function distinct(failures: readonly Failure[]): Failure[] {
  return [...new Map(failures.map((failure) => [JSON.stringify(failure), failure])).values()];
}

async function editsOf(step: PlannedStep, outcome: TaskOutcome, context: RunContext): Promise<ProposedEdit[]> {
  const direct = outcome.files.flatMap((file) => editOf(file));
  const beyond = outcome.jobs.flatMap((job) => job.edits ?? []);
  const tool = outcome.task.links[0]?.[0]?.tool ?? step.command;
  return [...direct, ...(await finish(step, { task: outcome.task, edits: beyond, tool }, context))];
}

function editOf(file: FileOutcome): ProposedEdit[] {
  if (file.after === undefined) return [];
  return [{ path: file.path, before: file.hash, after: file.after, tools: file.tools ?? [] }];
}

interface Beyond {
  readonly task: PlannedTask;
  readonly edits: readonly Edit[];
  readonly tool: string;
}

/** An edit is formatted before it lands, or it does not: what a command or a merge wrote passes the file's own chain. */
async function finish(step: PlannedStep, beyond: Beyond, context: RunContext): Promise<ProposedEdit[]> {
  const finished = new Map<string, FileOutcome>();
  for (const chain of beyond.task.finish ?? []) {
    for (const file of await passChain(step, { chain, edits: beyond.edits }, context)) finished.set(file.path, file);
  }
  if (context.signal.aborted) return [];
  return beyond.edits.flatMap((edit): ProposedEdit[] => {
    const outcome = finished.get(edit.path);
    if (outcome?.status !== 'failed')
      return [{ ...edit, after: outcome?.after ?? edit.after, tools: [beyond.tool, ...(outcome?.tools ?? [])] }];
    const reason = 'it could not be formatted';
    context.emit({ type: 'edit-refused', step: step.id, path: edit.path, reason, findings: [] });
    return [];
  });
}

interface Passage {
  readonly chain: PlannedTask;
  readonly edits: readonly Edit[];
}

/** What becomes of the edits that the chain takes; where one of its tools fails, of none of them anything. */
async function passChain(
  step: PlannedStep,
  { chain, edits }: Passage,
  context: RunContext,
): Promise<readonly FileOutcome[]> {
  const paths = new Set(chain.files);
  const files = edits.flatMap((edit): JobFile[] =>
    edit.after === null || !paths.has(edit.path)
      ? []
      : [{ path: edit.path, hash: hashBytes(edit.after), content: edit.after }],
  );
  if (files.length === 0) return [];
  const { action, links } = chain;
  const part = context.batches.whole(chain, files);
  const job = { id: `${chain.id}/finish`, action, links, ...part, timeoutMs: step.jobTimeoutMs[chain.grain] };
  const outcome = await withinStep(step, context, (deadline) => context.runner.run(job, { deadline }));
  reportFailures(step, [outcome, ...outcome.files], context);
  if (outcome.failure === undefined) return outcome.files;
  return files.map(({ path, hash }) => ({ path, hash, status: 'failed', diagnostics: [] }));
}

/** A command of one's own, or analyze, that only reads: its findings and what it found out. */
export async function runReadStep(step: PlannedStep, context: RunContext): Promise<readonly Diagnostic[]> {
  const outcomes = await runTasks(step, step.tasks, { context, again: false });
  for (const { analysis } of outcomes.flatMap((outcome) => outcome.jobs)) {
    if (analysis !== undefined) context.emit({ type: 'analysis', step: step.id, analysis });
  }
  const findings = outcomes.flatMap(findingsOf);
  if (findings.length > 0) context.emit({ type: 'findings', step: step.id, of: 'other', diagnostics: findings });
  return findings;
}
