/** What `stylelint --formatter json` prints; stdout up to stylelint 15, stderr since. */
import type { Diagnostic } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, place, position } from './context.js';
import { at, isRecord, list, parseJson, text } from './json.js';

export function parseStylelint(output: string, context: OutputContext): Diagnostic[] {
  // Node itself and plugins print warnings around it.
  const from = output.search(/^\[\s*(?:\{"|\])/m);
  const results = parseJson(
    from < 0 ? output : (firstArray(output.slice(from)) ?? output),
    'stylelint’s JSON',
    context,
  );
  if (!Array.isArray(results)) throw outputFault(context, 'stylelint’s JSON, a list', output);
  return results.flatMap((result: unknown) => {
    if (!isRecord(result) || !Array.isArray(result.warnings))
      throw outputFault(context, 'stylelint’s JSON results', output);
    const file = text(result.source) ?? null;
    return [
      ...result.warnings.map((warning: unknown) => readWarning(file, warning, { context, output })),
      ...list(result.invalidOptionWarnings).map((warning) => invalidOption(warning, context)),
    ];
  });
}

/** Up to the line that ends the list: nothing after it is part of the JSON. */
function firstArray(output: string): string | undefined {
  const end = output.lastIndexOf(']');
  return end < 0 ? undefined : output.slice(0, end + 1);
}

function readWarning(
  file: string | null,
  raw: unknown,
  { context, output }: { context: OutputContext; output: string },
): Diagnostic {
  const message = text(at(raw, 'text'));
  if (!isRecord(raw) || message === undefined) throw outputFault(context, 'stylelint’s warnings with a text', output);
  const rule = text(raw.rule) ?? null;
  return place(
    {
      file,
      rule,
      severity: raw.severity === 'warning' ? 'warning' : 'error',
      message: rule === null ? message : message.replace(` (${rule})`, ''),
      start: position(raw.line, raw.column),
      end: position(raw.endLine, raw.endColumn),
      url: text(raw.url),
      fixable: isRecord(raw.fix),
    },
    context,
  );
}

function invalidOption(raw: unknown, context: OutputContext): Diagnostic {
  const message = text(at(raw, 'text')) ?? 'An option of the configuration is invalid';
  return place({ file: null, rule: null, severity: 'error', message }, context);
}
