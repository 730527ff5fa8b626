/** Runs a compiler so that nothing is written in the target, and keeps its incremental state between runs. */
import { laterArguments } from '../../host/compiler.js';
import { makeFolder, readTextIfThere, rm, writeFile } from '../../host/disk.js';
import { hashText } from '../../host/hash.js';
import { absolutePath, join } from '../../host/paths.js';
import { type ProcessResult, runProcess } from '../../host/process.js';
import { overlayPreload } from '../../host/write-overlay.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import { exitCodeOf, lastWords } from '../ended.js';
import { ToolFault } from '../tool-fault.js';
import type { EngineContext } from '../tool.js';
import type { Check } from './checks.js';
import { isBefore, unseenFolder } from './engines.js';
import { checkWithNative } from './native.js';
import { parseCompilerOutput } from './output.js';

export interface CompilerRun extends Check {
  /** Absolute path of the script that Node runs. */
  readonly script: string;
  /** Of TypeScript itself, also where another compiler is built on it. */
  readonly typescript: string;
  /** Absolute path of the native compiler's module, or null. */
  readonly native: string | null;
  /** Of a build: workspace paths of the projects it refers to, those referred to first. */
  readonly references: readonly string[];
  /** Paths of the workspace's files, for state that has to go when one of them is gone. */
  readonly sources: readonly string[];
  readonly textOf: (path: string) => Promise<string | null>;
}

/**
 * A plain `tsc -p` builds nothing: what it says of references that nobody has built (TS6305) is what the project's own
 * command says, and with its build on disk the command finds it there.
 */
export async function runCompiler(run: CompilerRun, context: EngineContext): Promise<Diagnostic[]> {
  if (run.mode !== 'build') return findingsOf(run, await checkProject(run, context), context);
  if (run.native === null) return findingsOf(run, await buildInOverlay(run, context), context);
  const configs = [...run.references, ...configsOf(run)];
  return checkWithNative({ ...run, module: run.native, configs, cwd: absolutePath(context.root, run.dir) }, context);
}

function configsOf({ config, others = [] }: Check): string[] {
  return [config ?? '', ...others];
}

/** `tsc -b` emits what referring projects read. It emits to a folder of ours, which hides what is on disk. */
async function buildInOverlay(run: CompilerRun, context: EngineContext): Promise<ProcessResult> {
  const folder = join(unseenFolder(context.stateFolder), `build-${stateName(run)}`);
  const preload = await prepareOverlay(run, folder);
  const configs = configsOf(run).map((config) => absolutePath(context.root, config));
  return start(run, context, ['--require', preload, run.script, '-b', ...configs, '--pretty', 'false', ...run.flags]);
}

/** Output of a source that is gone would still be found; then everything is built anew. */
async function prepareOverlay(run: CompilerRun, folder: string): Promise<string> {
  const list = `${folder}.files`;
  const before = ((await readTextIfThere(list)) ?? '').split('\n').filter((path) => path !== '');
  const now = new Set(run.sources);
  if (before.some((path) => !now.has(path))) await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  await writeFile(list, run.sources.join('\n'));
  const preload = `${folder}.cjs`;
  await writeFile(preload, overlayPreload(folder));
  return preload;
}

/** Absolute. */
export function stateOf(run: CompilerRun, { stateFolder }: Pick<EngineContext, 'stateFolder'>): string {
  return join(stateFolder, `${stateName(run)}.tsbuildinfo`);
}

function checkProject(run: CompilerRun, context: EngineContext): Promise<ProcessResult> {
  const state = stateOf(run, context);
  const what = run.config === null ? run.files : ['-p', absolutePath(context.root, run.config)];
  return start(run, context, [
    run.script,
    ...what,
    ...run.flags,
    ...['--noEmit', '--pretty', 'false'],
    ...(isBefore(run.typescript, 4, 0) ? [] : ['--incremental', '--tsBuildInfoFile', state]),
    // Older ones refuse a config with emitDeclarationOnly beside --noEmit.
    ...(isBefore(run.typescript, 5, 6) ? ['--emitDeclarationOnly', 'false'] : []),
  ]);
}

async function start(run: CompilerRun, context: EngineContext, args: readonly string[]): Promise<ProcessResult> {
  await makeFolder(context.stateFolder);
  return runProcess(process.execPath, [...laterArguments(), ...args], {
    cwd: absolutePath(context.root, run.dir),
    env: run.env,
    timeoutMs: context.timeoutMs,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
}

function stateName({ compiler, typescript, mode, config, others, dir, files, flags }: CompilerRun): string {
  return hashText(JSON.stringify([compiler, typescript, mode, config, others, dir, files, flags])).slice(0, 20);
}

/** 0 and nothing, 1 or 2 and findings; `tsc -b` says 3 or 4 for configs that do not fit together. */
const WITH_FINDINGS: ReadonlySet<number> = new Set([1, 2, 3, 4]);
/** An exception in Node, a panic in Go: their exit codes are those of findings. */
const CRASH = /^\s+at .+:\d+:\d+\)?$|^panic: |^goroutine \d+ \[|^fatal error: /m;

function findingsOf(run: CompilerRun, result: ProcessResult, context: EngineContext): Diagnostic[] {
  const exitCode = exitCodeOf('tsc', result);
  if (exitCode !== 0 && CRASH.test(result.stderr.toString('utf8'))) {
    throw new ToolFault('tool-crashed', 'tsc', `${run.compiler} crashed`, lastWords(result));
  }
  const where = { tool: 'tsc', root: context.root, cwd: absolutePath(context.root, run.dir) };
  const found = parseCompilerOutput(result.stdout.toString('utf8'), where);
  const expected = exitCode === 0 ? found.every(({ severity }) => severity !== 'error') : found.length > 0;
  if (!expected || (exitCode !== 0 && !WITH_FINDINGS.has(exitCode))) {
    const message = `${run.compiler} ended with exit code ${exitCode} and ${found.length} findings`;
    throw new ToolFault('tool-output', 'tsc', message, `${result.shown}\n${lastWords(result)}`);
  }
  return found;
}
