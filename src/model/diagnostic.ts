export type Severity = 'error' | 'warning' | 'info';

/** 1-based line and column; the column counts UTF-16 code units, as editors and ESLint do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One finding of one tool. */
export interface Diagnostic {
  readonly tool: string;
  /** The tool's own name of the rule (`no-unused-vars`, `TS2322`); null where it has none, as for a syntax error. */
  readonly rule: string | null;
  readonly severity: Severity;
  readonly message: string;
  /** Relative to the workspace root, `/` between folders; null when the finding is of the project as a whole. */
  readonly path: string | null;
  readonly start?: Position;
  readonly end?: Position;
  readonly url?: string;
  /** The tool says that it can mend it by itself. */
  readonly fixable?: boolean;
  /** The project has accepted it for now: it is in the baseline; or the commit that the run is compared with has it. */
  readonly known?: 'baseline' | 'base';
  /** Names the enclosing declaration where the tool knows it; part of the fingerprint. */
  readonly context?: string;
  readonly related?: readonly { readonly path: string; readonly start?: Position; readonly message: string }[];
}

/** What makes two findings the same across edits: tool, rule, path, what is said and enclosing context; never the line. */
export function fingerprintOf({ tool, rule, path, message, context = '' }: Diagnostic): string {
  return JSON.stringify([tool, rule, path, senseOf(message), context]);
}

/**
 * What a message says, without what an edit somewhere else may change of it. Numbers are folded ("has 61 lines" is "has 60
 * lines" made longer, not another finding). Indented lines explain the one before them. The parts of a union of types stand
 * in the order in which the compiler has met them, and of a long type it leaves out others then: an import that is taken
 * away from another file may change both.
 */
export function senseOf(message: string): string {
  return message
    .replace(/\n[ \t][^\n]*/g, '')
    .replace(TYPE, (_, type: string) => `'${wordsOf(type).join(' ')}'`)
    .replace(/\d+/g, '#')
    .replace(/\s+/g, ' ')
    .trim();
}

/** In quotes, as TypeScript writes types: a union, or one of which something is left out. */
const TYPE = /'([^'\n]*(?: \| |\.\.\.)[^'\n]*)'/g;

/** In one order. Of a long type the compiler shows some parts only, others each time. */
function wordsOf(type: string): readonly string[] {
  return type.includes('...') ? ['…'] : type.split(/[^\w$.]+/).sort(compareText);
}

/** The findings of `after` that exceed, by fingerprint and count, those of `before`: the regressions. */
export function newDiagnostics(before: readonly Diagnostic[], after: readonly Diagnostic[]): Diagnostic[] {
  const known = new Map<string, number>();
  for (const diagnostic of before) {
    const key = fingerprintOf(diagnostic);
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  return after.filter((diagnostic) => {
    const key = fingerprintOf(diagnostic);
    const left = known.get(key) ?? 0;
    known.set(key, left - 1);
    return left <= 0;
  });
}

const SEVERITY_ORDER: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

type Key = (diagnostic: Diagnostic) => string | number;

const ORDER: readonly Key[] = [
  (d) => d.path ?? '',
  (d) => d.start?.line ?? 0,
  (d) => d.start?.column ?? 0,
  (d) => SEVERITY_ORDER[d.severity],
  (d) => d.tool,
  (d) => d.rule ?? '',
  (d) => d.message,
];

/** Stable order for people and reports: path, line, column, severity, tool, rule, message. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  for (const key of ORDER) {
    const left = key(a);
    const right = key(b);
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** By UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
