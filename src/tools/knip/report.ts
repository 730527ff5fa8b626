/** knip's JSON report as findings. */
import type { Diagnostic } from '../../model/diagnostic.js';
import { type OutputContext, outputFault, place, position } from '../output/context.js';
import { type JsonRecord, isRecord, list, text } from '../output/json.js';

const MESSAGES: Readonly<Record<string, (name: string) => string>> = {
  files: () => 'Unused file',
  dependencies: (name) => `Unused dependency ${name}`,
  devDependencies: (name) => `Unused devDependency ${name}`,
  optionalPeerDependencies: (name) => `Optional peer dependency ${name} is referenced`,
  unlisted: (name) => `Unlisted dependency ${name}`,
  binaries: (name) => `Unlisted binary ${name}`,
  unresolved: (name) => `Unresolved import ${name}`,
  exports: (name) => `Unused export ${name}`,
  nsExports: (name) => `Unused export ${name} in a used namespace`,
  types: (name) => `Unused exported type ${name}`,
  nsTypes: (name) => `Unused exported type ${name} in a used namespace`,
  enumMembers: (name) => `Unused enum member ${name}`,
  classMembers: (name) => `Unused class member ${name}`,
  namespaceMembers: (name) => `Unused namespace member ${name}`,
  duplicates: (name) => `Exported more than once: ${name}`,
  cycles: (name) => `Circular import: ${name}`,
  catalog: (name) => `Unused catalog entry ${name}`,
  catalogReferences: (name) => `Unresolved catalog reference ${name}`,
};

/** Columns of a row that are no kinds of findings. */
const NO_KINDS = new Set(['file', 'owners']);

/** Project code that knip loads may print as well: the report is the last line that looks like one. */
export function parseKnipReport(output: string, context: OutputContext, severityOf: SeverityOf): Diagnostic[] {
  const report = output
    .split('\n')
    .reverse()
    .map(asReport)
    .find((found) => found !== null);
  if (report === undefined) throw outputFault(context, 'a JSON report', output);
  const files = list(report.files).flatMap((file) => text(file) ?? []);
  return [
    ...files.map((file) => finding({ file, kind: 'files', name: file }, context, severityOf)),
    ...list(report.issues).flatMap((row) => readRow(row, context, severityOf)),
  ];
}

export type SeverityOf = (kind: string) => Diagnostic['severity'];

function asReport(line: string): JsonRecord | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && Array.isArray(value.issues) ? value : null;
  } catch {
    return null;
  }
}

function readRow(row: unknown, context: OutputContext, severityOf: SeverityOf): Diagnostic[] {
  const file = isRecord(row) ? text(row.file) : undefined;
  if (!isRecord(row) || file === undefined) throw outputFault(context, 'rows with a file', JSON.stringify(row));
  return Object.entries(row)
    .filter(([kind]) => !NO_KINDS.has(kind))
    .flatMap(([kind, entries]) =>
      issuesOf(entries).map((issue) => finding({ ...issue, file, kind }, context, severityOf)),
    );
}

interface Issue {
  readonly name: string;
  readonly line?: unknown;
  readonly column?: unknown;
}

/** A list of issues, a list of lists that belong together, or (before version 6) lists by the name of an enum or class. */
function issuesOf(entries: unknown): Issue[] {
  if (isRecord(entries)) {
    return Object.entries(entries).flatMap(([owner, members]) =>
      issuesOf(members).map((issue) => ({ ...issue, name: `${owner}.${issue.name}` })),
    );
  }
  return list(entries).flatMap((entry) => {
    if (Array.isArray(entry)) return joined(issuesOf(entry));
    const name = isRecord(entry) ? text(entry.name) : undefined;
    return isRecord(entry) && name !== undefined ? [{ name, line: entry.line, column: entry.col }] : [];
  });
}

function joined(issues: readonly Issue[]): Issue[] {
  const [first] = issues;
  return first === undefined ? [] : [{ ...first, name: issues.map(({ name }) => name).join(', ') }];
}

function finding(
  issue: Issue & { readonly file: string; readonly kind: string },
  context: OutputContext,
  severityOf: SeverityOf,
): Diagnostic {
  const { file, kind, name } = issue;
  const message = MESSAGES[kind]?.(name) ?? `${kind}: ${name}`;
  const start = position(issue.line, issue.column);
  return place({ file, rule: kind, severity: severityOf(kind), message, start }, context);
}
