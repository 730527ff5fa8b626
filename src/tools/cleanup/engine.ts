import { readTextIfThere } from '../../host/disk.js';
import { absolutePath } from '../../host/paths.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Failure } from '../../model/failure.js';
import type { FileOutcome } from '../../model/job.js';
import type { Engine, SourceText, Transformed } from '../tool.js';
import { analyser } from './analyse.js';
import { clean } from './clean.js';
import type { CleanTools, Finding } from './clean.js';
import type { CleanupRule } from './candidates.js';
import { positionOf } from './lines.js';
import { loadOrganizer } from './organize.js';
import { loadSecondOpinion } from './second-opinion.js';
import { isLeftAlone } from './scope-of-files.js';
import { loadParser } from './syntax.js';
import type { SyntaxFault } from './syntax.js';
import { compilerFacts } from './tsconfig.js';

export interface CleanupOptions {
  readonly organizeImports: boolean;
}

const TOOL = 'cleanup';
const BYTE_ORDER_MARK = '\uFEFF';

/** What became of one file, before it is told in the words of a check or of a transform. */
type Work =
  | { readonly status: 'ignored' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'done'; readonly text: string; readonly diagnostics: readonly Diagnostic[] };

export async function openEngine(root: string, options: CleanupOptions): Promise<Engine> {
  const tools = await loadTools(root);
  const organizer = options.organizeImports ? once(() => loadOrganizer(tools.parser)) : null;

  async function work(file: SourceText): Promise<Work> {
    if (isLeftAlone(file.path, file.text)) return { status: 'ignored' };
    try {
      return await cleanUp(file);
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
      return { status: 'done', text: file.text, diagnostics: [tooDeep(file.path)] };
    }
  }

  async function cleanUp({ path, text }: SourceText): Promise<Work> {
    const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    const body = text.slice(mark.length);
    const cleaned = await clean(tools, path, body);
    if ('offset' in cleaned) return { status: 'failed', failure: syntaxFailure(path, body, cleaned) };
    const diagnostics = cleaned.findings.map((finding) => diagnosticOf(path, body, finding));
    const organized = organizer === null ? cleaned.text : (await organizer()).organize(path, cleaned.text);
    if (organized !== cleaned.text) diagnostics.push(unorganized(path));
    return { status: 'done', text: mark + organized, diagnostics };
  }

  return {
    async check(files) {
      const outcomes: FileOutcome[] = [];
      for (const file of files) outcomes.push(outcomeOf(file, await work(file)));
      return { files: outcomes, diagnostics: [] };
    },
    async transform(files) {
      const results: Transformed[] = [];
      for (const file of files) results.push(transformedOf(file, await work(file)));
      return results;
    },
  };
}

async function loadTools(root: string): Promise<CleanTools> {
  const parser = await loadParser();
  return {
    parser,
    analyse: analyser(parser),
    secondOpinion: once(loadSecondOpinion),
    factsOf: compilerFacts((path) => readTextIfThere(absolutePath(root, path))),
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null;
  return () => (loaded ??= load());
}

function outcomeOf({ path, hash }: SourceText, result: Work): FileOutcome {
  if (result.status === 'done') return { path, hash, status: 'done', diagnostics: result.diagnostics };
  return { path, hash, diagnostics: [], ...result };
}

/** What was removed is not a finding any more; what could not be is told. */
function transformedOf({ text }: SourceText, result: Work): Transformed {
  if (result.status !== 'done') return { text, ...result };
  return {
    status: 'done',
    text: result.text,
    diagnostics: result.diagnostics.filter(({ fixable }) => fixable !== true),
  };
}

function syntaxFailure(path: string, text: string, { message, offset }: SyntaxFault): Failure {
  const { line, column } = positionOf(text, offset);
  return { kind: 'syntax-error', tool: TOOL, path, message, detail: `${path}:${line}:${column}` };
}

const MESSAGES: Readonly<Record<CleanupRule, (name: string) => string>> = {
  'unused-import': (name) => `'${name}' is imported but never used`,
  'unused-local': (name) => `'${name}' is declared but never used`,
  'unused-private-member': (name) => `'${name}' is private and never used`,
  'unreachable-code': () => 'this code is never reached',
};

function diagnosticOf(path: string, text: string, { rule, name, span, dropped }: Finding): Diagnostic {
  const message = MESSAGES[rule](name);
  return {
    tool: TOOL,
    rule,
    severity: 'warning',
    message: dropped ? `${message}; left in place: taking it out would change the code around it` : message,
    path,
    start: positionOf(text, span.start),
    end: positionOf(text, span.end),
    fixable: !dropped,
  };
}

/** Walking a tree takes stack for each level; generated code can be thousands of levels deep. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}

function tooDeep(path: string): Diagnostic {
  const message = 'nested too deeply to be checked for dead code; left as it is';
  return { tool: TOOL, rule: 'too-deep', severity: 'info', message, path, fixable: false };
}

function unorganized(path: string): Diagnostic {
  return {
    tool: TOOL,
    rule: 'organize-imports',
    severity: 'warning',
    message: 'imports are not sorted and merged',
    path,
    fixable: true,
  };
}
