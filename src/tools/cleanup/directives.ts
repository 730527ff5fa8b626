import type { CleanupRule } from './candidates.js';
import { lineStart } from './lines.js';
import type { Comment, Span } from './syntax.js';

/** Comments that speak of the next line or statement: without it they would speak of another one, or be unused. */
const NEXT =
  /@ts-expect-error|@ts-ignore|-next-line|prettier-ignore|biome-ignore|deno-lint-ignore|(?:istanbul|c8|v8|coverage) ignore|noinspection|stryker disable/i;
const SAME_LINE = /-disable-line|tslint:disable-line|NOSONAR/;

/** Comments that a tool reads, in either form of comment. */
const FOR_TOOLS =
  /^\s*(?:(?:eslint|oxlint|biome|prettier|deno|dprint)-[a-z]|(?:tslint|cspell|spell-?checker):|js[hl]int\s)|^\/\s*<|@ts-|#(?:end)?region|@(?:jsx\w*|vite-ignore|(?:vitest|jest)-environment)\b|sourceMappingURL/i;
/** Comments that a tool reads only between `/*` and `*\/`. */
const FOR_TOOLS_IN_BLOCKS = /^\s*(?:eslint\s+[\w@/-]+\s*:|(?:globals?|exported)\s+[\w$]+\s*(?:[,:]|$))/i;

/** Comments that belong to the file, or define something themselves. */
const OF_THE_FILE =
  /^!|@license|@preserve|copyright|SPDX-|licen[sc]ed under|@(?:typedef|callback|import|flow|file|fileoverview|module|packageDocumentation)\b/i;

/** Speaks to a tool; each line of such comments stands for itself. */
export function isDirective(comment: Comment): boolean {
  const { type, value } = comment;
  return (
    [FOR_TOOLS, NEXT, SAME_LINE].some((form) => form.test(value)) ||
    (type === 'Block' && FOR_TOOLS_IN_BLOCKS.test(value))
  );
}

/** Those that stay when what is below them goes. */
export function staysAlone(comment: Comment): boolean {
  return isDirective(comment) || OF_THE_FILE.test(comment.value);
}

export function mentionsTypedef(comment: Comment): boolean {
  return /@(?:typedef|callback|import)\b/.test(comment.value);
}

/** Starts of lines that some comment keeps as they are. */
export function guardedLines(text: string, comments: readonly Comment[]): ReadonlySet<number> {
  const guarded = new Set<number>();
  for (const comment of comments) {
    if (SAME_LINE.test(comment.value)) guarded.add(lineStart(text, comment.start));
    if (NEXT.test(comment.value)) guarded.add(nextCodeLine(text, comment, comments));
  }
  return guarded;
}

/** The line of the code after a comment: its own, if there is some, else the next one that is no comment. */
function nextCodeLine(text: string, comment: Comment, comments: readonly Comment[]): number {
  let at = comment.end;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] ?? '')) at++;
    const next = comments.find(({ start }) => start === at);
    if (next === undefined) return lineStart(text, at);
    at = next.end;
  }
}

const RULE_NAMES: Readonly<Record<CleanupRule, RegExp>> = {
  'unused-import': /unused/,
  'unused-local': /unused/,
  'unused-private-member': /unused/,
  'unreachable-code': /no-unreachable/,
};

/** Stretches where a comment has switched off the linter's rule that says the same. */
export function switchedOff(text: string, comments: readonly Comment[], rule: CleanupRule): readonly Span[] {
  const spans: { start: number; end: number }[] = [];
  for (const { type, value, start } of comments) {
    const open = spans.at(-1);
    if (type !== 'Block') continue;
    if (concerns(value, 'disable', rule) && open?.end !== text.length) spans.push({ start, end: text.length });
    else if (concerns(value, 'enable', rule) && open?.end === text.length) open.end = start;
  }
  return spans;
}

function concerns(comment: string, word: 'disable' | 'enable', rule: CleanupRule): boolean {
  if (!comment.includes(`-${word}`)) return false;
  const match = new RegExp(`^\\s*(?:eslint|oxlint)-${word}(?![-\\w])(.*)`, 's').exec(comment);
  if (match === null) return false;
  const rules = (match[1] ?? '').split('--')[0]?.trim() ?? '';
  return rules === '' || RULE_NAMES[rule].test(rules);
}

/** Does it start or end on a line that a comment guards? */
export function isGuarded(text: string, guarded: ReadonlySet<number>, span: Span): boolean {
  return guarded.has(lineStart(text, span.start)) || guarded.has(lineStart(text, span.end));
}
