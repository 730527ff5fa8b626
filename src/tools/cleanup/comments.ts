import { staysAlone } from './directives.js';
import { endsLine, startsLine } from './lines.js';
import { isModuleStatement } from './module-kind.js';
import type { Comment, Node, Syntax } from './syntax.js';

/** Where a statement starts with the comments that stand right above it, without a blank line, and speak of it. */
export function attachedStart(syntax: Syntax, node: Node): number {
  const { text } = syntax;
  if (isModuleStatement(node) && headsAGroup(syntax, node)) return node.start;
  let start = node.start;
  for (const comment of [...syntax.comments()].reverse()) {
    if (comment.end > start) continue;
    const between = text.slice(comment.end, start);
    if (!/^[^\S\n]*\n?[^\S\n]*$/.test(between)) break;
    if (!startsLine(text, comment.start) || isFirstOfFile(text, comment) || staysAlone(comment)) break;
    start = comment.start;
  }
  return start;
}

/** A comment above the first of several imports speaks of them all. */
function headsAGroup({ text }: Syntax, node: Node): boolean {
  return /^[^\n]*\r?\n[^\S\n]*(?:import\b|export\b)/.test(text.slice(node.end));
}

/** The comment at the top is the licence, or says what the file is. */
function isFirstOfFile(text: string, comment: Comment): boolean {
  return text.slice(0, comment.start).replace(/^#!.*/, '').trim() === '';
}

/** The end of the comment that follows on the same line, if nothing but that comment follows; else `end`. */
export function trailingEnd(syntax: Syntax, end: number): number {
  const { text } = syntax;
  const comment = syntax.comments().find(({ start }) => start >= end);
  if (comment === undefined || !/^[ \t]*$/.test(text.slice(end, comment.start))) return end;
  return endsLine(text, comment.end) && !text.slice(comment.start, comment.end).includes('\n') ? comment.end : end;
}
