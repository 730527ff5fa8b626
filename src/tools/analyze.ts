/** `quality analyze`: size, languages, complexity, duplication and hot spots, as facts; it judges nothing. */
import { DEFAULT_CONFIG } from '../config/default.js';
import { extname } from '../host/paths.js';
import type { Analysis } from '../model/event.js';
import type { JobOutcome } from '../model/job.js';
import { languageOf } from '../workspace/languages.js';
import { churnOf } from './analyze/churn.js';
import { type FunctionComplexity, complexities } from './analyze/complexity.js';
import { bundledUse } from './bundled-use.js';
import { findClones } from './jscpd.js';
import type { EngineContext, SourceText, Tool } from './tool.js';

const SCRIPTS: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx']);
const MOST_LISTED = 10;
/** Functions from here on are worth naming (McCabe's own limit). */
const COMPLEX = 10;

export const analyze: Tool = {
  name: 'analyze',
  roles: ['analyze'],
  grain: 'project',
  reach: () => 'world',
  runsIn: 'worker',
  adapterVersion: 1,
  detect: () => Promise.resolve({ uses: [USE], skips: [] }),
  takes: () => true,
  open: (_use, context) => Promise.resolve({ check: (files) => analyzeFiles(files, context) }),
};

const USE = bundledUse('analyze', { tool: 'analyze', version: '1' });

async function analyzeFiles(files: readonly SourceText[], context: EngineContext): Promise<JobOutcome> {
  const [functions, churn, duplication] = await Promise.all([
    complexFunctions(files),
    churnOf(context.root, context.signal),
    cloneShare(files, context),
  ]);
  const byFile = new Map<string, number>();
  for (const { path, complexity } of functions) byFile.set(path, (byFile.get(path) ?? 0) + complexity);
  const analysis: Analysis = {
    languages: languagesOf(files),
    largest: files
      .map(({ path, text }) => ({ path, lines: lineCount(text) }))
      .sort((a, b) => b.lines - a.lines)
      .slice(0, MOST_LISTED),
    complex: functions.filter((one) => one.complexity >= COMPLEX).slice(0, MOST_LISTED),
    duplication,
    hotSpots: [...byFile]
      .map(([path, complexity]) => ({ path, changes: churn.get(path) ?? 0, complexity, findings: 0 }))
      .filter((spot) => spot.changes > 0)
      .sort((a, b) => b.changes * b.complexity - a.changes * a.complexity)
      .slice(0, MOST_LISTED),
  };
  return { files: [], diagnostics: [], analysis };
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function languagesOf(files: readonly SourceText[]): Analysis['languages'] {
  const languages = new Map<string, { language: string; files: number; bytes: number; lines: number }>();
  for (const { path, text } of files) {
    const language = languageOf(path) ?? 'other';
    const entry = languages.get(language) ?? { language, files: 0, bytes: 0, lines: 0 };
    entry.files += 1;
    entry.bytes += Buffer.byteLength(text);
    entry.lines += lineCount(text);
    languages.set(language, entry);
  }
  return [...languages.values()].sort((a, b) => b.lines - a.lines);
}

type Complex = Analysis['complex'][number];

async function complexFunctions(files: readonly SourceText[]): Promise<Complex[]> {
  const { parseSync } = await import('oxc-parser');
  const found: Complex[] = [];
  for (const { path, text } of files) {
    if (!SCRIPTS.has(extname(path))) continue;
    const { program } = parseSync(path, text);
    const place = (one: FunctionComplexity): Complex => ({
      path,
      name: one.name,
      line: text.slice(0, one.start).split('\n').length,
      complexity: one.complexity,
    });
    found.push(...complexities(program).map(place));
  }
  return found.sort((a, b) => b.complexity - a.complexity);
}

/** Clones of the default length: the share of the code that stands more than once. */
async function cloneShare(
  files: readonly SourceText[],
  { timeoutMs, signal }: EngineContext,
): Promise<Analysis['duplication']> {
  const { total } = await findClones({
    files,
    ...DEFAULT_CONFIG.dedupe,
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
  return { clones: total.clones, lines: total.duplicatedLines, percentage: total.percentage };
}
