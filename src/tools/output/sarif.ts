/** SARIF 2.1.0, as many linters print it. */
import type { Diagnostic, Severity } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, place, position } from './context.js';
import { at, isRecord, type JsonRecord, list, parseJson, record, text } from './json.js';

const LEVELS: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning', note: 'info', none: 'info' };

export function parseSarif(output: string, context: OutputContext): Diagnostic[] {
  const log = parseJson(output, 'a SARIF log', context);
  const runs = at(log, 'runs');
  if (!Array.isArray(runs)) throw outputFault(context, 'a SARIF log with runs', output);
  return runs.flatMap((run) => readRun(record(run), { context, output }));
}

interface Reading {
  readonly context: OutputContext;
  readonly output: string;
}

function readRun(run: JsonRecord, reading: Reading): Diagnostic[] {
  const broken = list(run.invocations).find((call) => at(call, 'executionSuccessful') === false && !hasResults(run));
  if (broken !== undefined) throw outputFault(reading.context, 'a SARIF run that succeeded', reading.output);
  return list(run.results)
    .filter((result) => list(at(result, 'suppressions')).length === 0 && !isPassed(result))
    .map((result) => readResult(result, run, reading));
}

function hasResults(run: JsonRecord): boolean {
  return list(run.results).length > 0;
}

/** `kind` other than "fail" says that there is nothing wrong here. */
function isPassed(result: unknown): boolean {
  const kind = text(at(result, 'kind')) ?? 'fail';
  return kind !== 'fail' && kind !== 'open' && kind !== 'review';
}

function readResult(result: unknown, run: JsonRecord, { context, output }: Reading): Diagnostic {
  const rule = ruleOf(result, run);
  const id = text(at(result, 'ruleId')) ?? text(at(result, 'rule.id')) ?? text(rule.id) ?? null;
  const message = messageOf(result, rule);
  if (!isRecord(result) || message === undefined) throw outputFault(context, 'SARIF results with messages', output);
  const location = at(result, 'locations.0.physicalLocation');
  const region = record(at(location, 'region'));
  const start = position(region.startLine, region.startColumn);
  const level = text(result.level) ?? text(at(rule, 'defaultConfiguration.level')) ?? 'warning';
  return place(
    {
      file: uriOf(at(location, 'artifactLocation'), run),
      rule: id,
      severity: LEVELS[level] ?? 'warning',
      message,
      start,
      end: region.endColumn === undefined ? undefined : position(region.endLine ?? start?.line, region.endColumn),
      url: text(rule.helpUri),
      fixable: list(result.fixes).length > 0,
    },
    context,
  );
}

function ruleOf(result: unknown, run: JsonRecord): JsonRecord {
  const rules = list(at(run, 'tool.driver.rules'));
  const index = at(result, 'ruleIndex') ?? at(result, 'rule.index');
  if (typeof index === 'number' && index >= 0) return record(rules[index]);
  const id = text(at(result, 'ruleId')) ?? text(at(result, 'rule.id'));
  return record(rules.find((rule) => at(rule, 'id') === id && id !== undefined));
}

/** A message may be a template of the rule's, with `{0}` for its arguments. */
function messageOf(result: unknown, rule: JsonRecord): string | undefined {
  const own = text(at(result, 'message.text')) ?? text(at(result, 'message.markdown'));
  const id = text(at(result, 'message.id'));
  const template = own ?? (id === undefined ? undefined : text(at(record(rule.messageStrings)[id], 'text')));
  const values = list(at(result, 'message.arguments'));
  return template?.replace(/\{(\d+)\}/g, (whole, index: string) => text(values[Number(index)]) ?? whole);
}

/** The URI of an artifact, its base joined where the log gives one, percent signs decoded. */
function uriOf(artifact: unknown, run: JsonRecord): string | null {
  const listed = at(artifact, 'index');
  const uri =
    text(at(artifact, 'uri')) ??
    (typeof listed === 'number' ? text(at(run, `artifacts.${listed}.location.uri`)) : undefined);
  if (uri === undefined) return null;
  if (/^[a-z][a-z0-9+.-]+:/i.test(uri)) return uri;
  const base = text(at(record(run.originalUriBaseIds)[text(at(artifact, 'uriBaseId')) ?? ''], 'uri'));
  if (base?.startsWith('file:') === true) return `${base.replace(/\/?$/, '/')}${uri}`;
  return decode(uri);
}

function decode(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
