/** Clones as findings. */
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Clone, ClonePlace, CloneReport } from './report.js';

/** At the later of the two places; the message names the other file only, so that it stays the same when lines move. */
export function findingOfClone(tool: string, { lines, first, second }: Clone): Diagnostic {
  return {
    tool,
    rule: 'duplicate',
    severity: 'info',
    message: `${lines} lines are the same as in ${first.path}`,
    path: second.path,
    ...span(second),
    related: [{ path: first.path, start: span(first).start, message: 'the same lines' }],
  };
}

function span({ startLine, endLine }: ClonePlace): Required<Pick<Diagnostic, 'start' | 'end'>> {
  return { start: { line: startLine, column: 1 }, end: { line: endLine, column: 1 } };
}

/** An error for the project as a whole when more of it is duplicated than it allows. */
export function thresholdFindings(tool: string, { total }: CloneReport, threshold: unknown): Diagnostic[] {
  if (typeof threshold !== 'number' || total.percentage <= threshold) return [];
  const message = `More duplicated lines than the ${threshold} % that dedupe.threshold allows: ${total.percentage.toFixed(1)} %`;
  return [{ tool, rule: 'threshold', severity: 'error', message, path: null }];
}
