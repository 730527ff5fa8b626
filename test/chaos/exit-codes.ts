/** Which exit codes a command may end with, given what happened to it. */
import type { Violation } from './check.js';
import type { RunEvidence } from './evidence.js';
import type { Scenario } from './scenario.js';
import type { Disturbed, Ended } from './start.js';

const NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

const OF_STATUS: Readonly<Record<string, readonly number[]>> = {
  clean: [0],
  findings: [1],
  changes: [1],
  regression: [4],
  failed: [1],
  interrupted: [129, 130, 143],
};

interface Run {
  readonly scenario: Scenario;
  readonly first: RunEvidence | undefined;
  readonly ending: 'completed' | 'interrupted' | 'killed';
}

export function checkExit(disturbed: Disturbed, run: Run): Violation[] {
  if (disturbed.hung) return [{ kind: 'hang', what: 'the run did not end' }];
  const trouble = troubleOf(disturbed, run);
  if (trouble === null) return [];
  return [{ kind: 'exit code', what: `${trouble}; ${disturbed.err.trim().slice(-600)} ${failuresOf(run.first)}` }];
}

function troubleOf({ done, signal, code }: Disturbed, { scenario, first }: Run): string | null {
  const signals = done.flatMap((action) => (action.kind === 'signal' ? action.signal : []));
  if (code === null) {
    const killed = done.some((action) => action.kind === 'kill') || signals.some((name) => name === signal);
    return killed ? null : `ended by ${String(signal)}`;
  }
  if (code >= 128) return signals.some((name) => code === 128 + (NUMBERS[name] ?? 0)) ? null : `exit code ${code}`;
  return scenario.merging && code === 2 && first === undefined ? null : againstLog(code, first);
}

function againstLog(code: number, first: RunEvidence | undefined): string | null {
  const end = first?.state.end ?? null;
  if (end === null) return `exit code ${code} without an end in the log`;
  if (end.exitCode !== code) return `exit code ${code}, and ${end.exitCode} in the log`;
  return OF_STATUS[end.status]?.includes(code) === true ? null : `exit code ${code} for ${end.status}`;
}

function failuresOf(first: RunEvidence | undefined): string {
  return (first?.state.failures ?? [])
    .map(({ failure }) => `${failure.kind} ${failure.path ?? ''}: ${failure.message}`)
    .join('; ');
}

interface Next {
  readonly args: readonly string[];
  readonly scenario: Scenario;
  readonly disturbed: Disturbed;
  readonly ending: Run['ending'];
  readonly last: boolean;
}

export function checkNext(next: Ended, about: Next): Violation[] {
  const name = `quality ${about.args.join(' ')}`;
  if (next.hung) return [{ kind: 'hang', what: `${name} did not end` }];
  if (!about.last && next.signal === 'SIGKILL') return [];
  if (next.code !== null && allowedAfter(about).includes(next.code)) return [];
  const words = (next.err + next.out).trim().slice(-800);
  return [{ kind: 'exit code', what: `${name}: ${String(next.code ?? next.signal)}; ${words}` }];
}

function allowedAfter({ args: [command], scenario, disturbed, ending }: Next): number[] {
  if (command === 'runs' || command === 'recover') return [0];
  // There may be no run with changes to show.
  if (command === 'diff') return [0, 2];
  if (scenario.merging) return [0, 1, 2];
  const settled = ending === 'completed' && disturbed.code === 0 && scenario.order.settles;
  const untouched =
    scenario.finale !== 'restore-by-hand' && disturbed.edits.length === 0 && scenario.committing === null;
  return settled && untouched ? [0] : [0, 1];
}
