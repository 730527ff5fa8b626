import { FLAGS, type FindingRow, type PackedFinding, type Payload, type RuleRow } from '../payload.js';

export const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}') as Payload;

export interface Finding extends FindingRow {
  readonly pathText: string;
  readonly ruleRow: RuleRow;
  /** All that the search looks at, in lower case. */
  readonly haystack: string;
}

export const findings: readonly Finding[] = data.findings.map(unpack);

function unpack(packed: PackedFinding): Finding {
  const [path, rule, severity, line, column, endLine, endColumn, flags, message, ...related] = packed;
  const pathText = data.paths[path] ?? '(project)';
  const ruleRow = data.rules[rule] ?? { tool: '', rule: null, url: null };
  return {
    ...{ path, rule, severity, line, column, endLine, endColumn, message, related, pathText, ruleRow },
    fixable: (flags & FLAGS.fixable) !== 0,
    isNew: (flags & FLAGS.isNew) !== 0,
    haystack: `${pathText} ${ruleRow.tool} ${ruleRow.rule ?? ''} ${message}`.toLowerCase(),
  };
}

/** Some runs only change or measure. */
export const looked = data.report.counts.after !== null || findings.length > 0;

export const SEVERITIES = ['error', 'warning', 'note'] as const;
