/** From ESLint's messages to ours. */
import { workspacePath } from '../../host/paths.js';
import { readTextIfThere } from '../../host/disk.js';
import type { Diagnostic, Position } from '../../model/diagnostic.js';
import type { Failure } from '../../model/failure.js';
import type { ToolUse } from '../../model/tool-use.js';
import { ToolFault } from '../tool-fault.js';
import type { LintMessage, LintResult, Linter } from './load.js';
import { optionsOf } from './scope.js';

/** Counts of known violations by file and rule: `eslint-suppressions.json`. */
export type Suppressions = Readonly<Record<string, Readonly<Record<string, { readonly count: number }>>>>;

export async function readSuppressions(path: string): Promise<Suppressions> {
  const text = await readTextIfThere(path);
  if (text === null) return {};
  try {
    return JSON.parse(text) as Suppressions;
  } catch {
    throw new ToolFault('tool-config', 'eslint', 'The suppressions file of ESLint does not parse', path);
  }
}

/** Errors of a rule are suppressed when there are no more of them in the file than the suppressions file counts. */
export function withoutSuppressed(
  messages: readonly LintMessage[],
  known: Suppressions[string] | undefined,
): readonly LintMessage[] {
  if (known === undefined) return messages;
  const isViolation = (message: LintMessage): boolean => message.severity === 2 && message.ruleId !== null;
  const allowed = (rule: string): boolean => {
    const count = known[rule]?.count;
    return count !== undefined && messages.filter((one) => isViolation(one) && one.ruleId === rule).length <= count;
  };
  const rules = new Set(messages.filter(isViolation).map(({ ruleId }) => ruleId ?? ''));
  const suppressed = new Set([...rules].filter(allowed));
  return messages.filter(({ ruleId }) => ruleId === null || !suppressed.has(ruleId));
}

export function diagnosticOf(message: LintMessage, path: string, url: string | undefined): Diagnostic {
  const start = position(message.line, message.column);
  const end = position(message.endLine, message.endColumn);
  return {
    tool: 'eslint',
    rule: message.ruleId,
    severity: message.severity === 1 ? 'warning' : 'error',
    message: message.message,
    path,
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(url === undefined ? {} : { url }),
    ...(message.fix === undefined ? {} : { fixable: true }),
  };
}

function position(line: number | null | undefined, column: number | null | undefined): Position | undefined {
  if (typeof line !== 'number' || !(line > 0)) return undefined;
  return { line, column: typeof column === 'number' && column > 0 ? column : 1 };
}

/** Addresses of the rules' documentation, by rule; empty where this ESLint cannot say. */
export function ruleUrls(linter: Linter, results: readonly LintResult[]): ReadonlyMap<string, string> {
  try {
    const metas = Object.entries(linter.getRulesMetaForResults?.(results) ?? {});
    return new Map(metas.flatMap(([rule, meta]) => (meta?.docs?.url === undefined ? [] : [[rule, meta.docs.url]])));
  } catch {
    return new Map();
  }
}

/** Whatever file was looked at first: it is the use's configuration that is at fault. */
export function configFault(use: ToolUse, detail: string): ToolFault {
  const { config } = optionsOf(use);
  const more = { detail, ...(config === undefined ? {} : { path: config }) };
  return new ToolFault('tool-config', 'eslint', 'The configuration of ESLint does not load', more);
}

/** A crash on one file. */
export function crashOf(words: string, path: string): Failure {
  return { kind: 'tool-crashed', tool: 'eslint', path, message: 'ESLint crashed', detail: withoutPlace(words) };
}

/** ESLint names the file that it had come to: known where it crashes on one, chance where it crashes on all. */
export function withoutPlace(words: string): string {
  const banner = /^(?:\s*|Oops! Something went wrong! :\(|ESLint: \d+\.\d+\.\d+\S*|Occurred while linting .*)$/;
  return words
    .split('\n')
    .filter((line) => !banner.test(line))
    .join('\n');
}

/** A parse error, as a failure of the file. */
export function syntaxFailure(message: LintMessage, path: string): Failure {
  const where = message.line === undefined ? '' : ` (${message.line}:${message.column ?? 1})`;
  return { kind: 'syntax-error', tool: 'eslint', path, message: `${message.message}${where}` };
}

/** Where ESLint keeps a file in its suppressions: relative to the folder it runs in. */
export function suppressionKey(cwd: string, absolute: string): string {
  return workspacePath(cwd, absolute) ?? absolute;
}
