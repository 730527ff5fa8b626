import type { CommentBlock } from './comments.js';
import { isFault } from './syntax.js';
import type { Node, Parser } from './syntax.js';

/*
 * What comments say, as far as their form and a few words tell. Where these are mistaken, a comment stays that might have
 * gone, or something unused stays for its comment.
 */

/** The text of a block without its marks. */
export function textOf({ comments }: CommentBlock): string {
  return comments.map(({ type, value }) => (type === 'Block' ? value.replace(/^[^\S\n]*\*/gm, '') : value)).join('\n');
}

function wordsOf(block: CommentBlock): readonly string[] {
  return textOf(block).match(/[\p{L}\p{N}@][\p{L}\p{N}@./_'-]*/gu) ?? [];
}

const RULER = /([-=*#~_+/─━═])\1{3}/;

/** `// ----- Helpers -----`: the start of a section. */
export function isBanner(block: CommentBlock): boolean {
  return RULER.test(textOf(block)) && wordsOf(block).length <= 6;
}

/** A short comment with one of these words gives a reason. */
const REASON =
  /\b(?:keep|need|requir|must|remain|leave|remov|delet|us(?:e|ed|es|ing)\b|unused|loads?\b|polyfill|side|effect|patch|augment|regist|first\b|order|before|because|since|so\b|for\b|to\b|this\b|workaround|hack|todo|fixme|xxx|import(?:ed|ing)?\b|see\b)|https?:|#\d/i;

/** `// Third-party modules`: no sentence, no reason. A `/** … *\/` is none: it speaks of what it stands above. */
export function isLabel(block: CommentBlock): boolean {
  return !isDoc(block) && wordsOf(block).length <= 3 && !REASON.test(textOf(block));
}

function isDoc({ comments: [first] }: CommentBlock): boolean {
  return first?.type === 'Block' && first.value.startsWith('*');
}

/** At the top of a file: a text in a box of its own, a short name, or a pragma. */
export function isTitle(block: CommentBlock): boolean {
  const isBox = block.comments.some(({ type, value }) => type === 'Block' && value.includes('\n'));
  return isBox || isLabel(block) || /^\s*@/.test(textOf(block));
}

export function mentions(text: string, names: readonly string[]): boolean {
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu));
  return names.some((name) => words.has(name.toLowerCase()));
}

const ON_PURPOSE = new RegExp(
  [
    /^\W*(?:\w+ly )?un(?:used|reachable)\b|\b(?:is|are|yet|still|currently|though|but|if) un(?:used|reachable)\b/,
    /\bnot (?:\w+ )?(?:used|needed|reached)\b|\b(?:to|will) be (?:used|needed)\b|\b(?:used|needed) (?:later|soon)\b/,
    /\bfor (?:now|later|(?:the )?future|reference)\b|\bin (?:the )?future\b/,
    /\b(?:keep|kept|leave|left) (?:this|it|these|them|here|for|until|around|in|as)\b|\bmust (?:stay|remain|be kept)\b/,
    /\b(?:do not|don'?t|never) (?:remove|delete|touch|drop)\b|\b(?:on purpose|intentional(?:ly)?|deliberate(?:ly)?)\b/,
    /\b(?:makes?|for|pleases?|satisf(?:y|ies)|helps?|keeps?) (?:ts|typescript|eslint|the (?:type ?checker|compiler|linter))\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

/** Does it say that something is there although nothing uses it? */
export function saysOnPurpose(block: CommentBlock): boolean {
  return ON_PURPOSE.test(textOf(block).replace(/\s+/g, ' '));
}

const COMMENTED_OUT_ITEMS = /^(?:\s*(?:type\s+)?[\w$]+(?:\s+as\s+[\w$]+)?\s*,)+\s*$/;

/** Code that someone has commented out: it parses, and is more than words. */
export function isCommentedOut(parser: Parser, path: string, text: string): boolean {
  if (COMMENTED_OUT_ITEMS.test(text)) return true;
  const parsed = parser.parse(path, text);
  return !isFault(parsed) && parsed.program.body.some(isMoreThanWords);
}

function isMoreThanWords(statement: Node): boolean {
  if (statement.type === 'LabeledStatement' || statement.type === 'EmptyStatement') return false;
  if (statement.type !== 'ExpressionStatement') return true;
  return /^(?:Call|Assignment|Await|Update)Expression$/.test(statement.expression.type);
}
