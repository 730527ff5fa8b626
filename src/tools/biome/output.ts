/** What `biome --reporter=json` prints, in the shapes of 1.8 to 2.x. */
import { bytePositions } from '../byte-positions.js';
import { excerpt, outputFault, place, position, type OutputContext } from '../output/context.js';
import { inUtf16 } from '../output/columns.js';
import { at, isRecord, list, parseJson, text, type JsonRecord } from '../output/json.js';
import type { Diagnostic, Position, Severity } from '../../model/diagnostic.js';
import { ToolFault } from '../tool-fault.js';

/** Biome's own name for syntax errors. */
export const PARSE = 'parse';

const SEVERITIES: Readonly<Record<string, Severity>> = { fatal: 'error', error: 'error', warning: 'warning' };

/** `textOf` gives the text of a workspace path of the batch. */
export function parseBiome(
  output: string,
  context: OutputContext,
  textOf: (path: string) => string | undefined,
): readonly Diagnostic[] {
  const report = parseJson(stripped(output), 'a JSON report', context);
  const diagnostics = at(report, 'diagnostics');
  if (!Array.isArray(diagnostics)) throw outputFault(context, 'a JSON report with diagnostics', output);
  if (Number(at(report, 'summary.diagnosticsNotPrinted') ?? 0) > 0) {
    throw new ToolFault('tool-output', 'biome', 'Biome did not print all that it found', excerpt(output));
  }
  return diagnostics.flatMap((raw: unknown) => {
    if (!isRecord(raw)) throw outputFault(context, 'a JSON report with diagnostics', output);
    return inUtf16([readDiagnostic(raw, context)], isSpan(raw) ? 'utf-16' : 'characters', textOf);
  });
}

/** `biome ci` colours even its JSON. */
function stripped(output: string): string {
  return output.replace(/\u001B\[[\d;]*m/g, '').trim();
}

/** Biome 1 gives offsets in bytes, and the text they are in; Biome 2 lines and columns in characters. */
function isSpan(raw: JsonRecord): boolean {
  return Array.isArray(at(raw, 'location.span'));
}

function readDiagnostic(raw: JsonRecord, context: OutputContext): Diagnostic {
  const category = text(raw.category) ?? null;
  const file = text(at(raw, 'location.path')) ?? text(at(raw, 'location.path.file')) ?? null;
  const message = messageOf(raw);
  const isUnformatted = category === 'format' && !message.startsWith('Code formatting aborted');
  const url = urlOf(category);
  return place(
    {
      file,
      rule: category,
      severity: SEVERITIES[text(raw.severity) ?? ''] ?? 'info',
      message: isUnformatted ? 'Not formatted' : message,
      ...(isUnformatted ? {} : placeOf(raw)),
      ...(url === undefined ? {} : { url }),
      fixable: isUnformatted || isFixable(raw),
    },
    context,
  );
}

function messageOf({ description, message }: JsonRecord): string {
  const parts = list(message).map((part) => text(at(part, 'content')) ?? '');
  return (text(description) ?? text(message) ?? parts.join('')).trim();
}

function placeOf(raw: JsonRecord): { start?: Position | undefined; end?: Position | undefined } {
  const span = list(at(raw, 'location.span'));
  const source = text(at(raw, 'location.sourceCode'));
  if (typeof span[0] === 'number' && typeof span[1] === 'number' && source !== undefined) {
    const positionAt = bytePositions(source);
    return { start: positionAt(span[0]), end: positionAt(span[1]) };
  }
  const edge = (name: string): Position | undefined =>
    position(at(raw, `location.${name}.line`), at(raw, `location.${name}.column`));
  return { start: edge('start'), end: edge('end') };
}

function isFixable(raw: JsonRecord): boolean {
  return /\bSafe fix\b/.test(JSON.stringify(raw.advices ?? null));
}

/** `lint/style/useConst` → its page. */
function urlOf(category: string | null): string | undefined {
  const [, kind, name] = /^(lint|assist)\/\w+\/(\w+)$/.exec(category ?? '') ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const page = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `https://biomejs.dev/${kind === 'lint' ? 'linter/rules' : 'assist/actions'}/${page}/`;
}
