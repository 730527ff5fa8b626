/** Findings that come and go on the same tree are nobody's edit: what may be flaky is asked twice before anything is blamed. */
import { type Diagnostic, compareDiagnostics, newDiagnostics } from '../model/diagnostic.js';
import { FAILURES } from '../model/failure.js';
import type { PlannedStep } from '../model/plan.js';
import type { RunContext } from './context.js';
import { runTasks } from './run-tasks.js';
import { findingsOf } from './verify.js';

export interface Seen {
  readonly baseline: readonly Diagnostic[];
  readonly findings: readonly Diagnostic[];
}

/** The findings without those that do not show again, and which of them are new. */
export async function steadyFindings(
  step: PlannedStep,
  { baseline, findings }: Seen,
  context: RunContext,
): Promise<{ readonly findings: readonly Diagnostic[]; readonly fresh: readonly Diagnostic[] }> {
  const fresh = newDiagnostics(baseline, findings);
  const doubtful = new Set(fresh.filter(mayBeFlaky).map((finding) => finding.tool));
  const tasks = step.tasks.filter((task) => task.links.flat().some((use) => doubtful.has(toolName(use.tool))));
  if (tasks.length === 0 || isStopped(context)) return { findings, fresh };
  const again = (await runTasks(step, tasks, { context, again: true })).flatMap(findingsOf);
  if (isStopped(context)) return { findings, fresh };
  // Of the second time only what is less counts: a test that fails only then is as flaky as the other.
  const gone = newDiagnostics(again, fresh.filter(mayBeFlaky));
  if (gone.length === 0) return { findings, fresh };
  report(gone, context);
  const left = new Set(gone);
  const steady = findings.filter((finding) => !left.has(finding)).sort(compareDiagnostics);
  return { findings: steady, fresh: fresh.filter((finding) => !left.has(finding)) };
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
