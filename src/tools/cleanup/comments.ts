import { isDirective, staysAlone } from './directives.js';
import { endsLine, isBlank, lineStart, startsLine } from './lines.js';
import type { Comment, Span, Syntax } from './syntax.js';

/** What a reader takes for one comment: a block comment, or `//` lines right below each other. */
export interface CommentBlock extends Span {
  readonly comments: readonly Comment[];
}

const found = new WeakMap<Syntax, readonly CommentBlock[]>();

/** The comment blocks of a text, in order. They are asked for again and again, and found once. */
export function blocksOf(syntax: Syntax): readonly CommentBlock[] {
  const known = found.get(syntax) ?? findBlocks(syntax);
  found.set(syntax, known);
  return known;
}

/** The `#!` line is none. */
function findBlocks({ text, comments }: Syntax): CommentBlock[] {
  const runs: [Comment, ...Comment[]][] = [];
  for (const comment of comments()) {
    if (comment.start === 0 && text.startsWith('#!')) continue;
    const run = runs.at(-1);
    if (run !== undefined && continues(text, run, comment)) run.push(comment);
    else runs.push([comment]);
  }
  return runs.map((run) => ({ start: run[0].start, end: (run.at(-1) ?? run[0]).end, comments: run }));
}

/** Behind code, `//` lines go on in the same column. */
function continues(text: string, run: readonly [Comment, ...Comment[]], comment: Comment): boolean {
  const previous = run.at(-1) ?? run[0];
  if (previous.type !== 'Line' || comment.type !== 'Line' || isDirective(previous) || isDirective(comment))
    return false;
  if (!isLineBreak(text.slice(previous.end, comment.start))) return false;
  return startsLine(text, run[0].start) || columnOf(text, run[0].start) === columnOf(text, comment.start);
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function isLineBreak(between: string): boolean {
  return /^[^\S\n]*\n[^\S\n]*$/.test(between);
}

function isOnOneLine(between: string): boolean {
  return /^[^\S\n]*$/.test(between);
}

/** Blocks that start their line, right above or on the same line, without a blank line between; the nearest first. */
export function blocksAbove(syntax: Syntax, offset: number): CommentBlock[] {
  return blocksBefore(syntax, offset, (block) => startsLine(syntax.text, block.start));
}

/** As `blocksAbove`, in a list: `a, /* of b *\/ b`. */
export function blocksAboveItem(syntax: Syntax, offset: number): CommentBlock[] {
  const { text } = syntax;
  return blocksBefore(
    syntax,
    offset,
    (block, at) => startsLine(text, block.start) || isOnOneLine(text.slice(block.end, at)),
  );
}

function blocksBefore(
  syntax: Syntax,
  offset: number,
  belongs: (block: CommentBlock, at: number) => boolean,
): CommentBlock[] {
  const { text } = syntax;
  const all = blocksOf(syntax);
  const nearest: CommentBlock[] = [];
  let at = offset;
  for (let index = all.findLastIndex(({ end }) => end <= offset); index >= 0; index--) {
    const block = all[index];
    const between = text.slice(block?.end, at);
    if (block === undefined || !(isOnOneLine(between) || isLineBreak(between)) || !belongs(block, at)) break;
    nearest.push(block);
    at = block.start;
  }
  return nearest;
}

/** Blocks that follow on the same line, whatever follows them. */
export function blocksAfter(syntax: Syntax, offset: number): CommentBlock[] {
  const nearest: CommentBlock[] = [];
  let at = offset;
  for (const block of blocksOf(syntax)) {
    if (block.start < at) continue;
    if (!isOnOneLine(syntax.text.slice(at, block.start))) break;
    nearest.push(block);
    at = block.end;
  }
  return nearest;
}

/** Blocks that follow on the same line, if nothing but them follows. */
export function blocksBehind(syntax: Syntax, offset: number): CommentBlock[] {
  const blocks = blocksAfter(syntax, offset);
  return endsLine(syntax.text, blocks.at(-1)?.end ?? offset) ? blocks : [];
}

/** Belongs to the file or to a tool: neither goes with the code beside it nor speaks of it. */
export function isApart(block: CommentBlock): boolean {
  return block.comments.some(staysAlone);
}

/** The comment at the top: the licence, or what the file is. */
export function opensFile({ text }: Syntax, block: CommentBlock): boolean {
  return isBlank(text.slice(0, block.start).replace(/^#!.*/, ''));
}

/** The first offset from `offset` on that holds neither blank nor comment. */
export function skipTrivia({ text, comments }: Syntax, offset: number): number {
  const all = comments();
  let at = offset;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++;
    const comment = all.find(({ start }) => start === at);
    if (comment === undefined) return at;
    at = comment.end;
  }
}
