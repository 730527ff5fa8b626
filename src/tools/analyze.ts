/** `quality analyze`: size, languages, complexity, duplication and how often files change, as facts; it judges nothing. */
import { DEFAULT_CONFIG } from '../config/default.js';
import { extname } from '../host/paths.js';
import { type FileFacts, type FunctionFacts, type Measures, folderOf } from '../model/analysis.js';
import type { JobOutcome } from '../model/job.js';
import { languageOf } from '../workspace/languages.js';
import { churnOf } from './analyze/churn.js';
import { type FunctionComplexity, complexities } from './analyze/complexity.js';
import type { CloneReport } from './jscpd/report.js';
import { bundledUse } from './bundled-use.js';
import { CLONE_LANGUAGES, findClones } from './jscpd/find-clones.js';
import type { EngineContext, SourceText, Tool } from './tool.js';

const SCRIPTS: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx']);
/** What a log keeps of the files and of the functions; the totals are of all. */
const MOST_KEPT = 1000;

export const analyze: Tool = {
  name: 'analyze',
  roles: ['analyze'],
  grain: 'project',
  reach: () => 'world',
  runsIn: 'worker',
  adapterVersion: 2,
  detect: () => Promise.resolve({ uses: [USE], skips: [] }),
  // What nobody writes by hand says nothing about the work of those who do.
  takes: (_use, { protection }) => protection === undefined,
  open: (_use, context) => Promise.resolve({ check: (files) => analyzeFiles(files, context) }),
};

const USE = bundledUse('analyze', { tool: 'analyze', version: '2' });

async function analyzeFiles(files: readonly SourceText[], context: EngineContext): Promise<JobOutcome> {
  const [functions, churn, clones] = await Promise.all([
    functionsIn(files),
    churnOf(context.root, context.signal),
    clonesIn(files, context),
  ]);
  const { clones: number, duplicatedLines, percentage } = clones.total;
  const sizes = files.map(({ path, text }) => ({ path, lines: lineCount(text), bytes: Buffer.byteLength(text) }));
  const analysis: Measures = {
    languages: languagesOf(sizes),
    folders: foldersOf(sizes),
    functions: [...functions]
      .sort((a, b) => b.cognitive - a.cognitive || b.complexity - a.complexity)
      .slice(0, MOST_KEPT),
    files: factsOf(sizes, { functions, churn, duplicated: duplicatedLinesOf(clones) }),
    totals: {
      files: files.length,
      lines: sumOf(sizes, ({ lines }) => lines),
      bytes: sumOf(sizes, ({ bytes }) => bytes),
      functions: functions.length,
      complexity: sumOf(functions, ({ complexity }) => complexity),
      cognitive: sumOf(functions, ({ cognitive }) => cognitive),
    },
    duplication: { clones: number, lines: duplicatedLines, percentage },
  };
  return { files: [], diagnostics: [], analysis };
}

interface Size {
  readonly path: string;
  readonly lines: number;
  readonly bytes: number;
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const group = found.get(keyOf(item)) ?? [];
    group.push(item);
    found.set(keyOf(item), group);
  }
  return found;
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function languagesOf(sizes: readonly Size[]): Measures['languages'] {
  return [...groups(sizes, ({ path }) => languageOf(path) ?? 'other')]
    .map(([language, files]) => ({ language, ...sumsOf(files), bytes: sumOf(files, ({ bytes }) => bytes) }))
    .sort((a, b) => b.lines - a.lines);
}

function foldersOf(sizes: readonly Size[]): Measures['folders'] {
  return [...groups(sizes, ({ path }) => folderOf(path))]
    .map(([folder, files]) => ({ folder, ...sumsOf(files) }))
    .sort((a, b) => b.lines - a.lines)
    .slice(0, MOST_KEPT);
}

function sumsOf(files: readonly Size[]): { readonly files: number; readonly lines: number } {
  return { files: files.length, lines: sumOf(files, ({ lines }) => lines) };
}

interface Known {
  readonly functions: readonly FunctionFacts[];
  readonly churn: ReadonlyMap<string, number>;
  readonly duplicated: ReadonlyMap<string, number>;
}

/** Of those files that anything is known of besides their size, and of the largest ones. */
function factsOf(sizes: readonly Size[], { functions, churn, duplicated }: Known): readonly FileFacts[] {
  const byFile = groups(functions, ({ path }) => path);
  const weightOf = ({ changes, cognitive, duplicated: twice, lines }: FileFacts): number =>
    (1 + changes) * (cognitive + twice) + lines;
  return sizes
    .map(({ path, lines }): FileFacts => {
      const own = byFile.get(path) ?? [];
      const complexity = sumOf(own, (one) => one.complexity);
      const cognitive = sumOf(own, (one) => one.cognitive);
      const known = { changes: churn.get(path) ?? 0, duplicated: duplicated.get(path) ?? 0 };
      return { path, lines, complexity, cognitive, ...known, worst: worstOf(own) };
    })
    .sort((a, b) => weightOf(b) - weightOf(a))
    .slice(0, MOST_KEPT);
}

function worstOf(functions: readonly FunctionFacts[]): FileFacts['worst'] {
  const worst = functions.reduce<FunctionFacts | null>(
    (most, one) => (most !== null && most.cognitive >= one.cognitive ? most : one),
    null,
  );
  return worst === null ? null : { name: worst.name, line: worst.line, cognitive: worst.cognitive };
}

async function functionsIn(files: readonly SourceText[]): Promise<readonly FunctionFacts[]> {
  const { parseSync } = await import('oxc-parser');
  return files
    .filter(({ path }) => SCRIPTS.has(extname(path)))
    .flatMap(({ path, text }) => {
      const lineAt = lineFinder(text);
      return complexities(parseSync(path, text, { preserveParens: false }).program).map(
        ({ name, start, complexity, cognitive }: FunctionComplexity): FunctionFacts => ({
          path,
          name,
          line: lineAt(start),
          complexity,
          cognitive,
        }),
      );
    });
}

/** For offsets that do not decrease: the text is gone through once. */
function lineFinder(text: string): (offset: number) => number {
  const at = { line: 1, offset: 0 };
  return (offset) => {
    if (offset < at.offset) Object.assign(at, { line: 1, offset: 0 });
    for (let next = text.indexOf('\n', at.offset); next >= 0 && next < offset; next = text.indexOf('\n', at.offset))
      Object.assign(at, { line: at.line + 1, offset: next + 1 });
    return at.line;
  };
}

/** Clones of the default length: the share of the code that stands more than once. */
function clonesIn(files: readonly SourceText[], { timeoutMs, signal }: EngineContext): Promise<CloneReport> {
  const looked = files.filter(({ path }) => CLONE_LANGUAGES.has(languageOf(path)));
  const { minLines, minTokens } = DEFAULT_CONFIG.dedupe;
  return findClones({ files: looked, minLines, minTokens, timeoutMs, ...(signal === undefined ? {} : { signal }) });
}

/** Each line of a file once, in however many clones it is. */
function duplicatedLinesOf({ clones }: CloneReport): ReadonlyMap<string, number> {
  const lines = new Map<string, Set<number>>();
  for (const { path, startLine, endLine } of clones.flatMap(({ first, second }) => [first, second])) {
    const own = lines.get(path) ?? new Set<number>();
    lines.set(path, own);
    for (let line = startLine; line <= endLine; line += 1) own.add(line);
  }
  return new Map([...lines].map(([path, own]) => [path, own.size]));
}
