/** Starting oxlint and oxfmt. */
import { argumentBatches } from '../../host/argument-limit.js';
import { absolutePath, join, relativeTo } from '../../host/paths.js';
import { runProcess, type ProcessResult } from '../../host/process.js';
import { git, gitFailure, splitNul } from '../../git/git.js';
import { openRepository } from '../../git/repository.js';
import type { ToolUse } from '../../model/tool-use.js';
import { namedBy } from '../called-files.js';
import { lastWords } from '../ended.js';
import { ToolFault } from '../tool-fault.js';
import type { EngineContext, SourceText } from '../tool.js';
import { optionsOf, type OxcCall } from './calls.js';

export interface Session {
  readonly use: ToolUse;
  readonly context: EngineContext;
}

export interface Wish {
  readonly args: readonly string[];
  /** Absolute workspace root: the real one, or a scratch copy. */
  readonly root: string;
  readonly input?: string;
}

export async function runOxc({ use, context }: Session, { args, root, input }: Wish): Promise<ProcessResult> {
  return runProcess(process.execPath, [join(use.entry, 'bin', use.tool), ...args], {
    cwd: absolutePath(root, use.root),
    env: { GITHUB_ACTIONS: undefined },
    timeoutMs: context.timeoutMs,
    ...(input === undefined ? {} : { input }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
}

/** A path as an argument, seen from the tool's folder: nothing in it may look like a flag or an exclusion. */
export function argumentPath(path: string, { root }: ToolUse): string {
  const relative = relativeTo(root, path);
  return /^[\w.@]/.test(relative) ? relative : `./${relative}`;
}

export interface Group {
  readonly call: OxcCall;
  readonly files: readonly SourceText[];
}

/** The files by the call that names them. Those that no call names, or that the call's own walk would leave out, are not there. */
export async function groupFiles({ use, context }: Session, files: readonly SourceText[]): Promise<readonly Group[]> {
  const ignored = await gitIgnored(files, context);
  const groups = new Map<OxcCall, SourceText[]>();
  for (const file of files) {
    const call = optionsOf(use).calls.find((one) => isNamed(one, use.root, { file, ignored }));
    if (call !== undefined) groups.set(call, [...(groups.get(call) ?? []), file]);
  }
  return [...groups].map(([call, group]) => ({ call, files: group }));
}

/** Folders are walked by the rules of .gitignore, which leave out files though they are tracked; named files are not asked. */
function isNamed(
  { files, flags }: OxcCall,
  root: string,
  { file, ignored }: { readonly file: SourceText; readonly ignored: ReadonlySet<string> },
): boolean {
  const by = namedBy(files, root, file.path);
  if (by === null) return false;
  const isWalked = files.glob === undefined && by.kind === 'folder' && !flags.includes('--no-ignore');
  return !isWalked || !ignored.has(file.path);
}

async function gitIgnored(files: readonly SourceText[], { root }: EngineContext): Promise<ReadonlySet<string>> {
  if ((await openRepository(root)) === null) return new Set();
  const input = files.map(({ path }) => `${path}\0`).join('');
  const result = await git(root, ['check-ignore', '--no-index', '-z', '--stdin'], { input });
  if (result.exitCode === 0 || result.exitCode === 1) return new Set(splitNul(result.stdout));
  const { message, detail } = gitFailure(result);
  throw new ToolFault('tool-crashed', 'git', message, detail);
}

/** Runs the tool on the files in as many batches as a command line has room for. */
export async function runBatches(
  session: Session,
  {
    always,
    root,
    files,
  }: { readonly always: readonly string[]; readonly root: string; readonly files: Group['files'] },
): Promise<readonly ProcessResult[]> {
  const paths = files.map((file) => argumentPath(file.path, session.use));
  const results: ProcessResult[] = [];
  for (const batch of argumentBatches(always, paths)) {
    results.push(await runOxc(session, { args: [...always, ...batch], root }));
  }
  return results;
}

/** What to say when the tool did not do its work. */
export function trouble({ use }: Session, result: ProcessResult): ToolFault {
  const words = lastWords(result);
  return /configuration|config\b/i.test(words)
    ? new ToolFault('tool-config', use.tool, `The configuration of ${use.tool} does not load`, words)
    : new ToolFault('tool-crashed', use.tool, `${use.tool} ended with exit code ${String(result.exitCode)}`, words);
}
