/** jscpd's JSON report as data of ours. */
import { compareText } from '../../model/diagnostic.js';
import { at, isRecord, list, text } from '../output/json.js';

/** A stretch of lines, 1-based, both ends included. */
export interface ClonePlace {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** Two places with the same text. `first` comes before `second` by path, then by line. */
export interface Clone {
  readonly format: string;
  readonly lines: number;
  readonly tokens: number;
  readonly first: ClonePlace;
  readonly second: ClonePlace;
}

/** Files with fewer tokens than the shortest clone are not counted. */
export interface CloneCount {
  readonly files: number;
  readonly lines: number;
  readonly duplicatedLines: number;
  /** Of the lines, 0 to 100. */
  readonly percentage: number;
  readonly clones: number;
}

export interface CloneReport {
  readonly clones: readonly Clone[];
  readonly total: CloneCount;
  /** By jscpd's name of the format: `typescript`, `tsx`. */
  readonly formats: Readonly<Record<string, CloneCount>>;
}

export const NO_CLONES: CloneReport = {
  clones: [],
  total: { files: 0, lines: 0, duplicatedLines: 0, percentage: 0, clones: 0 },
  formats: {},
};

/** null when it is not what a report looks like. `pathOf` maps an absolute path to the one that was asked for. */
export function readCloneReport(report: unknown, pathOf: (name: string) => string | null): CloneReport | null {
  const duplicates = at(report, 'duplicates');
  const total = readCount(at(report, 'statistics.total'));
  const formats = at(report, 'statistics.formats');
  if (!Array.isArray(duplicates) || total === null || !isRecord(formats)) return null;
  const clones = list(duplicates).map((duplicate) => readClone(duplicate, pathOf));
  const counts = Object.entries(formats).map(([name, count]) => [name, readCount(count)] as const);
  if (!clones.every((clone) => clone !== null) || counts.some(([, count]) => count === null)) return null;
  return {
    clones: clones.sort(compareClones),
    total,
    formats: Object.fromEntries(counts.flatMap(([name, count]) => (count === null ? [] : [[name, count]]))),
  };
}

function readClone(duplicate: unknown, pathOf: (name: string) => string | null): Clone | null {
  const one = readPlace(at(duplicate, 'firstFile'), pathOf);
  const other = readPlace(at(duplicate, 'secondFile'), pathOf);
  const lines = at(duplicate, 'lines');
  const tokens = at(duplicate, 'tokens');
  if (one === null || other === null || typeof lines !== 'number' || typeof tokens !== 'number') return null;
  const [first, second] = comparePlaces(one, other) <= 0 ? [one, other] : [other, one];
  return { format: text(at(duplicate, 'format')) ?? '', lines, tokens, first, second };
}

function readPlace(place: unknown, pathOf: (name: string) => string | null): ClonePlace | null {
  const name = text(at(place, 'name'));
  const startLine = at(place, 'start');
  const endLine = at(place, 'end');
  if (name === undefined || typeof startLine !== 'number' || typeof endLine !== 'number') return null;
  const path = pathOf(name);
  return path === null ? null : { path, startLine, endLine };
}

function readCount(count: unknown): CloneCount | null {
  const number = (name: string): number => {
    const value = at(count, name);
    return typeof value === 'number' ? value : Number.NaN;
  };
  const result = {
    files: number('sources'),
    lines: number('lines'),
    duplicatedLines: number('duplicatedLines'),
    percentage: number('percentage'),
    clones: number('clones'),
  };
  return Object.values(result).some(Number.isNaN) ? null : result;
}

function comparePlaces(a: ClonePlace, b: ClonePlace): number {
  return compareText(a.path, b.path) || a.startLine - b.startLine || a.endLine - b.endLine;
}

function compareClones(a: Clone, b: Clone): number {
  return comparePlaces(a.first, b.first) || comparePlaces(a.second, b.second) || a.tokens - b.tokens;
}
