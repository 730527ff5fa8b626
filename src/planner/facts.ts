import type { Config } from '../config/schema.js';
import type { Readings } from '../host/machine.js';
import type { Workflow } from '../model/command.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { ExcludedFile, FileFacts } from '../model/file.js';
import type { GateDepth, Plan, PlannedTask, Priority } from '../model/plan.js';
import type { ToolSkip, ToolUse } from '../model/tool-use.js';

export interface PlanRequest {
  readonly workflow: Workflow;
  readonly mode: Plan['mode'];
  readonly gate: GateDepth | null;
  readonly priority: Priority;
  readonly maxParallel: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly snapshot: boolean;
  /** Paths that were asked for; null means all. */
  readonly selected: ReadonlySet<string> | null;
  /** Paths that formatters and cleanup may change; absent or null means all that were asked for. */
  readonly writable?: ReadonlySet<string> | null;
  /** Only tasks of this grain; absent means all. */
  readonly grain?: PlannedTask['grain'];
}

export interface PlanFacts {
  readonly config: Config;
  readonly files: readonly FileFacts[];
  readonly excluded: readonly ExcludedFile[];
  readonly uses: readonly ToolUse[];
  readonly skips: readonly ToolSkip[];
  readonly findings: readonly Diagnostic[];
  readonly readings: Readings;
  readonly inRepository: boolean;
}
