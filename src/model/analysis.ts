/** What `analyze` measures in a workspace, and what follows from it together with a run's findings. */
import { type Diagnostic, compareText } from './diagnostic.js';

export interface FunctionFacts {
  readonly path: string;
  readonly name: string;
  readonly line: number;
  /** Cyclomatic (McCabe). */
  readonly complexity: number;
  /** Cognitive (Campbell, SonarSource): how hard it is to follow. */
  readonly cognitive: number;
}

export interface FileFacts {
  readonly path: string;
  readonly lines: number;
  /** Of all its functions. */
  readonly complexity: number;
  readonly cognitive: number;
  /** Commits of the last year that touched it. */
  readonly changes: number;
  /** Lines of it that stand elsewhere as well. */
  readonly duplicated: number;
  /** The function that is hardest to follow. */
  readonly worst: Pick<FunctionFacts, 'name' | 'line' | 'cognitive'> | null;
}

/** As a log has it: facts, largest first where there are too many for all of them. Sizes in bytes. */
export interface Measures {
  readonly languages: readonly {
    readonly language: string;
    readonly files: number;
    readonly bytes: number;
    readonly lines: number;
  }[];
  readonly folders: readonly { readonly folder: string; readonly files: number; readonly lines: number }[];
  readonly functions: readonly FunctionFacts[];
  readonly files: readonly FileFacts[];
  readonly totals: {
    readonly files: number;
    readonly lines: number;
    readonly bytes: number;
    readonly functions: number;
    readonly complexity: number;
    readonly cognitive: number;
  };
  readonly duplication: { readonly clones: number; readonly lines: number; readonly percentage: number } | null;
}

/** A file that would repay work, and why. */
export interface Repaying {
  readonly path: string;
  readonly reasons: readonly string[];
}

export interface Analysis extends Omit<Measures, 'files' | 'folders'> {
  readonly largest: readonly Pick<FileFacts, 'path' | 'lines'>[];
  /** Often changed and complex. */
  readonly hotSpots: readonly (Pick<FileFacts, 'path' | 'changes' | 'complexity' | 'cognitive'> & {
    readonly findings: number;
  })[];
  /** Findings for each 1000 lines; null where the run looked for none. */
  readonly density: {
    readonly all: number;
    readonly folders: readonly { readonly folder: string; readonly findings: number; readonly perThousand: number }[];
  } | null;
  readonly repaying: readonly Repaying[];
}

const MOST = 10;

/** `findings`: null where the run looked for none. */
export function analysisOf({ files, folders, ...rest }: Measures, findings: readonly Diagnostic[] | null): Analysis {
  // Lines that stand twice are counted for themselves.
  const others = findings?.filter(({ rule }) => rule !== 'duplicate') ?? null;
  const found = countBy(others ?? [], ({ path }) => path ?? '');
  const numberOf = (path: string): number => found.get(path) ?? 0;
  return {
    ...rest,
    largest: most(files, ({ lines }) => lines).map(({ path, lines }) => ({ path, lines })),
    hotSpots: most(files, ({ changes, complexity }) => changes * complexity).map(
      ({ path, changes, complexity, cognitive }) => ({
        path,
        changes,
        complexity,
        cognitive,
        findings: numberOf(path),
      }),
    ),
    density: others === null ? null : densityOf({ folders, totals: rest.totals }, others),
    repaying: repayingIn(files, numberOf),
  };
}

/** The greatest first, without those that have nothing of it. */
function most<T extends { readonly path: string }>(items: readonly T[], weightOf: (item: T) => number): readonly T[] {
  return items
    .filter((item) => weightOf(item) > 0)
    .sort((a, b) => weightOf(b) - weightOf(a) || compareText(a.path, b.path))
    .slice(0, MOST);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

function densityOf(
  { folders, totals }: Pick<Measures, 'folders' | 'totals'>,
  findings: readonly Diagnostic[],
): Analysis['density'] {
  const inFolder = countBy(findings, ({ path }) => (path === null ? '' : folderOf(path)));
  const dense = folders.map(({ folder, lines }) => {
    const number = inFolder.get(folder) ?? 0;
    return { path: folder, folder, findings: number, perThousand: perThousand(number, lines) };
  });
  return {
    all: perThousand(findings.length, totals.lines),
    folders: most(dense, (one) => one.perThousand).map(({ folder, findings: number, perThousand: share }) => ({
      folder,
      findings: number,
      perThousand: share,
    })),
  };
}

function perThousand(findings: number, lines: number): number {
  return lines === 0 ? 0 : Math.round((10_000 * findings) / lines) / 10;
}

/** The first two folders of a path: deep enough to tell packages apart. */
export function folderOf(path: string): string {
  return path.split('/').slice(0, -1).slice(0, 2).join('/');
}

/** So many lines that stand twice weigh as much as one point of cognitive complexity, or one finding half of it. */
const LINES_OF_A_POINT = 5;
const POINTS_OF_A_FINDING = 2;

/**
 * What makes a file hard to work in is paid at each change: both are multiplied. Of the former it is the square root, or
 * one giant that is hardly touched would hide all else. Where git tells of no change at all, it decides alone.
 */
function repayingIn(files: readonly FileFacts[], findingsIn: (path: string) => number): readonly Repaying[] {
  const isOld = files.every(({ changes }) => changes === 0);
  const hardness = ({ path, cognitive, duplicated }: FileFacts): number =>
    cognitive + duplicated / LINES_OF_A_POINT + findingsIn(path) * POINTS_OF_A_FINDING;
  return most(files, (file) => Math.sqrt(hardness(file)) * (isOld ? 1 : file.changes)).map((file) => ({
    path: file.path,
    reasons: reasonsFor(file, findingsIn(file.path)),
  }));
}

/** Below these a figure says nothing against a file. */
const TELLING = { cognitive: 15, duplicated: 6 } as const;

function reasonsFor({ changes, cognitive, duplicated, lines, worst }: FileFacts, findings: number): readonly string[] {
  const hardest =
    worst === null || worst.cognitive < TELLING.cognitive ? '' : `, ${worst.name} alone ${String(worst.cognitive)}`;
  return [
    ...(changes === 0 ? [] : [`changed in ${counted(changes, 'commit')} of the last year`]),
    ...(cognitive === 0 ? [] : [`cognitive complexity ${String(cognitive)}${hardest}`]),
    ...(duplicated < TELLING.duplicated ? [] : [`${String(duplicated)} of its ${counted(lines, 'line')} stand twice`]),
    ...(findings === 0 ? [] : [counted(findings, 'finding')]),
  ];
}

function counted(number: number, what: string): string {
  return `${String(number)} ${what}${number === 1 ? '' : 's'}`;
}
