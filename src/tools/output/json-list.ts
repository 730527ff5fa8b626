/** Tools that print their findings as one JSON list differ in names only: those are data here. */
import type { Diagnostic, Severity } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, place, position } from './context.js';
import { at, isRecord, list, parseJson, record, text } from './json.js';

/** Paths into one item, such as `location.row`. */
export interface JsonListFormat {
  /** Path to the list; absent when the whole output is one. */
  readonly list?: string;
  /** The tool prints `null` where there is nothing to list. */
  readonly nullable?: boolean;
  readonly file: string;
  readonly line: string;
  readonly column?: string;
  /** 0 when the tool counts columns from zero. */
  readonly columnBase?: 0 | 1;
  readonly endLine?: string;
  readonly endColumn?: string;
  readonly message: string;
  /** More words, in brackets after the message. */
  readonly detail?: string;
  readonly rule: string;
  /** Before a rule that is only a number. */
  readonly rulePrefix?: string;
  /** Path and its words; absent: everything is an error, as the tool's exit code says. */
  readonly severity?: { readonly path: string; readonly words: Readonly<Record<string, Severity>> };
  readonly url?: string | ((item: unknown) => string | undefined);
  /** Path of what the tool would do about it. */
  readonly fix?: string;
}

export function jsonListParser(format: JsonListFormat, expected: string) {
  return (output: string, context: OutputContext): Diagnostic[] => {
    const whole = parseJson(output, expected, context);
    const items = format.list === undefined ? whole : at(whole, format.list);
    if (items === null && format.nullable === true && (format.list === undefined || isRecord(whole))) return [];
    if (!Array.isArray(items)) throw outputFault(context, expected, output);
    return items.map((item: unknown) => {
      const found = readItem(item, format, context);
      if (found === null) throw outputFault(context, `${expected}, each with file and message`, output);
      return found;
    });
  };
}

function readItem(item: unknown, format: JsonListFormat, context: OutputContext): Diagnostic | null {
  const pick = (path: string | undefined): unknown => (path === undefined ? undefined : at(item, path));
  const file = text(pick(format.file));
  const message = text(pick(format.message));
  if (file === undefined || message === undefined) return null;
  const base = format.columnBase ?? 1;
  return place(
    {
      file,
      rule: ruleOf(pick(format.rule), format),
      severity: severityOf(item, format),
      message: withDetail(message, text(pick(format.detail))),
      start: position(pick(format.line), pick(format.column), base),
      end:
        pick(format.endColumn) === undefined
          ? undefined
          : position(pick(format.endLine ?? format.line), pick(format.endColumn), base),
      url: typeof format.url === 'function' ? format.url(item) : text(pick(format.url)),
      fixable: isThere(pick(format.fix)),
    },
    context,
  );
}

function ruleOf(value: unknown, format: JsonListFormat): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return value === '' ? null : `${format.rulePrefix ?? ''}${value}`;
}

function severityOf(item: unknown, { severity }: JsonListFormat): Severity {
  if (severity === undefined) return 'error';
  return severity.words[text(at(item, severity.path)) ?? ''] ?? 'error';
}

function withDetail(message: string, detail: string | undefined): string {
  return detail === undefined || detail === '' ? message : `${message} [${detail}]`;
}

function isThere(fix: unknown): boolean {
  return fix !== undefined && fix !== null && (list(fix).length > 0 || Object.keys(record(fix)).length > 0);
}
