import { skipTrivia } from './comments.js';
import { endsLine, startsLine } from './lines.js';
import { ownItemBlocks } from './ownership.js';
import type { Leaving, Source } from './ownership.js';
import type { Node, Span, Syntax } from './syntax.js';

/** Nodes to remove, each with the name that goes with it. */
export type NamedNodes = ReadonlyMap<Node, string>;

/** The parts of a statement that can go one by one. */
export function partsOf(owner: Node): readonly Node[] {
  if (owner.type === 'ImportDeclaration') return owner.specifiers;
  return owner.type === 'VariableDeclaration' ? owner.declarations : [owner];
}

/** The parts that stand in a list with commas: not what stands before the braces of an import. */
export function itemsOf(owner: Node): readonly Node[] {
  const parts = partsOf(owner);
  return owner.type === 'ImportDeclaration' ? parts.filter(({ type }) => type === 'ImportSpecifier') : parts;
}

/** Takes some of the parts out, but not all of them; blanks around them stay for later. */
export function cutParts(source: Source, owner: Node, nodes: NamedNodes, removed: readonly Span[]): Span[] {
  const { syntax } = source;
  const [first, ...rest] = partsOf(owner);
  const cutsOfItems = (): Span[] => cutItems(source, itemsOf(owner), nodes, removed);
  if (first?.type !== 'ImportDefaultSpecifier') return cutsOfItems();
  if (nodes.has(first)) return [...cutsOfItems(), { start: first.start, end: afterComma(syntax, first.end) }];
  return rest.every((part) => nodes.has(part)) ? [cutBehindDefault(syntax, first, rest)] : cutsOfItems();
}

/** `a, { b }` becomes `a`; `a, * as b` too. */
function cutBehindDefault(syntax: Syntax, first: Node, rest: readonly Node[]): Span {
  const last = rest.at(-1) ?? first;
  if (last.type !== 'ImportSpecifier') return { start: first.end, end: last.end };
  const comma = skipTrivia(syntax, last.end);
  const brace = syntax.text[comma] === ',' ? skipTrivia(syntax, comma + 1) : comma;
  return { start: first.end, end: brace + 1 };
}

/** Without a comma at the end of the list, the one in front of the items at the end goes. */
function cutItems(source: Source, items: readonly Node[], nodes: NamedNodes, removed: readonly Span[]): Span[] {
  const { syntax } = source;
  const lastKept = items.findLastIndex((item) => !nodes.has(item));
  const kept = items[lastKept];
  const last = items.at(-1);
  const cuts = items.flatMap((item) => {
    const name = nodes.get(item);
    return name === undefined ? [] : cutItem(source, { start: item.start, end: item.end, names: [name] }, removed);
  });
  if (kept === undefined || last === undefined || kept === last || commaAfter(syntax, last) !== null) return cuts;
  return [...cuts, ...[commaAfter(syntax, kept)].filter((comma) => comma !== null)];
}

/** An item with its comma and its comments. */
function cutItem(source: Source, item: Leaving, removed: readonly Span[]): Span[] {
  const comma = commaAfter(source.syntax, item);
  const end = comma === null ? [] : [joined(source.syntax, item, comma)];
  return [{ start: item.start, end: item.end }, ...ownItemBlocks(source, item, removed), ...end];
}

/** What stood on the next line moves up behind the `let` or `{` that the item leaves alone. */
function joined({ text }: Syntax, item: Span, comma: Span): Span {
  if (startsLine(text, item.start) || !endsLine(text, comma.end)) return comma;
  if (/,[ \t]*$/.test(text.slice(0, item.start))) return comma;
  return { start: comma.start, end: comma.end + (/^\s*/.exec(text.slice(comma.end))?.[0].length ?? 0) };
}

function commaAfter(syntax: Syntax, item: Span): Span | null {
  const at = skipTrivia(syntax, item.end);
  return syntax.text[at] === ',' ? { start: at, end: at + 1 } : null;
}

/** After the comma that follows and the blanks behind it. */
function afterComma(syntax: Syntax, offset: number): number {
  const comma = skipTrivia(syntax, offset);
  return comma + 1 + (/^\s*/.exec(syntax.text.slice(comma + 1))?.[0].length ?? 0);
}
