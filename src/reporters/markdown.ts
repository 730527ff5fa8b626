/** Markdown for a comment on a pull request: what matters first, and never longer than a comment may be. */
import type { Diagnostic } from '../model/diagnostic.js';
import { countBySeverity, type Report } from '../model/report.js';
import { readable } from './characters.js';
import type { Format, RunRecord } from './format.js';
import { problemsOf, ruleIdOf } from './problems.js';
import { count, lands, showCounts, showDuration, showPlace } from './text.js';

/** GitHub's limit for a comment; GitLab's and Bitbucket's are higher. */
const MOST_CHARACTERS = 65_536;
const MOST_IN_CELL = 400;
const MARKS: Readonly<Record<Report['status'], string>> = {
  clean: '✅',
  findings: '⚠️',
  changes: '⚠️',
  regression: '⚠️',
  failed: '❌',
  interrupted: '❌',
  unfinished: '❌',
};

export const markdown: Format = (record) => {
  const problems = problemsOf(record.state).map(({ finding }) => finding);
  const parts = [
    heading(record, problems),
    failures(record.report),
    refused(record.report),
    ...findings(problems),
    changes(record.report),
  ].filter((part) => part !== '');
  return `${fitting(parts).join('\n\n')}\n`;
};

function heading({ report }: RunRecord, problems: readonly Diagnostic[]): string {
  const time = report.milliseconds === null ? '' : ` in ${showDuration(report.milliseconds)}`;
  const wrote = lands(report.mode) ? 'changed' : 'would change';
  const changed = report.changes.length === 0 ? '' : `, ${count(report.changes.length, 'file')} ${wrote}`;
  return `### ${MARKS[report.status]} quality: ${showCounts(countBySeverity(problems))}${changed}\n\n${count(report.files, 'file')} looked at${time}; run \`${report.run}\``;
}

function failures({ failures: all }: Report): string {
  const lines = all.map(
    ({ message, path, nextStep }) =>
      `- ❌ ${path === undefined ? '' : `${code(path)}: `}${escaped(message)} ${escaped(nextStep)}`,
  );
  return lines.length === 0 ? '' : `**Failed**\n\n${lines.join('\n')}`;
}

function refused({ refused: all }: Report): string {
  const lines = all.map(({ path, reason }) => `- ${code(path)}: ${escaped(reason)}`);
  return lines.length === 0 ? '' : `**${count(lines.length, 'edit')} not kept**\n\n${lines.join('\n')}`;
}

function findings(problems: readonly Diagnostic[]): string[] {
  if (problems.length === 0) return [];
  const worst = [...problems].sort((a, b) => RANKS[a.severity] - RANKS[b.severity]);
  return [['| | where | what | rule |', '|---|---|---|---|', ...worst.map(row)].join('\n')];
}

const RANKS = { error: 0, warning: 1, info: 2 } as const;
const SIGNS = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const;

function row(finding: Diagnostic): string {
  const rule = code(ruleIdOf(finding));
  const link = finding.url === undefined || !isPlainUrl(finding.url) ? rule : `[${rule}](${finding.url})`;
  return `| ${SIGNS[finding.severity]} | ${code(showPlace(finding))} | ${escaped(finding.message)} | ${link} |`;
}

function changes(report: Report): string {
  if (report.changes.length === 0) return '';
  const title = `${count(report.changes.length, 'file')} ${lands(report.mode) ? 'changed' : 'would change'}`;
  const lines = report.changes.map(({ path, tools }) => `- ${code(path)} (${tools.map(escaped).join(', ')})`);
  return `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

/** Whole lines, as many as fit; what is cut off is said. */
function fitting(parts: readonly string[]): string[] {
  let left = MOST_CHARACTERS - 200;
  const kept: string[] = [];
  for (const part of parts) {
    const lines = part.split('\n');
    const fit = lines.filter((line) => (left -= line.length + 1) >= 0);
    if (fit.length === lines.length) kept.push(part);
    else {
      const isFolded = part.startsWith('<details>');
      if (!isFolded && fit.length > 2) kept.push(fit.join('\n'));
      const rest = isFolded ? 'The list of files' : `… and ${count(lines.length - fit.length, 'line')} more, which`;
      kept.push(`${rest} did not fit here; \`quality report --format html\` shows all.`);
      break;
    }
    left -= 1;
  }
  return kept;
}

function isPlainUrl(url: string): boolean {
  return /^https?:\/\/[^\s()<>|\\]+$/.test(url);
}

function oneLine(text: string): string {
  const line = readable(text).replace(/\s+/g, ' ').trim();
  return line.length > MOST_IN_CELL ? `${line.slice(0, MOST_IN_CELL)}…` : line;
}

/** Text that stays text: no markup, no table cell of its own, no mention that calls somebody, no link to an issue. */
function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>()|~&!]/g, '\\$&')
    .replace(/[@#]/g, '$&\u200B');
}

/** A code span that its content cannot leave; within tables a bar needs its backslash there as well. */
function code(text: string): string {
  const line = oneLine(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}
