/** Comments that belong to a declaration: none may be lost that says something else. */
import type { Candidate } from './candidates.js';
import type { Comment, Module } from './module.js';

/** Finds the comments of a declaration: right above it, inside, and behind it on its last line. */
export type Docs = (module: Module, candidate: Candidate) => DeclarationText;

export interface DeclarationText {
  /** Where the declaration begins and ends with its comments. */
  readonly start: number;
  readonly end: number;
  readonly comments: readonly Comment[];
  /** Other code stands on its first or last line. */
  readonly isCrowded: boolean;
}

export function findDocs(module: Module, { statement }: Candidate): DeclarationText {
  const { text } = module.source;
  let start = statement.start;
  const above: Comment[] = [];
  for (const comment of [...module.comments].reverse()) {
    if (comment.end > start) continue;
    if (!/^[^\S\r\n]*(?:\r?\n)?[^\S\r\n]*$/.test(text.slice(comment.end, start))) break;
    if (!isFirstOnLine(text, comment.start)) break;
    above.unshift(comment);
    start = comment.start;
  }
  const lineEnd = endOfLine(text, statement.end);
  const behind = module.comments.filter((comment) => comment.start >= statement.end && comment.end <= lineEnd);
  const rest = behind.reduce(
    (left, { start: from, end }) => left.replace(text.slice(from, end), ''),
    text.slice(statement.end, lineEnd),
  );
  const inside = module.comments.filter((comment) => comment.start >= statement.start && comment.end <= statement.end);
  return {
    start,
    end: lineEnd,
    comments: [...above, ...inside, ...behind],
    isCrowded: rest.trim() !== '' || !isFirstOnLine(text, start),
  };
}

function isFirstOnLine(text: string, offset: number): boolean {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return (
    text
      .slice(lineStart, offset)
      .replace(/^\uFEFF/, '')
      .trim() === ''
  );
}

function endOfLine(text: string, offset: number): number {
  const end = text.slice(offset).search(/\r?\n/);
  return end < 0 ? text.length : offset + end;
}

/** Comments that tools obey: they concern their place, not the declaration. */
const PRAGMA =
  /eslint|@ts-|prettier|istanbul|\bc8\b|\bv8\b|biome|oxlint|webpack|@vite|[#@]__|tslint|rollup|cspell|@internal|@public|@license|@preserve|^!|#(?:end)?region/i;

export function commentsFit(
  docs: Docs,
  { from, to, one, other }: { from: Module; to: Module; one: Candidate; other: Candidate },
): string | null {
  const going = docs(from, one);
  const staying = docs(to, other);
  if (going.isCrowded || staying.isCrowded) return `${one.name} shares a line with other code`;
  if ([...going.comments, ...staying.comments].some(({ value }) => PRAGMA.test(value.trim())))
    return `a comment of ${one.name} speaks to a tool`;
  const kept = new Set(staying.comments.map(({ value }) => plain(value)));
  return going.comments.every(({ value }) => kept.has(plain(value))) ? null : `a comment of ${one.name} would be lost`;
}

function plain(comment: string): string {
  return comment.replace(/[\s*]+/g, ' ').trim();
}
