import { type Analysis, analysisOf } from './analysis.js';
import type { RunMode } from './command.js';
import type { Diagnostic, Severity } from './diagnostic.js';
import type { EditRecord } from './edit.js';
import type { RunStatus } from './event.js';
import { type Failure, nextStepOf } from './failure.js';
import { type RunState, type StepState, netEdits } from './run-state.js';

/** `report.json`; docs/report.md describes it. `version` rises when a field changes its meaning or goes away. */
export interface Report {
  readonly version: 1;
  readonly run: string;
  readonly qualityVersion: string;
  readonly workflow: string;
  readonly mode: RunMode;
  /** With `--new-only`: the commit whose findings are known, as it was asked for and in full. */
  readonly base: RunState['base'];
  readonly status: RunStatus | 'unfinished';
  readonly exitCode: number | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly milliseconds: number | null;
  readonly files: number;
  readonly steps: readonly StepState[];
  readonly counts: {
    readonly before: Readonly<Record<Severity, number>> | null;
    readonly after: Readonly<Record<Severity, number>> | null;
  };
  readonly findings: readonly Diagnostic[];
  /** Findings that the baseline knows, or the base: they are counted nowhere else. */
  readonly known: readonly Diagnostic[];
  readonly changes: readonly EditRecord[];
  readonly refused: readonly {
    readonly step: string;
    readonly path: string;
    readonly reason: string;
    readonly findings: readonly Diagnostic[];
  }[];
  readonly takenBack: readonly { readonly step: string; readonly paths: readonly string[]; readonly reason: string }[];
  readonly failures: readonly (Failure & { readonly step: string | null; readonly nextStep: string })[];
  readonly notices: readonly string[];
  readonly analysis: Analysis | null;
  readonly snapshot: RunState['snapshot'];
}

export function countBySeverity(diagnostics: readonly Diagnostic[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity } of diagnostics) counts[severity] += 1;
  return counts;
}

/** The report of a run, finished or not: a fold over its log and nothing else. */
export function reportOf(state: RunState): Report {
  const findings = [...(state.findings ?? []), ...state.extraFindings];
  return {
    version: 1,
    run: state.run,
    qualityVersion: state.version,
    workflow: state.workflow,
    mode: state.mode,
    base: state.base,
    status: state.end?.status ?? 'unfinished',
    exitCode: state.end?.exitCode ?? null,
    startedAt: new Date(state.startedAt).toISOString(),
    milliseconds: state.end?.milliseconds ?? null,
    files: state.files,
    steps: [...state.steps.values()],
    counts: {
      before: state.firstFindings === null ? null : countBySeverity(state.firstFindings),
      after: state.findings === null ? null : countBySeverity(state.findings),
    },
    findings,
    known: [...state.known, ...state.extraKnown],
    changes: netEdits(state.edits),
    refused: state.refused.map(({ step, path, reason, findings }) => ({ step, path, reason, findings })),
    takenBack: state.takenBack.map(({ step, edits, reason }) => ({
      step,
      paths: edits.map((edit) => edit.path),
      reason,
    })),
    failures: state.failures.map(({ step, failure }) => ({ ...failure, step, nextStep: nextStepOf(failure) })),
    notices: state.notices,
    analysis: state.analysis === null ? null : analysisOf(state.analysis, state.findings === null ? null : findings),
    snapshot: state.snapshot,
  };
}
