/** Findings that come and go on the same tree are nobody's edit: what may be flaky is asked twice before anything is blamed. */
import { type Diagnostic, compareDiagnostics, fingerprintOf, newDiagnostics } from '../model/diagnostic.js';
import { FAILURES } from '../model/failure.js';
import type { PlannedStep } from '../model/plan.js';
import type { RunContext } from './context.js';
import { runTasks } from './run-tasks.js';
import { findingsHere } from './verify.js';

export interface Seen {
  readonly baseline: readonly Diagnostic[];
  readonly findings: readonly Diagnostic[];
  /** Fingerprints of findings that have shown twice already. */
  readonly steady?: ReadonlySet<string>;
}

export interface Steady {
  readonly findings: readonly Diagnostic[];
  /** Which of them are new. */
  readonly fresh: readonly Diagnostic[];
  /** Those that did not show again, and are left out. */
  readonly flaky: readonly Diagnostic[];
}

/** Asks again about what is new, may be flaky, and has not shown twice yet. */
export async function steadyFindings(
  step: PlannedStep,
  { baseline, findings, steady = new Set() }: Seen,
  context: RunContext,
): Promise<Steady> {
  const fresh = newDiagnostics(baseline, findings);
  const doubtful = fresh.filter((finding) => mayBeFlaky(finding) && !steady.has(fingerprintOf(finding)));
  const tools = new Set(doubtful.map((finding) => finding.tool));
  const tasks = step.tasks.filter((task) => task.links.flat().some((use) => tools.has(toolName(use.tool))));
  if (tasks.length === 0 || isStopped(context)) return { findings, fresh, flaky: [] };
  const outcomes = await runTasks(step, tasks, { context, again: true });
  const again = outcomes.flatMap((outcome) => findingsHere(outcome, context));
  if (isStopped(context)) return { findings, fresh, flaky: [] };
  // Of the second time only what is less counts: a test that fails only then is as flaky as the other.
  const gone = newDiagnostics(again, doubtful);
  if (gone.length === 0) return { findings, fresh, flaky: [] };
  report(gone, context);
  const left = new Set(gone);
  const staying = findings.filter((finding) => !left.has(finding)).sort(compareDiagnostics);
  return { findings: staying, fresh: fresh.filter((finding) => !left.has(finding)), flaky: gone };
}

function isStopped({ signal }: RunContext): boolean {
  return signal.aborted;
}

/** Tests, and tools that failed as a whole: a time-out on a busy machine, a lost process. */
function mayBeFlaky({ tool, rule }: Diagnostic): boolean {
  return tool === TESTS || (rule !== null && rule in FAILURES && rule !== 'syntax-error');
}

const TESTS = 'test';

/** The project's own checks are called by their command line, and their findings by one name. */
function toolName(tool: string): string {
  return tool.startsWith(`${TESTS}:`) ? TESTS : tool;
}

function report(gone: readonly Diagnostic[], context: RunContext): void {
  const names = [
    ...new Set(gone.map(({ tool, rule, message }) => `${tool} ${rule ?? ''}: ${message.split('\n')[0] ?? ''}`)),
  ];
  for (const name of names)
    context.emit({
      type: 'notice',
      message: `Flaky: failed, then passed on the same tree; no edit is blamed: ${name}`,
    });
}
