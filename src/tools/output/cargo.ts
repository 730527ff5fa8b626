/** `cargo clippy --message-format=json`: one JSON object a line, the compiler's own messages among them. */
import { type Diagnostic, type Severity, compareDiagnostics } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, place, position } from './context.js';
import { at, isRecord, list, parseJson, text } from './json.js';

const LEVELS: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning', note: 'info', help: 'info' };

export function parseCargo(output: string, context: OutputContext): Diagnostic[] {
  const messages = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => parseJson(line, 'cargo’s JSON lines', context));
  if (!messages.every((message) => isRecord(message) && typeof message.reason === 'string')) {
    throw outputFault(context, 'cargo’s JSON lines', output);
  }
  const found = messages
    .filter((message) => at(message, 'reason') === 'compiler-message')
    .flatMap((message) => readMessage(at(message, 'message'), context));
  return withoutRepetitions(found);
}

function readMessage(message: unknown, context: OutputContext): Diagnostic[] {
  const words = text(at(message, 'message'));
  const spans = list(at(message, 'spans'));
  const span = spans.find((one) => at(one, 'is_primary') === true);
  // "3 warnings emitted", "aborting due to 1 previous error": sums, not findings.
  if (words === undefined || (span === undefined && isSum(message, words))) return [];
  const rule = text(at(message, 'code.code')) ?? null;
  return [
    place(
      {
        file: text(at(span, 'file_name')) ?? null,
        rule,
        severity: LEVELS[text(at(message, 'level')) ?? ''] ?? 'error',
        message: words,
        start: spanPosition(span, 'start'),
        end: spanPosition(span, 'end'),
        url: linkOf(message),
        fixable: list(at(message, 'children')).some(isApplicable),
      },
      context,
    ),
  ];
}

function isSum(message: unknown, words: string): boolean {
  return (
    at(message, 'code') === null &&
    /^(?:aborting due to|\d+ (?:warning|error)s? emitted|For more information)/.test(words)
  );
}

/** Columns are counted in characters; the span brings its lines along to count again. */
function spanPosition(span: unknown, end: 'start' | 'end'): ReturnType<typeof position> {
  const line = at(span, `line_${end}`);
  const column = at(span, `column_${end}`);
  if (typeof column !== 'number') return undefined;
  const lines = list(at(span, 'text'));
  const source = text(at(lines[end === 'start' ? 0 : lines.length - 1], 'text'));
  return position(
    line,
    source === undefined
      ? column
      : Array.from(source)
          .slice(0, column - 1)
          .join('').length + 1,
  );
}

function linkOf(message: unknown): string | undefined {
  const help = list(at(message, 'children')).map((child) => text(at(child, 'message')) ?? '');
  return help.map((words) => /https:\/\/rust-lang\.github\.io\/\S+/.exec(words)?.[0]).find((url) => url !== undefined);
}

function isApplicable(child: unknown): boolean {
  return list(at(child, 'spans')).some((span) => at(span, 'suggestion_applicability') === 'MachineApplicable');
}

/** The same source is compiled once for itself and once for its tests, and says everything twice. */
function withoutRepetitions(found: readonly Diagnostic[]): Diagnostic[] {
  const known = new Map(found.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]));
  return [...known.values()].sort(compareDiagnostics);
}
