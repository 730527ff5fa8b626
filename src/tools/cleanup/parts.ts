import { trailingEnd } from './comments.js';
import { endsLine, isBlank, lineEnd, lineStart, startsLine } from './lines.js';
import type { Node, Span, Syntax } from './syntax.js';

/** The parts of a statement that can go one by one. */
export function partsOf(owner: Node): readonly Node[] {
  if (owner.type === 'ImportDeclaration') return owner.specifiers;
  return owner.type === 'VariableDeclaration' ? owner.declarations : [owner];
}

/** Takes some of the parts out, but not all of them. */
export function cutParts(syntax: Syntax, owner: Node, removed: ReadonlySet<Node>): Span[] {
  const parts = partsOf(owner);
  if (owner.type !== 'ImportDeclaration') return cutItems(syntax, parts, removed);
  const named = parts.filter(({ type }) => type === 'ImportSpecifier');
  const [first] = parts;
  const keepsDefault = first?.type === 'ImportDefaultSpecifier' && !removed.has(first);
  const rest = parts.filter(({ type }) => type !== 'ImportDefaultSpecifier');
  if (keepsDefault && rest.every((part) => removed.has(part))) return [cutBehindDefault(syntax, first, rest)];
  const cuts = cutItems(syntax, named, removed);
  if (first?.type === 'ImportDefaultSpecifier' && removed.has(first))
    cuts.push({ start: first.start, end: afterComma(syntax, first.end) });
  return cuts;
}

/** `a, { b }` becomes `a`; `a, * as b` too. */
function cutBehindDefault(syntax: Syntax, first: Node, rest: readonly Node[]): Span {
  const last = rest.at(-1) ?? first;
  if (last.type !== 'ImportSpecifier') return { start: first.end, end: last.end };
  const brace = skipTrivia(syntax, pastComma(syntax, last.end));
  return { start: first.end, end: brace + 1 };
}

/** Items of a list with commas between them. */
function cutItems(syntax: Syntax, items: readonly Node[], removed: ReadonlySet<Node>): Span[] {
  const lastKept = items.findLastIndex((item) => !removed.has(item));
  const kept = items[lastKept];
  const inside = items.slice(0, Math.max(lastKept, 0)).filter((item) => removed.has(item));
  const cuts = inside.map((item) => cutItem(syntax, item));
  return kept === undefined ? cuts : [...cuts, ...cutTail(syntax, kept, items.slice(lastKept + 1))];
}

/** All items behind the last one that is kept. */
function cutTail(syntax: Syntax, kept: Node, tail: readonly Node[]): Span[] {
  const { text } = syntax;
  const [first] = tail;
  const last = tail.at(-1);
  if (first === undefined || last === undefined) return [];
  const closed = hasCommaAfter(syntax, last);
  const end = pastComma(syntax, last.end);
  const lastLine = trailingEnd(syntax, end);
  const comma = skipTrivia(syntax, kept.end);
  if (startsLine(text, first.start) && endsLine(text, lastLine)) {
    const lines = { start: lineStart(text, first.start), end: lineEnd(text, lastLine) };
    return closed ? [lines] : [{ start: comma, end: comma + 1 }, lines];
  }
  if (closed) return [{ start: comma + 1, end }];
  const onlyBlanks = isBlank(text.slice(kept.end, comma)) && isBlank(text.slice(comma + 1, first.start));
  return onlyBlanks
    ? [{ start: kept.end, end }]
    : [
        { start: comma, end: comma + 1 },
        { start: spacesBefore(text, first.start), end },
      ];
}

/** An item that is followed by a comma and another item. */
function cutItem(syntax: Syntax, item: Node): Span {
  const { text } = syntax;
  const comma = pastComma(syntax, item.end);
  const end = trailingEnd(syntax, comma);
  if (startsLine(text, item.start) && endsLine(text, end))
    return { start: lineStart(text, item.start), end: lineEnd(text, end) };
  const from = spacesBefore(text, item.start);
  if (endsLine(text, end) && text[from - 1] === ',') return { start: from, end: comma };
  return { start: item.start, end: skipTrivia(syntax, comma) };
}

function spacesBefore(text: string, offset: number): number {
  let at = offset;
  while (/[ \t]/.test(text[at - 1] ?? '')) at--;
  return at;
}

function hasCommaAfter(syntax: Syntax, item: Node): boolean {
  return syntax.text[skipTrivia(syntax, item.end)] === ',';
}

/** After the comma that follows, or where it was, when none does. */
function pastComma(syntax: Syntax, offset: number): number {
  const at = skipTrivia(syntax, offset);
  return syntax.text[at] === ',' ? at + 1 : offset;
}

/** The start of what stands behind the comma. */
function afterComma(syntax: Syntax, offset: number): number {
  return skipTrivia(syntax, pastComma(syntax, offset));
}

/** The first offset from `offset` on that holds neither blank nor comment. */
function skipTrivia(syntax: Syntax, offset: number): number {
  const comments = syntax.comments();
  let at = offset;
  for (;;) {
    while (/\s/.test(syntax.text[at] ?? '')) at++;
    const comment = comments.find(({ start }) => start === at);
    if (comment === undefined) return at;
    at = comment.end;
  }
}
