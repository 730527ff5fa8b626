/** Findings from outcomes: what verify says, as one list in stable order. */
import { withoutRoot } from '../host/paths.js';
import { type Diagnostic, compareDiagnostics } from '../model/diagnostic.js';
import { FAILURES, type Failure } from '../model/failure.js';
import type { FileOutcome } from '../model/job.js';
import type { ToolSkip } from '../model/tool-use.js';
import type { PlannedStep, PlannedTask } from '../model/plan.js';
import type { RunContext } from './context.js';
import { type TaskOutcome, runTasks } from './run-tasks.js';

/** What each task of a step has found, by its id. */
export type TaskFindings = ReadonlyMap<string, readonly Diagnostic[]>;

export async function findingsByTask(
  step: PlannedStep,
  tasks: readonly PlannedTask[],
  context: RunContext,
): Promise<TaskFindings> {
  const found = new Map<string, readonly Diagnostic[]>();
  const outcomes = await runTasks(step, tasks, { context, again: false });
  noteUnlinted(outcomes, context);
  for (const outcome of outcomes)
    found.set(outcome.task.id, [...(found.get(outcome.task.id) ?? []), ...findingsHere(outcome, context)]);
  return found;
}

function noteUnlinted(outcomes: readonly TaskOutcome[], { unlinted }: RunContext): void {
  const files = outcomes.flatMap(({ task, files: seen }) => (task.check === 'lint' ? seen : []));
  for (const { path, status } of files) if (status === 'ignored') unlinted.add(path);
  for (const { path, status } of files) if (status !== 'ignored') unlinted.delete(path);
}

/** Folders differ from machine to machine, and the message is part of the fingerprint. */
export function findingsHere(outcome: TaskOutcome, { root }: Pick<RunContext, 'root'>): Diagnostic[] {
  return findingsOf(outcome).map((finding) => ({ ...finding, message: withoutRoot(finding.message, root) }));
}

export function mergeFindings(byTask: TaskFindings, context: RunContext): readonly Diagnostic[] {
  const { skips, findings } = context.plan;
  return [...onceEach([...byTask.values()].flat()), ...missingTools(skips), ...findings].sort(compareDiagnostics);
}

/** A tool that the project asks for and that is not there is a finding, once, however many folders ask for it. */
function missingTools(skips: readonly ToolSkip[]): Diagnostic[] {
  const byTool = new Map<string, ToolSkip[]>();
  for (const skip of skips.filter(({ wanted }) => wanted))
    byTool.set(skip.tool, [...(byTool.get(skip.tool) ?? []), skip]);
  return [...byTool].flatMap(([tool, [first, ...others]]): Diagnostic[] => {
    if (first === undefined) return [];
    const rest = others.length === 0 ? '' : ` (so do ${others.length} more folders)`;
    const severity = first.ofMachine === true ? 'warning' : 'error';
    return [{ tool, rule: 'tool-missing', severity, message: `${first.reason}${rest}. ${first.hint}`, path: null }];
  });
}

/** On more files than this a tool that crashes with the same words crashes by itself. */
const MOST_CRASHES = 3;

/** A tool that fails for every batch, or on file after file, has one thing to say, not one for each. */
function onceEach(findings: readonly Diagnostic[]): Diagnostic[] {
  const crashed = new Map<string, number>();
  for (const finding of findings.filter(isCrash))
    crashed.set(wordsOf(finding), (crashed.get(wordsOf(finding)) ?? 0) + 1);
  const ofTool = (finding: Diagnostic): Diagnostic =>
    (crashed.get(wordsOf(finding)) ?? 0) > MOST_CRASHES ? { ...finding, path: null } : finding;
  const said = new Set<string>();
  return findings.map(ofTool).filter((finding) => {
    if (finding.rule === null || !(finding.rule in FAILURES)) return true;
    const key = `${finding.path ?? ''}\0${wordsOf(finding)}`;
    const first = !said.has(key);
    said.add(key);
    return first;
  });
}

function isCrash({ rule, path }: Diagnostic): boolean {
  return rule === 'tool-crashed' && path !== null;
}

function wordsOf({ tool, rule, message }: Diagnostic): string {
  return `${tool}\0${rule ?? ''}\0${message.split('\n')[0] ?? ''}`;
}

export function findingsOf(outcome: TaskOutcome): readonly Diagnostic[] {
  const tool = outcome.task.links[0]?.[0]?.tool ?? 'quality';
  const found = [
    ...outcome.files.flatMap((file) => fileFindings(tool, outcome.task.check, file)),
    ...outcome.jobs.flatMap((job) => [
      ...job.diagnostics,
      ...(job.failure === undefined ? [] : [failureFinding(tool, job.failure)]),
    ]),
  ];
  return [...found, ...tooManyWarnings(outcome, found)];
}

function fileFindings(tool: string, check: string | undefined, file: FileOutcome): readonly Diagnostic[] {
  const unformatted = check === 'format' && file.after !== undefined;
  const failure =
    file.failure !== undefined && file.diagnostics.length === 0 ? [failureFinding(tool, file.failure)] : [];
  return [...file.diagnostics, ...(unformatted ? [notFormatted(tool, file.path)] : []), ...failure];
}

function notFormatted(tool: string, path: string): Diagnostic {
  return { tool, rule: 'format', severity: 'error', message: 'Not formatted', path, fixable: true };
}

/** A tool that fails is a finding with the tool's own words, never silence. */
function failureFinding(tool: string, failure: Failure): Diagnostic {
  // Frames of a stack differ from run to run, and the message is part of the fingerprint; the step's log has them.
  const lines = failure.detail
    ?.trim()
    .split('\n')
    .filter((line) => !/^\s*at\s/.test(line));
  const words = lines?.slice(0, 3).join('\n');
  const message = words === undefined || words === '' ? failure.message : `${failure.message}: ${words}`;
  return { tool: failure.tool ?? tool, rule: failure.kind, severity: 'error', message, path: failure.path ?? null };
}

/** `--max-warnings` of the project's own lint script. */
function tooManyWarnings(outcome: TaskOutcome, found: readonly Diagnostic[]): Diagnostic[] {
  const use = outcome.task.links[0]?.[0];
  const most = use?.options.maxWarnings;
  if (use === undefined || typeof most !== 'number' || most < 0) return [];
  const warnings = found.filter((one) => one.severity === 'warning').length;
  if (warnings <= most) return [];
  const message = `More warnings than the project allows (at most ${String(most)})`;
  return [{ tool: use.tool, rule: 'max-warnings', severity: 'error', message, path: null }];
}
