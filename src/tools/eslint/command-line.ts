/** ESLint before 7 has no class that we could use: its command line reads files, or a text from standard input. */
import { absolutePath, join } from '../../host/paths.js';
import { runProcess } from '../../host/process.js';
import type { FileOutcome, JobOutcome } from '../../model/job.js';
import type { ToolUse } from '../../model/tool-use.js';
import { ToolFault } from '../tool-fault.js';
import type { Engine, EngineContext, SourceText, Transformed } from '../tool.js';
import type { LintResult } from './load.js';
import { configFault, crashOf, diagnosticOf, syntaxFailure, withoutPlace } from './results.js';
import { coverage, extensionsOf, optionsOf, type EslintCall } from './scope.js';

/** Files named on one command line: short of what systems allow. */
const BATCH = 200;

interface Session {
  readonly use: ToolUse;
  readonly context: EngineContext;
  readonly cwd: string;
}

type Answer = { readonly results: readonly LintResult[] } | { readonly words: string };

export function openCommandLine(use: ToolUse, context: EngineContext): Engine {
  const session = { use, context, cwd: absolutePath(context.root, use.root) };
  return {
    check: (files) => checkAll(session, files),
    transform: async (files) => {
      const results: Transformed[] = [];
      for (const file of files) results.push(await transformOne(session, file));
      return results;
    },
  };
}

async function checkAll(session: Session, files: readonly SourceText[]): Promise<JobOutcome> {
  const outcomes = new Map<string, FileOutcome>();
  for (const call of optionsOf(session.use).calls) {
    const isOpen = ({ path }: SourceText): boolean => (outcomes.get(path)?.status ?? 'ignored') === 'ignored';
    const mine = files.filter((file) => isOpen(file) && isTarget(session.use, call, file.path));
    const onDisk = mine.filter((file) => !file.virtual);
    for (let at = 0; at < onDisk.length; at += BATCH) {
      for (const outcome of await checkBatch(session, call, onDisk.slice(at, at + BATCH)))
        outcomes.set(outcome.path, outcome);
    }
    for (const file of mine.filter(({ virtual }) => virtual))
      outcomes.set(file.path, await checkText(session, call, file));
  }
  return { files: files.map((file) => outcomes.get(file.path) ?? ignored(file)), diagnostics: [] };
}

/** These versions take a folder's files by extension alone. */
function isTarget(use: ToolUse, call: EslintCall, path: string): boolean {
  const by = coverage(call, use.root, path);
  if (by?.kind !== 'folder' || call.glob !== undefined) return by !== null;
  const extensions = extensionsOf(call.flags);
  return (extensions.length === 0 ? ['.js'] : extensions).some((extension) => path.endsWith(extension));
}

async function checkBatch(session: Session, call: EslintCall, files: readonly SourceText[]): Promise<FileOutcome[]> {
  const answer = await run(session, call, { args: ['--', ...files.map((file) => file.absolutePath)] });
  if ('words' in answer) {
    // One file can take the whole command down: ask for each alone, to know which.
    const outcomes: FileOutcome[] = [];
    for (const file of files) outcomes.push(await checkText(session, call, file));
    return outcomes;
  }
  const byPath = new Map(answer.results.map((result) => [result.filePath, result]));
  return files.map((file) => outcomeOf(file, byPath.get(file.absolutePath), call));
}

async function checkText(session: Session, call: EslintCall, file: SourceText): Promise<FileOutcome> {
  const answer = await runOnText(session, call, file, []);
  return 'words' in answer ? failed(file, answer.words) : outcomeOf(file, answer.results[0], call);
}

async function transformOne(session: Session, file: SourceText): Promise<Transformed> {
  for (const call of optionsOf(session.use).calls) {
    if (!isTarget(session.use, call, file.path)) continue;
    const transformed = await fixText(session, call, file);
    if (transformed.status !== 'ignored') return transformed;
  }
  return { status: 'ignored', text: file.text };
}

async function fixText(session: Session, call: EslintCall, file: SourceText): Promise<Transformed> {
  const { text } = file;
  const answer = await runOnText(session, call, file, ['--fix-dry-run']);
  if ('words' in answer) return { ...failed(file, answer.words), text };
  const [result] = answer.results;
  if (result === undefined || isIgnored(result)) return { status: 'ignored', text };
  const fatal = result.messages.find((message) => message.fatal === true);
  if (fatal === undefined || result.output !== undefined) return { status: 'done', text: result.output ?? text };
  return { status: 'failed', text, failure: syntaxFailure(fatal, file.path) };
}

function runOnText(session: Session, call: EslintCall, file: SourceText, flags: readonly string[]): Promise<Answer> {
  return run(session, call, { args: ['--stdin', '--stdin-filename', file.absolutePath, ...flags], input: file.text });
}

async function run(
  { use, context, cwd }: Session,
  call: EslintCall,
  { args, input }: { args: readonly string[]; input?: string },
): Promise<Answer> {
  const program = join(use.entry, 'bin', 'eslint.js');
  const result = await runProcess(process.execPath, [program, ...call.flags, '--format', 'json', ...args], {
    cwd,
    ...(input === undefined ? {} : { input }),
    ...(call.env === undefined ? {} : { env: call.env }),
    timeoutMs: context.timeoutMs,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  const words = result.stderr.toString('utf8').trim();
  if (result.end === 'timeout') throw new ToolFault('tool-timeout', 'eslint', 'ESLint took too long', words);
  if (result.end !== 'exit') throw new ToolFault('tool-crashed', 'eslint', `ESLint ended by ${result.end}`, words);
  if (result.exitCode === 0 || result.exitCode === 1) return { results: parse(result.stdout.toString('utf8')) };
  if (input === undefined || /Occurred while linting|<text>/.test(words)) return { words };
  throw configFault(use, withoutPlace(words));
}

/** Plugins may print before the results; the array is the last line. */
function parse(output: string): readonly LintResult[] {
  try {
    const value: unknown = JSON.parse(output.trim().split('\n').at(-1) ?? '');
    if (Array.isArray(value)) return value as LintResult[];
  } catch {
    // Reported below, with what was printed instead.
  }
  throw new ToolFault('tool-output', 'eslint', 'ESLint printed something else than its results', output.slice(0, 2000));
}

function isIgnored(result: LintResult): boolean {
  return result.messages.some(
    ({ fatal, ruleId, message }) => fatal !== true && !ruleId && message.startsWith('File ignored'),
  );
}

function outcomeOf(file: SourceText, result: LintResult | undefined, call: EslintCall): FileOutcome {
  if (result === undefined || isIgnored(result)) return ignored(file);
  const isQuiet = call.flags.includes('--quiet');
  const shown = result.messages.filter(({ severity }) => severity === 2 || !isQuiet);
  return {
    path: file.path,
    hash: file.hash,
    status: 'done',
    diagnostics: shown.map((message) => diagnosticOf(message, file.path, undefined)),
    settled: result.messages.every(({ fix }) => fix === undefined),
  };
}

function ignored({ path, hash }: SourceText): FileOutcome {
  return { path, hash, status: 'ignored', diagnostics: [] };
}

function failed({ path, hash }: SourceText, words: string): FileOutcome & { readonly status: 'failed' } {
  return { path, hash, status: 'failed', diagnostics: [], failure: crashOf(words, path) };
}
