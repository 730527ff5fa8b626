import type { Config } from '../config/schema.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { FileFacts, PackageFacts } from '../model/file.js';
import type { Dependencies, FileOutcome, JobOutcome } from '../model/job.js';
import type { ToolRole, ToolSkip, ToolUse } from '../model/tool-use.js';

/** What an adapter may look at to find out whether, where and how the project uses its tool. Reads only; answers are cached. */
export interface ProjectView {
  /** Absolute path of the workspace root. */
  readonly root: string;
  readonly config: Config;
  readonly packages: readonly PackageFacts[];
  /** Every file of the workspace, excluded ones aside; sorted by path. */
  readonly files: readonly FileFacts[];
  hasFile(path: string): boolean;
  /** Workspace paths of files with one of these base names, config files mostly; sorted. */
  filesNamed(...names: string[]): readonly string[];
  /** Text of a file of the workspace, or null. */
  readText(path: string): Promise<string | null>;
  /** Where Node would find this package from that workspace folder; null when it is not installed. */
  resolvePackage(name: string, fromDir: string): Promise<InstalledPackage | null>;
  /** Absolute path of an executable: the `node_modules/.bin` folders from `fromDir` up, then PATH. */
  findExecutable(name: string, fromDir: string): Promise<string | null>;
  /** First line of output of a version command, with the bare version in it; "unknown" when it does not say. Cached. */
  executableVersion(executable: string, args: readonly string[]): Promise<string>;
  /** Calls of a tool in package.json scripts, lint-staged lists, .pre-commit-config.yaml, lefthook, Makefile. */
  callsOf(tool: string): Promise<readonly ToolCall[]>;
}

export interface InstalledPackage {
  /** Absolute folder of the package. */
  readonly dir: string;
  readonly version: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** `"lint": "eslint src --ext .ts"` as data. */
export interface ToolCall {
  readonly tool: string;
  /** Words after the tool's name, quotes removed. */
  readonly args: readonly string[];
  /** For people: "package.json scripts.lint". */
  readonly from: string;
  /** Workspace folder where it would run. */
  readonly dir: string;
  /** Workspace folder whose node_modules the call names the tool in, where it is not found from `dir` anyway. */
  readonly home?: string;
  /** Globs that select the files, for a lint-staged list or a pre-commit hook. */
  readonly glob?: string;
  /** Name of the script, when it is one: `lint`, `format:check`. */
  readonly script?: string;
  /** Variables that the line sets: `NODE_ENV=production eslint .`. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Detection {
  readonly uses: readonly ToolUse[];
  readonly skips: readonly ToolSkip[];
  /** What is wrong already with how the project calls the tool. */
  readonly findings?: readonly Diagnostic[];
}

/** A file's content as an engine gets it. `text` is the whole file, BOM and line endings as they are. */
export interface SourceText {
  /** Workspace path. */
  readonly path: string;
  readonly absolutePath: string;
  readonly hash: string;
  readonly text: string;
  /** True when this text is not what stands on disk: a tool that can only read the disk needs a scratch copy. */
  readonly virtual: boolean;
}

export interface EngineContext {
  readonly root: string;
  /** `.quality/cache/<tool>`, absolute; an engine may keep state of its own there (incremental compiler state). */
  readonly stateFolder: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Notes that answers depend on other files than reads alone would show: resolved by native code, by a child process. */
  readonly noteReach?: (dependsOn: Dependencies) => void;
  /** To be called when the engine has given up much that it kept: a good moment to look for memory. */
  readonly released?: () => void;
}

/** What a transform made of one text; `text` equal to the input means that nothing changes. */
export interface Transformed {
  readonly status: FileOutcome['status'];
  readonly text: string;
  readonly diagnostics?: readonly Diagnostic[];
  readonly failure?: FileOutcome['failure'];
}

/**
 * A tool, loaded and ready. Throws `ToolFault` for what concerns the tool as a whole (config does not load, crash, unknown
 * exit code, unparsable output); what concerns one file is in that file's outcome. Neither method writes in the target.
 */
export interface Engine {
  /** Findings. `files` are those of the batch; a project-wide tool gets them all in one batch. */
  check?(files: readonly SourceText[]): Promise<JobOutcome>;
  /** New texts, in the order of `files`. For a formatter, `check` is derived from this: "not formatted". */
  transform?(files: readonly SourceText[]): Promise<readonly Transformed[]>;
}

/** One adapter. A new tool is one file that exports one of these, and one line in all.ts. */
export interface Tool {
  readonly name: string;
  readonly roles: readonly ToolRole[];
  /** `file`: a file's result depends on the file and the config alone (or is treated so); `project`: on all files together. */
  readonly grain: 'file' | 'project';
  /** `worker`: loads the project's own code, so it runs in a worker process; `main`: only starts programs. */
  readonly runsIn: 'worker' | 'main';
  /** Its own program reads the files from disk: they are not read for it, and `text` is empty where it is not virtual. */
  readonly readsDisk?: true;
  /**
   * What answers depend on besides the files asked about and the configuration. `workspace`: any file may matter;
   * `world`: more than files (history, network, time), so that answers are never kept. Absent: nothing, or what a tool
   * that runs in a worker was seen reading or has noted.
   */
  reach?(use: ToolUse): 'workspace' | 'world' | undefined;
  /** Raised when the adapter's results change for the same inputs; part of the cache key. */
  readonly adapterVersion: number;
  detect(project: ProjectView): Promise<Detection>;
  /** Could this use have something to say about the file? Cheap and generous: the engine has the last word (`ignored`). */
  takes(use: ToolUse, file: FileFacts): boolean;
  /** Would it take the file, had not the project told it to ignore it? Nobody else edits such a file then. */
  ignores?(use: ToolUse, file: FileFacts): boolean;
  open(use: ToolUse, context: EngineContext): Promise<Engine>;
}
