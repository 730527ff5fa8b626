/** Findings beside the lines that they are about. */
import { type AnnotationProperties, error, notice, warning } from '@actions/core';
import { count } from '../reporters/text.js';
import type { Problem } from './problems.js';

/** GitHub shows as many of each kind for a step, and passes over the others without a word. */
const MOST_OF_A_KIND = 10;
const COMMANDS = { error, warning, note: notice } as const;
const LEVELS = ['error', 'warning', 'note'] as const;

/** `problems` with the worst first. What is left out is counted in a notice, for which a place is kept. */
export function annotate(problems: readonly Problem[]): void {
  const left = LEVELS.map((level) => {
    const all = problems.filter((problem) => problem.level === level);
    const room = MOST_OF_A_KIND - (level === 'note' ? 1 : 0);
    for (const problem of all.slice(0, room)) COMMANDS[level](problem.message, propertiesOf(problem));
    return { level, rest: Math.max(0, all.length - room) };
  }).filter(({ rest }) => rest > 0);
  if (left.length === 0) return;
  const words = left.map(({ level, rest }) => count(rest, level)).join(', ');
  notice(`${words} more than GitHub shows here: the summary of the job and the reports have them.`, {
    title: 'quality',
  });
}

function propertiesOf({ rule, path, startLine, startColumn, endLine, endColumn }: Problem): AnnotationProperties {
  const isOneLine = endLine === undefined || endLine === startLine;
  return {
    title: rule,
    ...(path === null ? {} : { file: path }),
    ...(startLine === undefined ? {} : { startLine }),
    ...(endLine === undefined ? {} : { endLine }),
    // GitHub takes columns only within one line.
    ...(isOneLine && startColumn !== undefined ? { startColumn } : {}),
    ...(isOneLine && endColumn !== undefined ? { endColumn } : {}),
  };
}
