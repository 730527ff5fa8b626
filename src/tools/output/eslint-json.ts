/** What `eslint --format json` prints, and the tools that print the same. */
import type { Diagnostic } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, place, position } from './context.js';
import { at, isRecord, list, parseJson, text } from './json.js';

export function parseEslintJson(output: string, context: OutputContext): Diagnostic[] {
  const results = parseJson(output, 'ESLint’s JSON', context);
  if (!Array.isArray(results)) throw outputFault(context, 'ESLint’s JSON, a list', output);
  return results.flatMap((result: unknown) => {
    const file = text(at(result, 'filePath'));
    const messages = at(result, 'messages');
    if (file === undefined || !Array.isArray(messages)) {
      throw outputFault(context, 'ESLint’s JSON, each with filePath and messages', output);
    }
    return messages.map((message: unknown) => readMessage(file, message, { context, output }));
  });
}

function readMessage(
  file: string,
  raw: unknown,
  { context, output }: { context: OutputContext; output: string },
): Diagnostic {
  const message = text(at(raw, 'message'));
  if (!isRecord(raw) || message === undefined) throw outputFault(context, 'ESLint messages with a text', output);
  return place(
    {
      file,
      rule: text(raw.ruleId) ?? null,
      severity: raw.severity === 2 || raw.fatal === true ? 'error' : raw.severity === 1 ? 'warning' : 'info',
      message,
      start: position(raw.line, raw.column),
      end: position(raw.endLine, raw.endColumn),
      url: text(list(at(raw, 'docs.url'))[0] ?? at(raw, 'docs.url')),
      fixable: raw.fix !== undefined && raw.fix !== null,
    },
    context,
  );
}
