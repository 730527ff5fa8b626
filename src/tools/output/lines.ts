/** Outputs of one finding a line, read with a pattern that has named groups: file, line, column, severity, rule, message. */
import { stripVTControlCharacters } from 'node:util';
import type { Diagnostic, Severity } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, place, position } from './context.js';

const SEVERITIES: Readonly<Record<string, Severity>> = {
  error: 'error',
  'fatal error': 'error',
  fatal: 'error',
  warning: 'warning',
  warn: 'warning',
  note: 'info',
  info: 'info',
  style: 'info',
  hint: 'info',
};

export interface LinesFormat {
  readonly pattern: RegExp;
  /** Where the line does not say. */
  readonly severity: Severity;
  /** What it is called when something else arrives. */
  readonly expected: string;
  /** A line that is neither a finding nor this is a fault. Absent: only an output without any finding is one. */
  readonly chatter?: RegExp;
}

/** `path:line:column: error: message [rule]`, as gcc and countless others print it; column, severity and rule may lack. */
export const GCC: LinesFormat = {
  pattern:
    /^(?<file>(?:[A-Za-z]:[\\/])?.+?):(?<line>\d+)(?::(?<column>\d+))?:\s*(?:(?<severity>fatal error|error|warning|note|info|style|hint)\b:?\s*)?(?<message>.*?)(?:\s+\[(?<rule>[^\]]+)\])?$/i,
  severity: 'error',
  expected: 'lines such as path:line:column: message',
};

/** The findings of those lines that are any; the others are in `rest`. */
export function readLines(
  output: string,
  format: LinesFormat,
  context: OutputContext,
): { readonly found: Diagnostic[]; readonly rest: string[] } {
  const found: Diagnostic[] = [];
  const rest: string[] = [];
  for (const line of stripVTControlCharacters(output).split(/\r?\n/)) {
    const groups = format.pattern.exec(line)?.groups;
    if (groups !== undefined) found.push(readLine(groups, format, context));
    else if (line.trim() !== '') rest.push(line);
  }
  return { found, rest };
}

function readLine(
  groups: Readonly<Record<string, string | undefined>>,
  format: LinesFormat,
  context: OutputContext,
): Diagnostic {
  const column = groups.column === undefined ? undefined : Number(groups.column);
  return place(
    {
      file: groups.file ?? null,
      rule: groups.rule ?? null,
      severity: SEVERITIES[groups.severity?.toLowerCase() ?? ''] ?? format.severity,
      message: groups.message ?? '',
      start: position(Number(groups.line), column),
    },
    context,
  );
}

export function linesParser(format: LinesFormat) {
  return (output: string, context: OutputContext): Diagnostic[] => {
    const { found, rest } = readLines(output, format, context);
    const strange =
      format.chatter === undefined ? found.length === 0 && rest.length > 0 : hasOther(rest, format.chatter);
    if (strange) throw outputFault(context, format.expected, output);
    return found;
  };
}

function hasOther(rest: readonly string[], chatter: RegExp): boolean {
  return rest.some((line) => !chatter.test(line));
}

export const parseGcc = linesParser(GCC);
