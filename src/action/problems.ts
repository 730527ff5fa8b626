/** What is new among the findings of a run, as its SARIF report has them: a format that every version writes alike. */

export interface Problem {
  readonly level: 'error' | 'warning' | 'note';
  /** `eslint/no-undef` */
  readonly rule: string;
  readonly message: string;
  /** From the top of the repository. */
  readonly path: string | null;
  readonly startLine?: number;
  readonly startColumn?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

interface Sarif {
  readonly runs?: readonly { readonly results?: readonly SarifResult[] }[];
}

interface SarifResult {
  readonly level?: string;
  readonly ruleId?: string;
  readonly message?: { readonly text?: string };
  readonly fixes?: readonly unknown[];
  /** `unchanged`: the baseline or the base has it. */
  readonly baselineState?: string;
  readonly locations?: readonly {
    readonly physicalLocation?: {
      readonly artifactLocation?: { readonly uri?: string };
      readonly region?: Partial<Record<(typeof REGION)[number], number>>;
    };
  }[];
}

const REGION = ['startLine', 'startColumn', 'endLine', 'endColumn'] as const;

/** Worst first; null when it is no SARIF. */
export function problemsIn(log: unknown): readonly Problem[] | null {
  const results = (log as Sarif | null)?.runs?.[0]?.results;
  if (!Array.isArray(results)) return null;
  return (results as readonly SarifResult[])
    .filter(({ baselineState }) => baselineState !== 'unchanged')
    .map((result) => ({ problem: problemOf(result), rank: rankOf(result) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ problem }) => problem);
}

function problemOf({ level, ruleId, message, locations }: SarifResult): Problem {
  const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
  return {
    level: levelOf(level),
    rule: ruleId ?? 'quality',
    message: message?.text ?? '',
    path: artifactLocation?.uri === undefined ? null : decodeURIComponent(artifactLocation.uri),
    ...Object.fromEntries(REGION.flatMap((name) => (region?.[name] === undefined ? [] : [[name, region[name]]]))),
  };
}

function levelOf(level: string | undefined): Problem['level'] {
  return level === 'error' || level === 'note' ? level : 'warning';
}

const LEVELS = ['error', 'warning', 'note'] as const;

/** Within a level: what kept the run from its work, then what somebody has to think about, then what a run mends. */
function rankOf({ level, ruleId = '', fixes = [] }: SarifResult): number {
  const mended = ruleId === 'quality/would-change' || fixes.length > 0;
  const within = mended ? 2 : ruleId.startsWith('quality/') ? 0 : 1;
  return LEVELS.indexOf(levelOf(level)) * 3 + within;
}
