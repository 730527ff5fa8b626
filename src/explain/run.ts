/** What a run did, and why. */
import { type PastRun, isRolledBack } from '../history.js';
import type { EventOf } from '../model/event.js';
import type { Plan, PlannedStep } from '../model/plan.js';
import { type RunState, type StepState, netEdits } from '../model/run-state.js';
import { nextSteps } from '../reporters/agent/next-steps.js';
import { recordOf } from '../record.js';
import type { Target } from '../target.js';
import type { ExplainedStep, RunExplanation } from './explanation.js';

export async function explainRun(target: Target, past: PastRun): Promise<RunExplanation> {
  const { events, plan, report, state } = await recordOf(target, past);
  const started = events.find((event): event is EventOf<'run-started'> & typeof event => event.type === 'run-started');
  const rolledBack = isRolledBack(past);
  const next = nextSteps({ report, commandLine: started?.commandLine ?? [] });
  const { run, workflow, mode, status, exitCode, counts, refused, takenBack, failures, notices } = report;
  return {
    kind: 'run',
    ...{ run, workflow, mode, status, exitCode, counts, refused, takenBack, failures, notices },
    phases: phasesOf(plan, state),
    gate: plan === null ? '' : `${plan.gate}: ${plan.gateReason}`,
    rolledBack,
    changes: report.changes.length,
    // It is what we are saying.
    next: next.filter(({ command }) => command !== `quality explain ${run}` && !(rolledBack && isUndo(command))),
  };
}

function isUndo(command: string): boolean {
  return command.startsWith('quality rollback ');
}

function phasesOf(plan: Plan | null, state: RunState): RunExplanation['phases'] {
  if (plan !== null)
    return plan.phases.map(({ id, reason, steps }) => ({
      phase: id,
      reason,
      steps: steps.map((step) => stepOf(state.steps.get(step.id), step, state)),
    }));
  const steps = [...state.steps.values()].map((step) => stepOf(step, null, state));
  return [{ phase: '', reason: 'the plan of this run is gone', steps }];
}

function stepOf(went: StepState | undefined, planned: PlannedStep | null, state: RunState): ExplainedStep {
  const id = went?.step ?? planned?.id ?? '';
  const edits = netEdits(state.edits.filter((edit) => edit.step === id));
  const { status = 'waiting', files = 0, reason }: Partial<StepState> = went ?? {};
  const why = reason ?? whyPlanned(planned);
  return { step: id, status, reason: why, files, changed: edits.map(({ path }) => path) };
}

function whyPlanned(planned: PlannedStep | null): string {
  return planned === null ? '' : (planned.skipped ?? planned.reason);
}
