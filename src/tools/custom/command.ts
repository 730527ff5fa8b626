/** Starting a command of the project's own. */
import { argumentBatches } from '../../host/argument-limit.js';
import { exists } from '../../host/disk.js';
import { absolutePath, isAbsolute, join, posix, workspacePath } from '../../host/paths.js';
import { type ProcessResult, runProcess } from '../../host/process.js';
import { findProgram } from '../packages.js';
import { exitCodeOf } from '../ended.js';
import { ToolFault } from '../tool-fault.js';
import type { EngineContext } from '../tool.js';

export interface Order {
  /** Name that findings and faults carry. */
  readonly name: string;
  /** Program and arguments; "{files}" stands for the files. */
  readonly run: readonly string[];
  /** Workspace folder that it runs in. */
  readonly cwd: string;
  readonly timeoutMs?: number;
  readonly context: EngineContext;
}

const FILES = '{files}';

/** Is it about files that it is given, rather than about the project? */
export function takesFiles({ run }: Pick<Order, 'run'>): boolean {
  return run.includes(FILES);
}

/** Runs it in this copy of the workspace, or in the workspace itself: once, or once for each batch of files. */
export async function runOrder(order: Order, root: string, paths: readonly string[]): Promise<ProcessResult[]> {
  const [, ...args] = order.run;
  const program = await programOf(order, root);
  const results: ProcessResult[] = [];
  for (const words of argumentLists(
    args,
    paths.map((path) => argumentPath(path, order.cwd)),
  )) {
    const result = await runProcess(program, words, {
      cwd: absolutePath(root, order.cwd),
      timeoutMs: order.timeoutMs ?? order.context.timeoutMs,
      ...(order.context.signal === undefined ? {} : { signal: order.context.signal }),
    });
    exitCodeOf(order.name, result);
    results.push(result);
  }
  return results;
}

function argumentLists(args: readonly string[], paths: readonly string[]): string[][] {
  if (!args.includes(FILES)) return [[...args]];
  const others = args.filter((word) => word !== FILES);
  return argumentBatches(others, paths).map((batch) => args.flatMap((word) => (word === FILES ? batch : [word])));
}

/** As seen from the command's folder; nothing that could be taken for a flag. */
function argumentPath(path: string, cwd: string): string {
  const relative = posix.relative(`/${cwd}`, `/${path}`);
  return relative.startsWith('-') ? `./${relative}` : relative;
}

/** A path as a shell would take it, from the command's folder; a bare name from node_modules/.bin and PATH. */
async function programOf({ name, run, cwd, context }: Order, root: string): Promise<string> {
  const program = run[0] ?? '';
  const isPath = isAbsolute(program) || /[/\\]/.test(program);
  const found = isPath
    ? await pathOf(program, { cwd, root, context })
    : await findProgram(program, absolutePath(context.root, cwd));
  if (found !== null) return found;
  const where = isPath ? `there is no such file` : `it is neither in node_modules/.bin nor on the PATH`;
  throw new ToolFault('tool-missing', name, `The command "${name}" starts "${program}", but ${where}`);
}

/** One that is not part of the copy (an ignored build output, node_modules) is taken from the workspace itself. */
async function pathOf(
  program: string,
  { cwd, root, context }: { cwd: string; root: string; context: EngineContext },
): Promise<string | null> {
  const inWorkspace = isAbsolute(program) ? program : join(absolutePath(context.root, cwd), program);
  const path = workspacePath(context.root, inWorkspace);
  const candidates = path === null ? [inWorkspace] : [absolutePath(root, path), inWorkspace];
  for (const candidate of candidates) if (await exists(candidate)) return candidate;
  return null;
}

export function outputOf(result: ProcessResult): string {
  return [result.stdout, result.stderr].map((stream) => stream.toString('utf8')).join('');
}

/** For the step's log: each command line with all that it printed and how it ended. */
export function logOf(results: readonly ProcessResult[]): string {
  return results.map((one) => `$ ${one.shown}\n${outputOf(one)}\n(exit code ${String(one.exitCode)})\n`).join('\n');
}
