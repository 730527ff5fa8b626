import type { Removal } from './candidates.js';
import { attachedStart, trailingEnd } from './comments.js';
import { endsLine, isBlank, lineEnd, lineStart, startsLine } from './lines.js';
import { cutParts, partsOf } from './parts.js';
import type { Node, Span, Syntax } from './syntax.js';

/** The stretches of text to delete so that these nodes are gone and nothing else is; sorted, apart from each other. */
export function cutsFor(syntax: Syntax, removals: readonly Removal[]): Span[] {
  const { text } = syntax;
  const spans: Span[] = [];
  for (const [owner, nodes] of byOwner(removals)) {
    if (isGone(owner, nodes)) spans.push(cutWhole(syntax, owner));
    else spans.push(...cutParts(syntax, owner, nodes));
  }
  return merge(merge(spans).map((span) => withBlankLines(text, span)));
}

/** Every node of the tree that is missing afterwards: owners that lose all their parts stand for them. */
export function removedNodes(removals: readonly Removal[]): ReadonlySet<Node> {
  const removed = new Set<Node>();
  for (const [owner, nodes] of byOwner(removals)) {
    if (isGone(owner, nodes)) removed.add(owner);
    for (const node of nodes) removed.add(node);
  }
  return removed;
}

function isGone(owner: Node, nodes: ReadonlySet<Node>): boolean {
  return nodes.has(owner) || partsOf(owner).every((part) => nodes.has(part));
}

function byOwner(removals: readonly Removal[]): Map<Node, Set<Node>> {
  const groups = new Map<Node, Set<Node>>();
  for (const { owner, node } of removals) {
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, new Set([node]));
    else group.add(node);
  }
  return groups;
}

/** A statement or member: its whole lines with the comments that belong to it, or only itself on a shared line. */
function cutWhole(syntax: Syntax, node: Node): Span {
  const { text } = syntax;
  const nodeEnd = endOf(text, node);
  const end = trailingEnd(syntax, nodeEnd);
  if (!startsLine(text, node.start)) return cutInline(text, node.start, nodeEnd);
  if (!endsLine(text, end)) return { start: node.start, end: skipSpaces(text, nodeEnd) };
  return { start: lineStart(text, attachedStart(syntax, node)), end: lineEnd(text, end) };
}

/** In a style without semicolons, the `;` that opens the next line is read as the end of this statement. */
function endOf(text: string, node: Node): number {
  const withoutSemicolon = text.slice(node.start, node.end).replace(/\s*\n\s*;$/, '');
  return node.start + withoutSemicolon.length;
}

function cutInline(text: string, start: number, end: number): Span {
  if (!endsLine(text, end)) return { start, end: skipSpaces(text, end) };
  let from = start;
  while (/[ \t]/.test(text[from - 1] ?? '')) from--;
  return { start: from, end };
}

function skipSpaces(text: string, offset: number): number {
  let at = offset;
  while (/[ \t]/.test(text[at] ?? '')) at++;
  return at;
}

export function merge(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}

/** Where whole lines go, no double blank line stays behind, and none at the edge of a block or of the file. */
function withBlankLines(text: string, span: Span): Span {
  if (lineStart(text, span.start) !== span.start || lineStart(text, span.end) !== span.end) return span;
  const before = text.slice(0, span.start).trimEnd();
  const blankBefore = before === '' || before.endsWith('{') || isBlank(lineBefore(text, span.start));
  let { start, end } = span;
  if (blankBefore) while (end < text.length && isBlank(text.slice(end, lineEnd(text, end)))) end = lineEnd(text, end);
  const next = text.slice(end, lineEnd(text, end)).trim();
  if (next === '' || next.startsWith('}'))
    while (start > 0 && isBlank(lineBefore(text, start))) start = lineStart(text, start - 1);
  return { start, end };
}

/** The line that ends right before `start`; not blank at the start of the text. */
function lineBefore(text: string, start: number): string {
  return start === 0 ? '^' : text.slice(lineStart(text, start - 1), start);
}

export function applyCuts(text: string, cuts: readonly Span[]): string {
  let result = '';
  let at = 0;
  for (const { start, end } of cuts) {
    result += text.slice(at, start);
    at = end;
  }
  return result + text.slice(at);
}

/** Where an offset in the text after the cuts was before them. */
export function beforeCuts(cuts: readonly Span[], offset: number): number {
  let at = offset;
  for (const { start, end } of cuts) if (start <= at) at += end - start;
  return at;
}
