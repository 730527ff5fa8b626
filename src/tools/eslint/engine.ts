/** ESLint on texts: one instance for each command line of the project, and a second one with `--fix`. */
import { absolutePath, resolve } from '../../host/paths.js';
import type { FileOutcome, JobOutcome } from '../../model/job.js';
import type { Failure } from '../../model/failure.js';
import type { ToolUse } from '../../model/tool-use.js';
import { ToolFault } from '../tool-fault.js';
import type { Engine, EngineContext, SourceText, Transformed } from '../tool.js';
import { asCommandLine } from './environment.js';
import { loadCall, wordsOf, type LintResult, type LoadedCall } from './load.js';
import {
  configFault,
  crashOf,
  diagnosticOf,
  readSuppressions,
  ruleUrls,
  suppressionKey,
  syntaxFailure,
  withoutPlace,
  withoutSuppressed,
  type Suppressions,
} from './results.js';
import { refreshPrograms, type Seen } from './programs.js';
import { resolvingRules } from './reach.js';
import { coverage, optionsOf, type EslintCall, type Pattern } from './scope.js';

interface Session {
  readonly use: ToolUse;
  readonly cwd: string;
  readonly signal: AbortSignal | undefined;
  /** Instances by call, loaded when the first file needs them. */
  readonly loaded: Map<string, Promise<LoadedCall>>;
  readonly suppressions: Map<string, Promise<Suppressions>>;
  /** Files in a row whose fixes it crashed on with the same words. */
  readonly crashes: { words: string; count: number };
  readonly noteResolving: ReturnType<typeof resolvingRules>;
}

/** After so many files in a row it is the configuration that crashes, not the file: the chain goes on without ESLint. */
const SAME_CRASHES = 3;

/** A file as one call saw it: its result, or why there is none. */
type Linted =
  | { readonly kind: 'result'; readonly result: LintResult; readonly loaded: LoadedCall }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'crashed'; readonly words: string };

export function openEngine(use: ToolUse, context: EngineContext): Engine {
  const cwd = absolutePath(context.root, use.root);
  const session = {
    use,
    cwd,
    signal: context.signal,
    loaded: new Map(),
    suppressions: new Map(),
    crashes: { words: '', count: 0 },
    noteResolving: resolvingRules(context),
  };
  const seen: Seen = new Map();
  const fresh = (files: readonly SourceText[]): readonly SourceText[] => {
    if (refreshPrograms(seen, files, () => session.loaded.clear())) context.released?.();
    return files;
  };
  return {
    check: (files) => checkAll(session, fresh(files)),
    transform: (files) => inOrder(fresh(files), (file) => transformOne(session, file)),
  };
}

async function inOrder<T>(files: readonly SourceText[], work: (file: SourceText) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const file of files) results.push(await work(file));
  return results;
}

async function checkAll(session: Session, files: readonly SourceText[]): Promise<JobOutcome> {
  return { files: await inOrder(files, (file) => checkOne(session, file)), diagnostics: [] };
}

async function checkOne(session: Session, file: SourceText): Promise<FileOutcome> {
  const linted = await lint(session, file, false);
  const same = { path: file.path, hash: file.hash, diagnostics: [] };
  if (linted.kind === 'ignored') return { ...same, status: 'ignored' };
  if (linted.kind === 'crashed') return { ...same, status: 'failed', failure: crashOf(linted.words, file.path) };
  const { result, loaded } = linted;
  const { messages } = result;
  const known = await suppressionsFor(session, loaded, file);
  const shown = withoutSuppressed(messages, known).filter(
    ({ severity }) => severity === 2 || loaded.commandLine.quiet !== true,
  );
  const urls = shown.some(({ ruleId }) => ruleId !== null)
    ? ruleUrls(loaded.linter, [result])
    : new Map<string, string>();
  return {
    ...same,
    status: 'done',
    diagnostics: shown.map((message) => diagnosticOf(message, file.path, urls.get(message.ruleId ?? ''))),
    settled: messages.every(({ fix }) => fix === undefined),
  };
}

