import { blocksOf } from './comments.js';
import { applyCuts } from './cuts.js';
import { isFault, isInside } from './syntax.js';
import type { Node, Parser, Span, Syntax } from './syntax.js';

export interface Deletion {
  readonly syntax: Syntax;
  readonly cuts: readonly Span[];
  readonly removed: ReadonlySet<Node>;
}

/**
 * Proves a result: it parses, and its tree is the old tree without the removed nodes and with nothing else changed.
 * Whatever a cut might do by accident (glue two statements where a semicolon was implied, make a directive of a string,
 * take a comma too many) shows in the tree. Of the comments, each block is there whole or not at all. Returns the parsed
 * result, or null.
 */
export function prove(parser: Parser, { syntax, cuts, removed }: Deletion): Syntax | null {
  const after = parser.parse(syntax.path, applyCuts(syntax.text, cuts));
  if (isFault(after) || !isSame(syntax.program, after.program, removed)) return null;
  return keepsCommentsWhole(syntax, cuts, after) ? after : null;
}

function keepsCommentsWhole(before: Syntax, cuts: readonly Span[], after: Syntax): boolean {
  const isCut = (comment: Span): boolean => cuts.some((cut) => isInside(comment, cut));
  if (blocksOf(before).some(({ comments }) => comments.some(isCut) && !comments.every(isCut))) return false;
  const left = before.comments().filter((comment) => !isCut(comment));
  const right = after.comments();
  return left.length === right.length && left.every(({ value }, index) => value === right[index]?.value);
}

/** Not part of what a node means; `value` of a literal is in `raw`, and a regular expression is never equal to another. */
const IGNORED: ReadonlySet<string> = new Set(['start', 'end', 'range', 'loc', 'parent', 'hashbang', 'value:Literal']);

function isSame(before: unknown, after: unknown, removed: ReadonlySet<Node>): boolean {
  if (Array.isArray(before)) return Array.isArray(after) && areSame(before, after, removed);
  if (typeof before !== 'object' || before === null) return before === after;
  if (typeof after !== 'object' || after === null) return false;
  const left = before as Readonly<Record<string, unknown>>;
  const right = after as Readonly<Record<string, unknown>>;
  const suffix = typeof left.type === 'string' ? `:${left.type}` : '';
  return Object.keys(left).every(
    (key) => IGNORED.has(key) || IGNORED.has(key + suffix) || isSame(left[key], right[key], removed),
  );
}

function areSame(before: readonly unknown[], after: readonly unknown[], removed: ReadonlySet<Node>): boolean {
  const left = before.filter((node) => !removed.has(node as Node) && !isEmptyStatement(node));
  const right = after.filter((node) => !isEmptyStatement(node));
  return left.length === right.length && left.every((node, index) => isSame(node, right[index], removed));
}

/** A lone `;` does nothing; it stays behind where it also ended the removed statement. */
function isEmptyStatement(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'type' in node && node.type === 'EmptyStatement';
}
