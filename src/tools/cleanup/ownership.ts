import { blocksAbove, blocksAboveItem, blocksAfter, blocksBehind, blocksOf, isApart, skipTrivia } from './comments.js';
import type { CommentBlock } from './comments.js';
import { lineEnd, lineStart, skipBlanks, startsLine } from './lines.js';
import { isInside } from './syntax.js';
import type { Parser, Span, Syntax } from './syntax.js';
import { isBanner, isCommentedOut, isLabel, mentions, textOf } from './wording.js';

/*
 * Which comments go when code goes. A block of comments (a block comment, or `//` lines right below each other) is kept
 * whole or removed whole; each removal is proven to have done so (proof.ts).
 *
 * A block belongs to the statement, member or list item that it stands right above, without a blank line between, or
 * behind on the same line. One that belongs to an unused import keeps it where it is, and so does one that says of
 * anything unused that it is so on purpose (holds.ts). Any other goes with what it belongs to.
 *
 * What does not belong to the code beside it, and stays: a comment apart, and the one that opens the file; what speaks
 * to a tool, and licences; banners, commented-out code, and a short label above a paragraph of which a part is left.
 */

export interface Source {
  readonly parser: Parser;
  readonly syntax: Syntax;
}

/** Something that goes, or may go, with the names that it makes. */
export interface Leaving extends Span {
  readonly names: readonly string[];
}

/** The blocks of a statement or member; `removed` is all that goes with it. */
export function ownBlocks(source: Source, leaving: Leaving, removed: readonly Span[] = []): CommentBlock[] {
  const above = ownAbove(source, blocksAbove(source.syntax, leaving.start), leaving, removed);
  const start = Math.min(leaving.start, ...above.map((block) => block.start));
  // On a line that it shares with something before it, a comment at the end may speak of that.
  if (!startsLine(source.syntax.text, start)) return above;
  return [...above, ...blocksBehind(source.syntax, leaving.end).filter((block) => !isApart(block))];
}

/** The blocks of an item of a list with commas. */
export function ownItemBlocks(source: Source, leaving: Leaving, removed: readonly Span[] = []): CommentBlock[] {
  const { syntax } = source;
  const above = ownAbove(source, blocksAboveItem(syntax, leaving.start), leaving, removed);
  const comma = skipTrivia(syntax, leaving.end);
  if (syntax.text[comma] !== ',') return [...above, ...behindLast(syntax, leaving).filter(belongs)];
  const before = blocksOf(syntax).filter(({ start, end }) => leaving.end <= start && end <= comma);
  return [...above, ...[...before, ...blocksBehind(syntax, comma + 1)].filter(belongs)];
}

/** On one line with the rest of a statement, a comment at the end of it speaks of the statement. */
function behindLast(syntax: Syntax, { start, end }: Span): CommentBlock[] {
  const blocks = blocksAfter(syntax, end);
  const { text } = syntax;
  const isAlone = /^[\s,]*$/.test(text.slice(lineStart(text, start), start)) || text[skipTrivia(syntax, end)] === '}';
  return isAlone ? blocks : [];
}

function belongs(block: CommentBlock): boolean {
  return !isApart(block);
}

/** From the nearest up to the first that speaks of something else; what speaks to a tool does not hide what is above. */
function ownAbove(
  source: Source,
  blocks: readonly CommentBlock[],
  leaving: Leaving,
  removed: readonly Span[],
): CommentBlock[] {
  const near = blocks.filter(belongs);
  const other = near.findIndex((block) => isAboutOther(source, block, leaving, removed));
  return other < 0 ? near : near.slice(0, other);
}

function isAboutOther(
  { parser, syntax }: Source,
  block: CommentBlock,
  leaving: Leaving,
  removed: readonly Span[],
): boolean {
  if (isBanner(block) || isCommentedOut(parser, syntax.path, textOf(block))) return true;
  const isOnLineOfItsOwn = syntax.text.slice(block.end, leaving.start).includes('\n');
  if (!isOnLineOfItsOwn || !isLabel(block) || mentions(textOf(block), leaving.names)) return false;
  return goesOn(syntax, leaving.end, removed);
}

/** Does the paragraph go on, on the line below, with something that stays? */
function goesOn(syntax: Syntax, end: number, removed: readonly Span[]): boolean {
  const { text } = syntax;
  let at = end;
  for (;;) {
    const line = lineEnd(text, blocksBehind(syntax, at).at(-1)?.end ?? at);
    const next = skipBlanks(text, line);
    if (/^$|[\s/})\]]/.test(text[next] ?? '')) return false;
    const gone = removed.find((span) => isInside({ start: next, end: next + 1 }, span));
    if (gone === undefined) return true;
    at = gone.end;
  }
}
