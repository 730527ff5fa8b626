/** SARIF 2.1.0, within what GitHub's code scanning takes. */
import { BASELINE_FILE } from '../model/baseline.js';
import type { Diagnostic, Severity } from '../model/diagnostic.js';
import { readable, uriOf } from './characters.js';
import type { Format, Place, RunRecord } from './format.js';
import { type Problem, problemsOf, ruleIdOf } from './problems.js';
import { createFixer } from './sarif-fixes.js';
import { MOST_PLACES, type Part, fitting } from './sarif-limits.js';

const BASE = '%SRCROOT%';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;
const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
const MOST_RANK = 3;

export const sarif: Format = (record, { tell }) => {
  // GitHub shows the worst 5,000; where not all fit, the worst are kept here as well.
  const problems = [...problemsOf(record.state, record.state.base === null ? null : 'known')].sort(
    (a, b) => rankOf(a) - rankOf(b),
  );
  return fitting(problems, (part) => logOf(record, part), tell);
};

async function logOf(record: RunRecord, { problems, hasFixes, cut }: Part): Promise<string> {
  const rules = rulesOf(problems);
  const fixesOf = hasFixes ? createFixer(record) : () => Promise.resolve([]);
  const results: object[] = [];
  for (const problem of problems) results.push(resultOf(problem, { record, rules, fixes: await fixesOf(problem) }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [runOf(record, { rules: [...rules.values()].map(({ rule }) => rule), results, cut })],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

/** New ones first. */
function rankOf({ finding: { known, severity } }: Problem): number {
  return RANKS[severity] + (known === undefined ? 0 : MOST_RANK);
}

interface Filled {
  readonly rules: readonly object[];
  readonly results: readonly object[];
  readonly cut: Part['cut'];
}

function runOf({ state, report, place }: RunRecord, { rules, results, cut }: Filled): object {
  return {
    tool: {
      driver: {
        name: 'quality',
        semanticVersion: state.version,
        rules,
      },
    },
    automationDetails: { id: `quality/${state.workflow}/` },
    invocations: [
      {
        executionSuccessful: state.end !== null && state.end.status !== 'failed' && state.end.status !== 'interrupted',
        ...(report.exitCode === null ? {} : { exitCode: report.exitCode }),
        startTimeUtc: report.startedAt,
        toolExecutionNotifications: [
          ...report.failures.map(({ kind, message, path }) => ({
            level: 'error',
            descriptor: { id: kind },
            message: { text: textOf(message) },
            ...(path === undefined ? {} : { locations: [placeOf(path, undefined, place)] }),
          })),
          ...(cut === null ? [] : [{ level: 'warning', descriptor: { id: 'cut' }, message: { text: cut } }]),
        ],
      },
    ],
    originalUriBaseIds: { [BASE]: { uri: folderUri(place.top), description: { text: 'The top of the repository' } } },
    columnKind: 'utf16CodeUnits',
    results,
  };
}

function folderUri(folder: string): string {
  const path = folder.replaceAll('\\', '/');
  return `file://${path.startsWith('/') ? '' : '/'}${uriOf(path).replace(/^([A-Za-z])%3A/, '$1:')}${path.endsWith('/') ? '' : '/'}`;
}

type Rules = ReadonlyMap<string, { readonly index: number; readonly rule: object }>;

function rulesOf(problems: readonly Problem[]): Rules {
  const rules = new Map<string, { index: number; rule: object }>();
  for (const { finding } of problems) {
    const id = ruleIdOf(finding);
    if (!rules.has(id)) rules.set(id, { index: rules.size, rule: ruleOf(id, finding) });
  }
  return rules;
}

/** The rule of a finding; what tools say of their rules besides is a link. */
function ruleOf(id: string, { tool, rule, url, severity, message }: Diagnostic): object {
  const name = rule === null ? `${tool} finding` : `${rule} (${tool})`;
  const link = url === undefined ? '' : ` ${tool} explains it at ${url}.`;
  const example = textOf(message).split('\n', 1)[0] ?? '';
  return {
    id: textOf(id),
    name: textOf(rule ?? tool),
    shortDescription: { text: textOf(name) },
    help: {
      text: `Found by ${textOf(tool)}: ${example}${link}`,
      markdown: `Found by **${textOf(tool)}**${url === undefined ? '' : `, which [explains it](${url})`}.`,
    },
    ...(url !== undefined && URL.canParse(url) ? { helpUri: url } : {}),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: [textOf(tool)] },
  };
}

interface ResultParts {
  readonly record: RunRecord;
  readonly rules: Rules;
  readonly fixes: readonly object[];
}

function resultOf({ finding, fingerprint }: Problem, { record, rules, fixes }: ResultParts): object {
  const { place, state } = record;
  const id = ruleIdOf(finding);
  const related = (finding.related ?? []).slice(0, MOST_PLACES);
  return {
    ruleId: textOf(id),
    ruleIndex: rules.get(id)?.index ?? -1,
    level: LEVELS[finding.severity],
    message: { text: textOf(finding.message) },
    locations: [placeOf(finding.path, finding, place)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one, index) => ({
            id: index + 1,
            ...placeOf(one.path, one, place),
            message: { text: textOf(one.message) },
          })),
        }),
    // The first is what GitHub tells alerts by.
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'quality/v1': fingerprint },
    ...(fixes.length === 0 ? {} : { fixes }),
    ...(state.base === null ? {} : standingOf(finding)),
  };
}

/** Against the commit that the run is compared with. */
function standingOf({ known }: Diagnostic): object {
  if (known === undefined) return { baselineState: 'new' };
  const accepted = { kind: 'external', status: 'accepted', justification: `In ${BASELINE_FILE}` };
  return { baselineState: 'unchanged', ...(known === 'baseline' ? { suppressions: [accepted] } : {}) };
}

type Range = Pick<Diagnostic, 'start' | 'end'>;

/** GitHub refuses results without a place: one of the project as a whole is pinned to a file of the project. */
function placeOf(path: string | null, range: Range | undefined, place: Place): object {
  const region = path === null ? { startLine: 1 } : regionOf(range);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(`${place.prefix}${path ?? place.anchor}`), uriBaseId: BASE },
      ...(region === null ? {} : { region }),
    },
  };
}

function regionOf(range: Range | undefined): object | null {
  if (range?.start === undefined) return { startLine: 1 };
  const { start, end } = range;
  const from = { startLine: Math.max(1, start.line), startColumn: Math.max(1, start.column) };
  const isAfter =
    end !== undefined && (end.line > start.line || (end.line === start.line && end.column > start.column));
  return isAfter ? { ...from, endLine: end.line, endColumn: Math.max(1, end.column) } : from;
}

/** SARIF wants some text. */
function textOf(text: string): string {
  return readable(text).trim() === '' ? '(no message)' : readable(text);
}
