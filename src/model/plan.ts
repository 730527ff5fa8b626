import type { Effect, RunMode } from './command.js';
import type { Diagnostic } from './diagnostic.js';
import type { ExcludedFile } from './file.js';
import type { JsonValue } from './json.js';
import type { ToolSkip, ToolUse } from './tool-use.js';

export type Priority = 'speed' | 'balanced' | 'safety' | 'thorough';
export type StrategyName = 'simple' | 'balanced' | 'performance' | 'conservative' | 'comprehensive';

/** How the run is paced, chosen from the workspace, the machine and the wish. */
export interface Strategy {
  readonly name: StrategyName;
  /** Why this one, for people: "212 source files, 0.9 MB". */
  readonly reason: string;
  /** Jobs at once to begin with. */
  readonly parallel: number;
  /** The most that it may become while the run goes on. */
  readonly mostParallel: number;
  readonly parallelReason: string;
  /** Files in one batch of a file-grained job. */
  readonly batchSize: number;
  /** `step`: the gate follows every step that writes; `run`: one gate at the end. */
  readonly gateEvery: 'step' | 'run';
}

/** How deep the gate looks (DESIGN, one run, 6). */
export type GateDepth = 'syntax' | 'findings' | 'tests' | 'none';

/** One tool, or one chain of tools, on a set of files: cut into jobs when it runs. */
export interface PlannedTask {
  readonly id: string;
  readonly action: 'check' | 'transform';
  /** Links of a chain in order; several uses in one link are alternatives. */
  readonly links: readonly (readonly ToolUse[])[];
  readonly trigger?: ToolUse;
  /** Sorted workspace paths. */
  readonly files: readonly string[];
  /** `project`: all files in one job, and the answer may be about any file. */
  readonly grain: 'file' | 'project';
  /** All in one job too, but it is about the files that were asked for, and goes with what looks at files one by one. */
  readonly ofSelected?: true;
  /** Which of verify's checks this is; absent in steps that are not verify. */
  readonly check?: string;
  /** Chains that the edits of this task pass through before they land, by file. */
  readonly finish?: readonly PlannedTask[];
  readonly reason: string;
}

export interface PlannedStep {
  /** `verify-1`, `format-1`: unique in the plan. */
  readonly id: string;
  readonly command: string;
  readonly effect: Effect;
  /** Why it stands here: "after verify-1: format depends on it". */
  readonly reason: string;
  readonly timeoutMs: number;
  /** Longest that one job may take. */
  readonly jobTimeoutMs: Readonly<Record<PlannedTask['grain'], number>>;
  readonly tasks: readonly PlannedTask[];
  /** Present on the verify that decides whether edits stay: the verify it is compared with, the steps it judges. */
  readonly gate?: { readonly baseline: string; readonly judges: readonly string[] };
  readonly options: { readonly [key: string]: JsonValue | undefined };
  /** Tasks that are none of this run's: see `Plan.deferred`. */
  readonly deferred?: readonly string[];
  /** Nothing to do here, and why: "no Go files". */
  readonly skipped?: string;
}

export interface PlannedPhase {
  readonly id: string;
  readonly mode: 'parallel' | 'sequential';
  readonly reason: string;
  readonly steps: readonly PlannedStep[];
}

/** What is looked at before anything is written. */
export interface Precaution {
  readonly name: 'git-state' | 'disk' | 'memory' | 'lock' | 'snapshot' | 'integrity';
  readonly reason: string;
}

export interface PlannedFiles {
  readonly total: number;
  readonly selected: number;
  readonly bytes: number;
  readonly byLanguage: Readonly<Record<string, number>>;
  readonly excluded: readonly ExcludedFile[];
  readonly protected: readonly { readonly path: string; readonly reason: string }[];
}

/** The very thing that runs (DESIGN idea 3). Plain data: same input, same bytes. */
export interface Plan {
  readonly version: 1;
  readonly workflow: string;
  readonly mode: RunMode;
  readonly gate: GateDepth;
  readonly gateReason: string;
  readonly strategy: Strategy;
  readonly readings: { readonly cores: number; readonly loadPerCore: number; readonly availableMemoryMiB: number };
  readonly files: PlannedFiles;
  readonly risk?: { readonly level: 'low' | 'medium' | 'high'; readonly reasons: readonly string[] };
  readonly precautions: readonly Precaution[];
  readonly phases: readonly PlannedPhase[];
  readonly skips: readonly ToolSkip[];
  /** Known before anything runs: what is wrong with the project's own calls of its tools. Every verify says it. */
  readonly findings: readonly Diagnostic[];
  /** Tasks that are none of this run's: it was asked for what looks at files one by one, or for the others. */
  readonly deferred?: readonly string[];
  /** Collapsed duplicates, swallowed commands, declared incompatibilities. */
  readonly notes: readonly string[];
}

/** What a reporter needs of it. */
export type PlanSummary = Omit<Plan, 'phases'>;

export function summaryOf(plan: Plan): PlanSummary {
  const summary: Partial<Plan> = { ...plan };
  Reflect.deleteProperty(summary, 'phases');
  return summary as PlanSummary;
}

export function stepsOf(plan: Plan): readonly PlannedStep[] {
  return plan.phases.flatMap((phase) => phase.steps);
}

/** Every distinct tool use of a plan, in order of first appearance. */
export function usesOf(plan: Plan): readonly ToolUse[] {
  const uses = new Map<string, ToolUse>();
  for (const task of stepsOf(plan).flatMap((step) => step.tasks)) {
    for (const use of [...(task.trigger === undefined ? [] : [task.trigger]), ...task.links.flat()]) {
      if (!uses.has(use.id)) uses.set(use.id, use);
    }
  }
  return [...uses.values()];
}
