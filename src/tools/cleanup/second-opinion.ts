import type { ts as TypeScript } from 'ts-morph';
import type { Candidate } from './candidates.js';
import type { Span } from './syntax.js';

/** "declared but never read", "all imports unused", "declared but never used", "all variables unused". */
const UNUSED_CODES: ReadonlySet<number> = new Set([6133, 6192, 6196, 6199]);
const UNREACHABLE_CODE = 7027;

export interface SecondOpinion {
  /** Those of the candidates that TypeScript, reading the file alone, finds unused or unreachable as well. */
  readonly confirm: (question: Question) => readonly Candidate[];
}

export interface Question {
  readonly path: string;
  readonly text: string;
  readonly isModule: boolean;
  /** The name that JSX stands for; null where the compiler imports the runtime by itself. */
  readonly jsxFactory: string | null;
  readonly candidates: readonly Candidate[];
}

export async function loadSecondOpinion(): Promise<SecondOpinion> {
  const { ts } = await import('ts-morph');

  function confirm(question: Question): readonly Candidate[] {
    const said = suggestionsFor(ts, question);
    const unused = said.filter(({ code }) => UNUSED_CODES.has(code)).map(toSpan);
    const unreachable = said.filter(({ code }) => code === UNREACHABLE_CODE).map(toSpan);
    return question.candidates.filter(({ rule, votes, quorum }) => {
      const spans = rule === 'unreachable-code' ? unreachable : unused;
      const agrees = (vote: Span): boolean => spans.some((span) => span.start <= vote.start && vote.end <= span.end);
      return quorum === 'all' ? votes.every(agrees) : votes.some(agrees);
    });
  }

  return { confirm };
}

function toSpan({ start, length }: { start: number; length: number }): Span {
  return { start, end: start + length };
}

function suggestionsFor(ts: typeof TypeScript, question: Question): readonly TypeScript.DiagnosticWithLocation[] {
  const service = oneFileService(ts, question.path, unmuted(question.text), compilerOptions(ts, question));
  try {
    return service.service.getSuggestionDiagnostics(service.fileName);
  } finally {
    service.service.dispose();
  }
}

/** `@ts-nocheck` silences the answers about names, too; the length of the text stays as it is. */
function unmuted(text: string): string {
  return text.replaceAll('@ts-nocheck', '@ts-no_heck');
}

function compilerOptions(ts: typeof TypeScript, { jsxFactory, isModule }: Question): TypeScript.CompilerOptions {
  return {
    allowJs: true,
    noLib: true,
    noResolve: true,
    types: [],
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleDetection: isModule ? ts.ModuleDetectionKind.Force : ts.ModuleDetectionKind.Auto,
    jsx: ts.JsxEmit.Preserve,
    // Reading one file alone, TypeScript cannot find an automatic runtime and would fall back to `React`.
    jsxFactory: `${jsxFactory ?? 'none'}.element`,
    // Otherwise decorators on parameters would not count as uses.
    experimentalDecorators: true,
  };
}

/** A language service that knows one file and nothing else: no libraries, no other modules, no disk. */
export function oneFileService(
  ts: typeof TypeScript,
  path: string,
  text: string,
  options: TypeScript.CompilerOptions,
): { service: TypeScript.LanguageService; fileName: string } {
  // To TypeScript a backslash stands between folders.
  const fileName = `/${path.replaceAll('\\', '_')}`;
  const host: TypeScript.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [fileName],
    getScriptVersion: () => '1',
    getScriptSnapshot: (name) => (name === fileName ? ts.ScriptSnapshot.fromString(text) : undefined),
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => 'lib.d.ts',
    fileExists: (name) => name === fileName,
    readFile: (name) => (name === fileName ? text : undefined),
  };
  return { service: ts.createLanguageService(host), fileName };
}
