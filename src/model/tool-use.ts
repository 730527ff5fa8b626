import type { JsonValue } from './json.js';
import type { Language } from './language.js';

export type ToolRole =
  | 'lint'
  | 'format'
  | 'types'
  | 'dead-code'
  | 'duplication'
  | 'syntax'
  | 'cleanup'
  | 'dedupe'
  | 'analyze'
  | 'check'
  | 'command';

/** Where a tool was found. */
export type ToolOrigin = 'project' | 'bundled' | 'system' | 'config';

/** The files that the project itself gives to a tool, read from a script or a lint-staged list. */
export interface ProjectScope {
  /** For people: "package.json scripts.lint". */
  readonly from: string;
  /** Folders, files or globs relative to `ToolUse.root`; empty means all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * One tool as one folder of the project uses it: plain data, so that it can stand in a plan, cross to a worker and be
 * part of a cache key.
 */
export interface ToolUse {
  /** `tool@root`, unique in a plan: `prettier@`, `eslint@packages/a`. */
  readonly id: string;
  readonly tool: string;
  readonly roles: readonly ToolRole[];
  /** Exact version, as the tool says; "unknown" where it has no way to say. */
  readonly version: string;
  readonly origin: ToolOrigin;
  /** Folder where the tool runs, relative to the workspace root; "" is the root. */
  readonly root: string;
  /** Absolute path of the module folder or the executable. Never part of a cache key or of printed plans' identity. */
  readonly entry: string;
  /** Why it is used, for people: "package.json devDependencies.prettier". */
  readonly evidence: string;
  readonly scope: ProjectScope | null;
  /** Config files that change its results, relative to the workspace root; they are part of the cache key. */
  readonly configFiles: readonly string[];
  /** In a job: digest of everything but files that its results depend on, configs and installed packages included. */
  readonly setting?: string;
  /** Whatever the adapter needs besides; part of the cache key. */
  readonly options: { readonly [key: string]: JsonValue | undefined };
}

/** A tool that could have been used and is not, with the reason and how to switch it on. */
export interface ToolSkip {
  readonly tool: string;
  readonly root: string;
  readonly reason: string;
  /** How to switch it on: an install command or a config line. */
  readonly hint: string;
  /** True when the project asks for the tool and it cannot run: reported as a finding, not only in the plan. */
  readonly wanted: boolean;
  /** Of the files that it would look at; absent where that is not known. */
  readonly languages?: readonly Language[];
  /** It is installed on the machine, not by the project's package manager: its absence is a warning, not an error. */
  readonly ofMachine?: boolean;
  /** What the project does in its place, as a line of `verify.tests`. */
  readonly instead?: readonly string[];
}
