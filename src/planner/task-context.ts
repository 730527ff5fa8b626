/** What the tasks of a command are made of. */
import type { Config } from '../config/schema.js';
import type { FileFacts } from '../model/file.js';
import type { JsonValue } from '../model/json.js';
import type { PlannedTask } from '../model/plan.js';
import type { ToolSkip, ToolUse } from '../model/tool-use.js';
import type { UseFinder } from './chains.js';

export interface TaskContext {
  readonly config: Config;
  /** Every file of the workspace: what project-wide tools look at. */
  readonly files: readonly FileFacts[];
  /** The files that were asked for; the same as `files` when none were named. */
  readonly selected: readonly FileFacts[];
  readonly uses: readonly ToolUse[];
  /** Tools that the project asks for and that its package manager has not installed. */
  readonly missing: readonly ToolSkip[];
  readonly find: UseFinder;
  readonly stepId: string;
  readonly options: Readonly<Record<string, JsonValue>>;
}

export interface StepTasks {
  readonly tasks: readonly PlannedTask[];
  /** Why there is nothing to do, when there is nothing. */
  readonly skipped?: string;
}

/** The use of a command line that the config gives. */
export function ownUse(
  name: string,
  role: ToolUse['roles'][number],
  options: ToolUse['options'],
  evidence: string,
): ToolUse {
  return {
    id: `${name}@`,
    tool: name,
    roles: [role],
    version: 'unknown',
    origin: 'config',
    root: '',
    entry: '',
    evidence,
    scope: null,
    configFiles: [],
    options,
  };
}
