import type { Report } from '../model/report.js';
import type { LeftAlone } from './work-tree.js';

export interface HookRequest {
  /** Where git has started the hook, or the user the command. */
  readonly cwd: string;
  /** `pre-commit`, `pre-push`, or any other name that git has for a hook. */
  readonly hook: string;
  /** As git gives them to the hook. */
  readonly args: readonly string[];
  /** Reads what git gives the hook on its input; asked only by hooks that need it. */
  readonly stdin: () => Promise<string>;
  /** False: findings are shown, nothing is changed. */
  readonly fix: boolean;
  /** Lets a commit pass of which the fixes leave nothing. */
  readonly allowEmpty?: boolean;
  readonly configFile?: string;
  readonly cache?: boolean;
  readonly workflow?: string;
  readonly lockTimeoutMs?: number;
  /** As the user typed it, for the log. */
  readonly commandLine: readonly string[];
}

export interface HookHooks {
  readonly onNotice: (message: string) => void;
  readonly signal: AbortSignal;
}

export interface HookOutcome {
  /** `nothing`: there is nothing to look at. `emptied`: fixed, nothing would be left to commit. */
  readonly kind: 'nothing' | 'passed' | 'blocked' | 'emptied';
  readonly exitCode: number;
  /** What was looked at, in words: "3 staged files". */
  readonly what: string;
  /** Files that were changed: of what is staged, the staged content. */
  readonly fixed: readonly string[];
  /** Files that were not changed, or not as a whole. */
  readonly leftAlone: readonly LeftAlone[];
  /** More that one should know, a sentence each. */
  readonly notes?: readonly string[];
  /** Of the runs, in order; none where there was nothing to look at. */
  readonly reports: readonly Report[];
  /** Commands that would take away what stands in the way. */
  readonly fixes: readonly string[];
  readonly milliseconds: number;
}
