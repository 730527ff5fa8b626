/** Findings on a terminal: new ones first, the first of them with their source, the rest in lines, then by rule. */
import type { Diagnostic, Severity } from '../model/diagnostic.js';
import { type Report, countBySeverity } from '../model/report.js';
import type { RunState } from '../model/run-state.js';
import { readable } from './characters.js';
import type { Ending, FormatSettings } from './format.js';
import { freshFindings } from './fresh.js';
import { ruleIdOf } from './problems.js';
import { type Paint, SEVERITY_PAINT, count, groupBy, lands, paintFor, showCounts, showFinding, some } from './text.js';

interface Limits {
  readonly findings: number;
  /** How many of them with their source. */
  readonly excerpts: number;
}

/** With all other sections at their longest it stays within a screen of 50 lines. */
const LIMITS: Readonly<Record<FormatSettings['verbosity'], Limits>> = {
  quiet: { findings: 25, excerpts: 0 },
  normal: { findings: 10, excerpts: 3 },
  verbose: { findings: Infinity, excerpts: Infinity },
};
const MOST_RULES = 5;
const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

interface Findings extends Ending {
  readonly state: RunState;
}

export async function showFindings({ report, evidence, state }: Findings, settings: FormatSettings): Promise<string> {
  if (report.findings.length === 0) return '';
  const paint = paintFor(settings.color);
  const { findings: most, excerpts } = LIMITS[settings.verbosity];
  const fresh = new Set(freshFindings(report.findings, state, await evidence.earlier()));
  const shown = firstOf(report.findings, { fresh, most });
  // Where nothing is written, what verify has seen is what stands.
  const side = lands(report.mode) ? 'after' : 'before';
  const blocks: string[] = [];
  const told = new Set<string>();
  for (const [index, finding] of shown.entries()) {
    const excerpt = index < excerpts ? await evidence.excerpt(finding, side) : null;
    const isFirst = !told.has(ruleIdOf(finding));
    told.add(ruleIdOf(finding));
    blocks.push(block(finding, { isNew: fresh.has(finding), isFirst, excerpt, paint }));
  }
  const rest = report.findings.length - shown.length;
  return [title(report, fresh.size, paint), ...blocks, ...more(report, rest, paint), ...whatToDo(report, paint)].join(
    '\n',
  );
}

/** A line for each, and nothing else. */
export function showFindingLines(findings: readonly Diagnostic[], paint: Paint): string {
  const shown = inOrder(findings, new Set()).slice(0, LIMITS.quiet.findings);
  const rest = findings.length - shown.length;
  const lines = shown.map((finding) => showFinding(finding, paint));
  if (rest > 0) lines.push(`… and ${String(rest)} more (\`quality report --verbose\` shows all)`);
  return lines.map((line) => `${line}\n`).join('');
}

function inOrder(findings: readonly Diagnostic[], fresh: ReadonlySet<Diagnostic>): readonly Diagnostic[] {
  return [...findings].sort((a, b) => rankOf(a, fresh) - rankOf(b, fresh));
}

function rankOf(finding: Diagnostic, fresh: ReadonlySet<Diagnostic>): number {
  return (fresh.has(finding) ? 0 : 3) + RANKS[finding.severity];
}

/** Where not all are shown, each rule has its turn before one comes again: one among thousands of another is seen. */
function firstOf(findings: readonly Diagnostic[], { fresh, most }: Choice): readonly Diagnostic[] {
  const ordered = inOrder(findings, fresh);
  if (ordered.length <= most) return ordered;
  const told = new Set<string>();
  const turns = ordered.map((finding) => {
    const isAgain = told.has(ruleIdOf(finding));
    told.add(ruleIdOf(finding));
    return { finding, turn: 2 * rankOf(finding, fresh) + Number(isAgain) };
  });
  return turns
    .sort((a, b) => a.turn - b.turn)
    .slice(0, most)
    .map(({ finding }) => finding);
}

interface Choice {
  readonly fresh: ReadonlySet<Diagnostic>;
  readonly most: number;
}

function title(report: Report, fresh: number, paint: Paint): string {
  const { before, after } = report.counts;
  const fewer = before !== null && after !== null && before.error > after.error;
  const notes = [
    ...(fresh > 0 && fresh < report.findings.length ? [`${String(fresh)} of them new`] : []),
    ...(fewer ? [`${count(before.error, 'error')} before`] : []),
  ];
  const counts = showCounts(countBySeverity(report.findings));
  const verb = report.findings.length === 1 ? 'remains' : 'remain';
  const what = report.base === null ? verb : `new since ${readable(report.base.ref)}`;
  return `${paint.bold(`${counts} ${what}`)}${notes.map((note) => `, ${note}`).join('')}`;
}

interface Block {
  readonly isNew: boolean;
  /** Of its rule. */
  readonly isFirst: boolean;
  readonly excerpt: string | null;
  readonly paint: Paint;
}

function block(finding: Diagnostic, { isNew, isFirst, excerpt, paint }: Block): string {
  const line = `  ${isNew ? `${paint.green('new')}  ` : ''}${showFinding(finding, paint, isFirst ? 'with-link' : 'no-link')}`;
  if (excerpt === null) return line;
  const [source = '', marker = ''] = readable(excerpt).split('\n');
  const gutter = source.indexOf('|') + 1;
  const shown = `${paint.dim(source.slice(0, gutter))}${source.slice(gutter)}`;
  const marked = `${paint.dim(marker.slice(0, gutter))}${paint[SEVERITY_PAINT[finding.severity]](marker.slice(gutter))}`;
  return [line, `      ${shown}`, `      ${marked}`].join('\n');
}

function more({ findings }: Report, rest: number, paint: Paint): string[] {
  if (rest <= 0) return [];
  const rules = groupBy(findings, ruleIdOf)
    .sort((a, b) => b.length - a.length)
    .map((group) => `${ruleIdOf(group[0] ?? { tool: '', rule: null })} ${String(group.length)}`);
  return [
    `  … and ${String(rest)} more (\`quality report --verbose\` shows all, \`quality report --format html\` with source and filters)`,
    paint.dim(`  by rule: ${some(rules, MOST_RULES)}`),
  ];
}

function whatToDo({ findings, mode }: Report, paint: Paint): string[] {
  const fixable = findings.filter((finding) => finding.fixable === true).length;
  if (fixable === 0 || lands(mode)) return [];
  return [paint.dim(`  ${count(fixable, 'finding')} can be fixed by the tools: \`quality run\``)];
}
