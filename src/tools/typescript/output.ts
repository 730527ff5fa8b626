/** What `tsc --pretty false` prints. */
import type { Diagnostic, Severity } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, place, position } from '../output/context.js';

const IN_FILE =
  /^(?<file>\S.*?)\((?<line>\d+),(?<column>\d+)\): (?<severity>error|warning|message) (?<rule>TS\d+): (?<message>.*)$/;
const GLOBAL = /^(?<severity>error|warning|message) (?<rule>TS\d+): (?<message>.*)$/;

const SEVERITIES: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning', message: 'info' };

type Groups = Readonly<Record<string, string | undefined>>;

/** One finding for each `path(line,column): error TSnnnn: …`; the lines after it that explain it belong to it. */
export function parseCompilerOutput(output: string, context: OutputContext): Diagnostic[] {
  const found: { groups: Groups; lines: string[] }[] = [];
  for (const line of output.split(/\r?\n/)) {
    const groups = (IN_FILE.exec(line) ?? GLOBAL.exec(line))?.groups;
    if (groups !== undefined) found.push({ groups, lines: [groups.message ?? ''] });
    else if (line.trim() !== '') {
      const last = found.at(-1);
      if (last === undefined) throw outputFault(context, 'the compiler’s findings', output);
      last.lines.push(line);
    }
  }
  return found.map(({ groups, lines }) => findingOf(groups, lines.join('\n'), context));
}

function findingOf(groups: Groups, message: string, context: OutputContext): Diagnostic {
  return place(
    {
      file: groups.file ?? null,
      rule: groups.rule ?? null,
      severity: SEVERITIES[groups.severity ?? ''] ?? 'error',
      message,
      start: position(Number(groups.line), Number(groups.column)),
    },
    context,
  );
}
