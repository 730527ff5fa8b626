import type { Candidate } from './candidates.js';
import { blocksOf, isApart, opensFile } from './comments.js';
import { blanksBefore, endsLine, isBlank, lineEnd, lineStart, skipBlanks, startsLine } from './lines.js';
import { ownBlocks } from './ownership.js';
import type { Source } from './ownership.js';
import { cutParts, partsOf } from './parts.js';
import type { NamedNodes } from './parts.js';
import { isInside } from './syntax.js';
import type { Node, Span } from './syntax.js';

/** The stretches of text to delete so that these things are gone and nothing else is; sorted, apart from each other. */
export function cutsFor(source: Source, candidates: readonly Candidate[]): Span[] {
  const { text } = source.syntax;
  const removed = [...removedNodes(candidates)];
  const spans = [...byOwner(candidates)].flatMap(([owner, nodes]) =>
    isGone(owner, nodes) ? cutWhole(source, owner, nodes, removed) : cutParts(source, owner, nodes, removed),
  );
  const stretches = merge([...spans, ...deadComments(source, candidates)], (start, end) =>
    isBlank(text.slice(start, end)),
  );
  return merge(merge(stretches.map((span) => tidied(text, span))).map((span) => withBlankLines(text, span)));
}

/** Every node of the tree that is missing afterwards: owners that lose all their parts stand for them. */
export function removedNodes(candidates: readonly Candidate[]): ReadonlySet<Node> {
  const removed = new Set<Node>();
  for (const [owner, nodes] of byOwner(candidates)) {
    if (isGone(owner, nodes)) removed.add(owner);
    for (const node of nodes.keys()) removed.add(node);
  }
  return removed;
}

function isGone(owner: Node, nodes: NamedNodes): boolean {
  return nodes.has(owner) || partsOf(owner).every((part) => nodes.has(part));
}

/** What each statement loses. */
function byOwner(candidates: readonly Candidate[]): ReadonlyMap<Node, NamedNodes> {
  const groups = new Map<Node, Map<Node, string>>();
  for (const { name, removals } of candidates)
    for (const { owner, node } of removals) {
      const group = groups.get(owner) ?? new Map<Node, string>();
      groups.set(owner, group.set(node, name));
    }
  return groups;
}

/** A statement or member with the comments that belong to it. */
function cutWhole(source: Source, node: Node, nodes: NamedNodes, removed: readonly Span[]): Span[] {
  const core = { start: node.start, end: endOf(source.syntax.text, node) };
  const own = ownBlocks(source, { ...core, names: [...nodes.values()] }, removed);
  return [core, ...own.filter((block) => !opensFile(source.syntax, block))];
}

/** In a style without semicolons, the `;` that opens the next line is read as the end of this statement. */
function endOf(text: string, node: Node): number {
  const withoutSemicolon = text.slice(node.start, node.end).replace(/\s*\n\s*;$/, '');
  return node.start + withoutSemicolon.length;
}

/** Comments between statements that are never reached are as dead as these. */
function deadComments({ syntax }: Source, candidates: readonly Candidate[]): Span[] {
  const regions = candidates.filter(({ rule }) => rule === 'unreachable-code').map(({ span }) => span);
  if (regions.length === 0) return [];
  return blocksOf(syntax).filter((block) => !isApart(block) && regions.some((region) => isInside(block, region)));
}

/** In order and apart from each other; those that touch, or may be joined, become one. */
function merge(spans: readonly Span[], mayJoin = (start: number, end: number): boolean => start >= end): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last !== undefined && (span.start <= last.end || mayJoin(last.end, span.start)))
      last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}

/** Takes the lines that would be left blank, or the blanks that would be left double or at the end of a line. */
function tidied(text: string, { start, end }: Span): Span {
  const fromStart = startsLine(text, start);
  const toEnd = endsLine(text, end);
  if (fromStart && toEnd) return { start: lineStart(text, start), end: lineEnd(text, end) };
  if (toEnd) return { start: blanksBefore(text, start), end };
  return fromStart || /[ \t{(]/.test(text[start - 1] ?? '') ? { start, end: skipBlanks(text, end) } : { start, end };
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
