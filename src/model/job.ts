import type { Measures } from './analysis.js';
import type { Diagnostic } from './diagnostic.js';
import type { Edit } from './edit.js';
import type { Failure } from './failure.js';
import type { ToolUse } from './tool-use.js';

/** A file as a job gets it. `content` is given only where it is not what stands on disk (dry runs, staged files). */
export interface JobFile {
  readonly path: string;
  readonly hash: string;
  readonly content?: Uint8Array;
}

/**
 * One tool, or one chain of tools, on one batch of files. Pure: it reads, it never writes in the target.
 * - `check`: findings. `uses` has one link with one tool.
 * - `transform`: each file goes through the links in order; in a link the first tool that can do it does it.
 *   With `trigger`, the chain runs only on what the trigger changed, and both are repeated until nothing changes.
 */
export interface Job {
  readonly id: string;
  readonly action: 'check' | 'transform';
  readonly links: readonly (readonly ToolUse[])[];
  readonly trigger?: ToolUse;
  readonly files: readonly JobFile[];
  readonly timeoutMs: number;
  /** Milliseconds of one core that it is expected to take, loading its tools aside. */
  readonly cost: number;
  /** One link of a chain whose other links are jobs of their own. */
  readonly isLink?: true;
  /** Nobody waits for it yet: others come first. */
  readonly isAhead?: true;
  /** The package that its first file is in: what a tool has learnt of it serves the next job there. */
  readonly area?: string;
}

/** What answers depend on besides the file asked about and the configuration. */
export interface Dependencies {
  /** All files that git knows of, or the sources among them. */
  readonly reach?: 'workspace' | 'scripts';
  /** Sorted: files and folders (with `/` behind them), by workspace path, or by absolute path where they are outside. */
  readonly named: readonly string[];
}

/** What became of one file in a job. */
export interface FileOutcome {
  readonly path: string;
  /** Hash of the content that was read; differs from the asked-for one when the file changed meanwhile. */
  readonly hash: string;
  /** `ignored`: the tool's own configuration leaves the file out. */
  readonly status: 'done' | 'ignored' | 'failed';
  /** New content; absent when nothing changes. */
  readonly after?: Uint8Array;
  /** Tools that changed it, in order. */
  readonly tools?: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** For a linter: its fixer has nothing to change in this content. Lets the format step skip the file. */
  readonly settled?: boolean;
  /** Done by the next alternative of a link, as the one before it failed: not to be kept as the answer. */
  readonly isStandIn?: boolean;
  readonly failure?: Failure;
}

export interface JobOutcome {
  readonly files: readonly FileOutcome[];
  /** Findings that belong to no asked-for file, or to files the tool found by itself (project-wide tools). */
  readonly diagnostics: readonly Diagnostic[];
  /** Edits beyond the asked-for files: created and deleted files of a command that runs in a scratch copy, dedupe. */
  readonly edits?: readonly Edit[];
  /** The job as a whole failed; `files` then may be empty. */
  readonly failure?: Failure;
  /** What the analyze tool found out. */
  readonly analysis?: Measures;
  readonly dependsOn?: Dependencies;
  /** The most bytes that the process held meanwhile; absent where nobody could look. */
  readonly peakMemory?: number;
  /** Raw output for the step's log. */
  readonly log?: string;
}
