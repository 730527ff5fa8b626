import type { RunStatus } from '../model/event.js';
import { type RunState, netEdits } from '../model/run-state.js';
import type { Execution } from './execute.js';

export interface Outcome {
  readonly status: RunStatus;
  readonly exitCode: number;
}

/** Signals that end a run; 128 + n is the shell's convention. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** Modes in which edits are kept: to be made is nothing left to do. */
const LANDS: ReadonlySet<RunState['mode']> = new Set(['write', 'staged']);

/** The exit code of a run (DESIGN, exit codes), from the most serious reason down. */
export function decideOutcome(state: RunState, execution: Execution, signal: AbortSignal | undefined): Outcome {
  if (execution === 'restore-failed' || isUnrestored(state)) return { status: 'failed', exitCode: 5 };
  if (execution === 'interrupted')
    return { status: 'interrupted', exitCode: 128 + (SIGNAL_NUMBERS[String(signal?.reason)] ?? 2) };
  if (state.refused.some((edit) => edit.findings.length > 0)) return { status: 'regression', exitCode: 4 };
  if (state.failures.length > 0 || execution !== 'completed') return { status: 'failed', exitCode: 1 };
  if (!LANDS.has(state.mode) && netEdits(state.edits).some((edit) => edit.known !== true))
    return { status: 'changes', exitCode: 1 };
  return hasErrors(state) ? { status: 'findings', exitCode: 1 } : { status: 'clean', exitCode: 0 };
}

function hasErrors({ findings, extraFindings }: RunState): boolean {
  return [...(findings ?? []), ...extraFindings].some((finding) => finding.severity === 'error');
}

function isUnrestored({ failures }: RunState): boolean {
  return failures.some(({ failure }) => failure.kind === 'restore-failed');
}