async function transformOne(session: Session, file: SourceText): Promise<Transformed> {
  const linted = await lint(session, file, true);
  if (linted.kind === 'ignored') return { status: 'ignored', text: file.text };
  if (linted.kind === 'crashed') return { status: 'failed', text: file.text, failure: crash(session, linted, file) };
  session.crashes.count = 0;
  const { output, messages } = linted.result;
  const fatal = messages.find((message) => message.fatal === true);
  if (fatal !== undefined && output === undefined) {
    return { status: 'failed', text: file.text, failure: syntaxFailure(fatal, file.path) };
  }
  return { status: 'done', text: output ?? file.text };
}

function crash({ crashes }: Session, { words }: { readonly words: string }, { path }: SourceText): Failure {
  const [firstLine = ''] = words.split('\n');
  crashes.count = crashes.words === firstLine ? crashes.count + 1 : 1;
  crashes.words = firstLine;
  if (crashes.count < SAME_CRASHES) return crashOf(words, path);
  crashes.count = 0;
  throw new ToolFault('tool-crashed', 'eslint', 'ESLint crashed', withoutPlace(words));
}

/** By the first of the project's calls that would lint the file. */
async function lint(session: Session, file: SourceText, fix: boolean): Promise<Linted> {
  const { use } = session;
  for (const call of optionsOf(use).calls) {
    session.signal?.throwIfAborted();
    const by = coverage(call, use.root, file.path);
    if (by === null) continue;
    const single = !fix && !file.virtual;
    const linted = await asCommandLine(use, call, single, async () => {
      const loaded = await load(session, call, fix);
      if (!(await accepts(loaded, use, { file, by: call.glob === undefined ? by : 'list' }))) return null;
      await session.noteResolving(loaded.linter, file.absolutePath);
      return lintText(loaded, file);
    });
    if (linted !== null) return linted;
  }
  return { kind: 'ignored' };
}

function load(session: Session, call: EslintCall, fix: boolean): Promise<LoadedCall> {
  const key = JSON.stringify([call.flags, call.env, fix]);
  const loaded = session.loaded.get(key) ?? loadCall(session.use, call, { cwd: session.cwd, fix });
  session.loaded.set(key, loaded);
  return loaded;
}

/** Asking makes ESLint load the configuration for the file: what goes wrong here is the configuration's fault. */
async function accepts(
  loaded: LoadedCall,
  use: ToolUse,
  { file, by }: { readonly file: SourceText; readonly by: Pattern | 'list' },
): Promise<boolean> {
  try {
    return await loaded.accepts(file.absolutePath, by);
  } catch (error) {
    throw configFault(use, wordsOf(error));
  }
}

/** Rules and processors that throw name the file; anything else is ESLint's own. */
async function lintText(loaded: LoadedCall, file: SourceText): Promise<Linted> {
  try {
    const [result] = await loaded.linter.lintText(file.text, { filePath: file.absolutePath, warnIgnored: false });
    return result === undefined ? { kind: 'ignored' } : { kind: 'result', result, loaded };
  } catch (error) {
    const words = wordsOf(error);
    if (words.includes('Occurred while linting')) return { kind: 'crashed', words };
    throw new ToolFault('tool-crashed', 'eslint', 'ESLint crashed', words);
  }
}

async function suppressionsFor(
  session: Session,
  { commandLine }: LoadedCall,
  file: SourceText,
): Promise<Suppressions[string] | undefined> {
  const [major = 0, minor = 0] = session.use.version.split('.').map(Number);
  if (major < 9 || (major === 9 && minor < 24)) return undefined;
  const path = resolve(session.cwd, commandLine.suppressionsLocation ?? 'eslint-suppressions.json');
  const known = session.suppressions.get(path) ?? readSuppressions(path);
  session.suppressions.set(path, known);
  return (await known)[suppressionKey(session.cwd, file.absolutePath)];
}
