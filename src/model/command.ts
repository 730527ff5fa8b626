import type { JsonValue } from './json.js';

export type Effect = 'reads' | 'writes';

/** Where edits go: `staged` is for the index, and like the other two that do not write it keeps them in memory. */
export type RunMode = 'write' | 'check' | 'dry-run' | 'staged';

/** What a user asks for: `format`, `verify`, or one declared in the config. */
export interface CommandSpec {
  readonly name: string;
  readonly effect: Effect;
  /** Commands that come before it wherever both are in a workflow. */
  readonly after: readonly string[];
  readonly description: string;
  /** Commands whose work this one does as well: they are dropped from a workflow that has both. */
  readonly covers?: readonly string[];
  /** Commands that must not be in the same workflow, with the reason. */
  readonly incompatible?: {
    readonly [command: string]: { readonly level: 'warning' | 'error'; readonly reason: string };
  };
}

/** One line of a workflow. The same command may stand in it more than once: verify before, verify after. */
export interface WorkflowStep {
  readonly command: string;
  readonly after?: readonly string[];
  readonly timeoutMs?: number;
  readonly options?: { readonly [key: string]: JsonValue };
}

/** The workflow of the pre-commit hook. */
export const STAGED = 'staged';

export interface Workflow {
  readonly name: string;
  readonly description: string;
  readonly steps: readonly WorkflowStep[];
  /** Steps of this workflow that may run side by side when all of them read. */
  readonly sideBySide?: readonly (readonly string[])[];
}
