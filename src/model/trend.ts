import type { Severity } from './diagnostic.js';
import { countBySeverity } from './report.js';
import { type RunState, netEdits } from './run-state.js';

/** What is kept of a run for good: one line of `.quality/history.jsonl`. */
export interface TrendPoint {
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly workflow: string;
  readonly status: string;
  readonly milliseconds: number;
  readonly files: number;
  readonly counts: Readonly<Record<Severity, number>> | null;
  /** Findings by tool. */
  readonly tools: Readonly<Record<string, number>>;
  readonly changes: number;
  readonly refused: number;
  /** Answers that were known without a job, and jobs that were run for the others. */
  readonly known: number;
  readonly jobs: number;
  readonly duplication: number | null;
}

export function trendPointOf(state: RunState): TrendPoint {
  const all = [...(state.findings ?? []), ...state.extraFindings];
  const steps = [...state.steps.values()];
  const tools: Record<string, number> = {};
  for (const { tool } of all) tools[tool] = (tools[tool] ?? 0) + 1;
  return {
    run: state.run,
    at: state.startedAt,
    workflow: state.workflow,
    status: state.end?.status ?? 'unfinished',
    milliseconds: state.end?.milliseconds ?? 0,
    files: state.files,
    counts: state.findings === null ? null : countBySeverity(all),
    tools,
    changes: netEdits(state.edits).length,
    refused: state.refused.length,
    known: steps.reduce((sum, step) => sum + step.known, 0),
    jobs: steps.reduce((sum, step) => sum + step.jobs, 0),
    duplication: state.analysis?.duplication?.percentage ?? null,
  };
}
