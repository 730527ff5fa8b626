/** Checkstyle's XML, which linters of many languages can print. */
import type { Diagnostic, Severity } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, place, position } from './context.js';
import { xmlTags } from './xml.js';

const SEVERITIES: Readonly<Record<string, Severity>> = {
  error: 'error',
  warning: 'warning',
  info: 'info',
  ignore: 'info',
};

export function parseCheckstyle(output: string, context: OutputContext): Diagnostic[] {
  const tags = xmlTags(output);
  const closed = tags?.some((tag) => tag.name === 'checkstyle' && tag.kind !== 'open') ?? false;
  if (tags === null || !closed) throw outputFault(context, 'a whole checkstyle report', output);
  const found: Diagnostic[] = [];
  let file: string | null = null;
  for (const { name, kind, attributes } of tags) {
    if (name === 'file') file = kind === 'open' ? (attributes.name ?? null) : null;
    if (name !== 'error' || kind === 'close') continue;
    if (attributes.message === undefined) throw outputFault(context, 'checkstyle errors with a message', output);
    found.push(readError(file, attributes, context));
  }
  return found;
}

function readError(
  file: string | null,
  attributes: Readonly<Record<string, string>>,
  context: OutputContext,
): Diagnostic {
  const source = attributes.source ?? '';
  return place(
    {
      file,
      rule: source === '' ? null : source,
      severity: SEVERITIES[attributes.severity ?? 'error'] ?? 'error',
      message: attributes.message ?? '',
      start: position(Number(attributes.line), Number(attributes.column ?? 1)),
    },
    context,
  );
}
