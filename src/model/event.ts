import type { Measures } from './analysis.js';
import type { Diagnostic } from './diagnostic.js';
import type { EditRecord } from './edit.js';
import type { Failure, FailureKind } from './failure.js';
import type { Effect, RunMode } from './command.js';
import type { LoadReading } from './load.js';

/** How a run ended. */
export type RunStatus = 'clean' | 'findings' | 'changes' | 'regression' | 'failed' | 'interrupted';

export type StepStatus = 'done' | 'failed' | 'skipped';

/**
 * Everything that can happen, as one closed union (DESIGN idea 4). A run's log is a list of these; state, display and
 * reports are folds over it. A new member does not compile until every fold has decided about it.
 */
export type EventBody =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly version: string;
      readonly root: string;
      readonly workflow: string;
      readonly mode: RunMode;
      readonly commandLine: readonly string[];
      /** The commit whose findings are known. */
      readonly base?: { readonly ref: string; readonly commit: string };
    }
  | {
      readonly type: 'plan-made';
      readonly steps: readonly { readonly step: string; readonly command: string; readonly effect: Effect }[];
      readonly files: number;
      /** Of these files. */
      readonly bytes?: number;
      readonly strategy: string;
      readonly parallel: number;
    }
  | { readonly type: 'precaution-passed'; readonly name: string; readonly detail: string }
  | {
      readonly type: 'snapshot-taken';
      readonly ref: string;
      readonly commit: string;
      readonly restore: readonly string[];
    }
  | { readonly type: 'step-started'; readonly step: string; readonly tasks: number; readonly files: number }
  | {
      readonly type: 'step-finished';
      readonly step: string;
      readonly status: StepStatus;
      readonly milliseconds: number;
      readonly reason?: string;
    }
  | {
      readonly type: 'job-started';
      readonly step: string;
      readonly job: string;
      readonly tools: readonly string[];
      readonly files: number;
      /** Number of the worker; absent for programs, which need none. */
      readonly worker?: number;
    }
  | {
      readonly type: 'job-finished';
      readonly step: string;
      readonly job: string;
      readonly tools: readonly string[];
      readonly files: number;
      readonly milliseconds: number;
      /** Of its files. */
      readonly bytes?: number;
      /** The most bytes that the worker held meanwhile. */
      readonly memory?: number;
      /** A tool did not do its work, for all of the files or for some. */
      readonly failure?: FailureKind;
    }
  | {
      readonly type: 'job-retried';
      readonly step: string;
      readonly job: string;
      readonly files: number;
      readonly reason: string;
    }
  /** How many jobs may run at once, from now on. */
  | { readonly type: 'limit-changed'; readonly limit: number; readonly before: number; readonly reason: string }
  /** What the machine was busy with in the seconds before, read now and then while jobs run. */
  | ({ readonly type: 'load-read' } & LoadReading)
  /** Answers that were known already, so that no job was needed for them. */
  | { readonly type: 'answers-known'; readonly step: string; readonly tools: readonly string[]; readonly files: number }
  /** All findings of a step, at once. Those of a later verify replace those of an earlier one; others add to them. */
  | {
      readonly type: 'findings';
      readonly step: string;
      readonly of: 'verify' | 'other';
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly type: 'analysis'; readonly step: string; readonly analysis: Measures }
  /** Written to the target; in a check or dry run: would be. */
  | {
      readonly type: 'edits-applied';
      readonly step: string;
      readonly written: boolean;
      readonly edits: readonly EditRecord[];
    }
  | {
      readonly type: 'edit-refused';
      readonly step: string;
      readonly path: string;
      readonly reason: string;
      readonly findings: readonly Diagnostic[];
    }
  | {
      readonly type: 'edits-taken-back';
      readonly step: string;
      readonly edits: readonly EditRecord[];
      readonly reason: string;
    }
  | {
      readonly type: 'gate-judged';
      readonly step: string;
      readonly verifications: number;
      readonly fresh: readonly Diagnostic[];
    }
  | { readonly type: 'failure'; readonly step: string | null; readonly failure: Failure }
  | { readonly type: 'notice'; readonly message: string }
  | {
      readonly type: 'run-finished';
      readonly status: RunStatus;
      readonly exitCode: number;
      readonly milliseconds: number;
    }
  /** Later, by another command: what the run wrote was brought back to what stood before. */
  | {
      readonly type: 'rolled-back';
      /** `recovery`: the run had been cut off. */
      readonly by: 'rollback' | 'snapshot' | 'recovery';
      readonly restored: readonly string[];
      /** Changed by someone else since, and not touched. */
      readonly leftAlone: readonly string[];
    };

/** As it stands in `events.jsonl`: `at` is milliseconds since 1970, `seq` counts from 0 within the run. */
export type Event = EventBody & { readonly at: number; readonly seq: number };
export type EventType = EventBody['type'];
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;
