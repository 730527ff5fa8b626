/** What to run next, as commands that can be run as they stand. */
import { compareText } from '../../model/diagnostic.js';
import type { Report } from '../../model/report.js';
import { ruleIdOf } from '../problems.js';
import { count, groupBy, lands } from '../text.js';

export interface NextStep {
  readonly command: string;
  readonly why: string;
}

export interface Ended {
  readonly report: Report;
  /** As the user typed it; empty for a run that no command line has started. */
  readonly commandLine: readonly string[];
}

/** None where there is nothing left to do. */
export function nextSteps(ended: Ended): readonly NextStep[] {
  const { report } = ended;
  return [...again(ended), ...write(ended), ...look(report), ...undo(report)];
}

function again({ report, commandLine }: Ended): NextStep[] {
  if (report.status !== 'interrupted' && report.status !== 'unfinished') return [];
  return [{ command: shown(commandLine, report), why: 'again: this run did not come to its end' }];
}

function write({ report, commandLine }: Ended): NextStep[] {
  if (lands(report.mode) || report.changes.length === 0) return [];
  const why = `makes ${report.changes.length === 1 ? 'this change' : `these ${String(report.changes.length)} changes`}`;
  return [{ command: shown(withoutMode(commandLine), report), why }];
}

/** What nobody mends by himself: the rule that is broken most often, errors before all else. */
function look({ findings, refused, failures, run }: Report): NextStep[] {
  const byHand = findings.filter(({ fixable, path }) => fixable !== true && path !== null);
  const errors = byHand.filter(({ severity }) => severity === 'error');
  const [most] = groupBy(errors.length > 0 ? errors : byHand, ruleIdOf).sort(
    (a, b) => b.length - a.length || compareText(ruleOf(a), ruleOf(b)),
  );
  const why = `what the rule wants, how to silence it: ${count(most?.length ?? 0, 'finding')} to mend by hand`;
  const rule = most === undefined ? [] : [{ command: `quality explain ${ruleOf(most)}`, why }];
  if (refused.length + failures.length === 0) return rule;
  return [...rule, { command: `quality explain ${run}`, why: 'why edits were not kept, or a step failed' }];
}

function ruleOf(group: readonly Report['findings'][number][]): string {
  const [first] = group;
  return first === undefined ? '' : ruleIdOf(first);
}

/** By its id: meanwhile there may be a newer run, of somebody else. */
function undo({ mode, changes, run }: Report): NextStep[] {
  if (mode !== 'write' || changes.length === 0) return [];
  return [
    { command: `quality diff ${run}`, why: 'shows what was changed' },
    { command: `quality rollback ${run}`, why: 'takes it back' },
  ];
}

const WITH_VALUE = new Set(['--patch', '--report']);
const MODES = new Set(['--check', '--dry-run']);

function withoutMode(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => {
    const before = words[index - 1] ?? '';
    return !MODES.has(word) && !WITH_VALUE.has(word) && !WITH_VALUE.has(before) && !/^--(?:patch|report)=/.test(word);
  });
}

function shown(words: readonly string[], { workflow }: Report): string {
  const line = words.length > 0 ? words : ['run', '--workflow', workflow];
  return ['quality', ...line.map(quoted)].join(' ');
}

/** For a shell. */
function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
