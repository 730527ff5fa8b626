/** SARIF 2.1.0, within what GitHub's code scanning takes. */
import type { Diagnostic, Severity } from '../model/diagnostic.js';
import { readable, uriOf } from './characters.js';
import type { Format, Place, RunRecord } from './format.js';
import { type Problem, problemsOf, ruleIdOf } from './problems.js';
import { createFixer } from './sarif-fixes.js';

/** More results, or more places of one, make GitHub refuse the whole file, or pass over what comes last. */
const MOST_RESULTS = 25_000;
const MOST_PLACES = 100;
const BASE = '%SRCROOT%';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;
const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

export const sarif: Format = async (record) => {
  // GitHub shows the worst 5,000; where not all fit, the worst are kept here as well.
  const problems = [...problemsOf(record.state)]
    .sort((a, b) => RANKS[a.finding.severity] - RANKS[b.finding.severity])
    .slice(0, MOST_RESULTS);
  const rules = rulesOf(problems);
  const fixesOf = createFixer(record);
  const results: object[] = [];
  for (const problem of problems) results.push(resultOf(problem, { record, rules, fixes: await fixesOf(problem) }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [runOf(record, { rules: [...rules.values()].map(({ rule }) => rule), results })],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
};

interface Filled {
  readonly rules: readonly object[];
  readonly results: readonly object[];
}

function runOf({ state, report, place }: RunRecord, { rules, results }: Filled): object {
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
        toolExecutionNotifications: report.failures.map(({ kind, message, path }) => ({
          level: 'error',
          descriptor: { id: kind },
          message: { text: textOf(message) },
          ...(path === undefined ? {} : { locations: [placeOf(path, undefined, place)] }),
        })),
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

function resultOf({ finding, fingerprint }: Problem, { record: { place }, rules, fixes }: ResultParts): object {
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
  };
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
