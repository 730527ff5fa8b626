import type { CompilerFacts } from './tsconfig.js';
import type { Comment, Syntax } from './syntax.js';

/** Names that JSX is known to stand for where no setting says which. */
const USUAL_FACTORIES =
  'React Preact preact Inferno Nerv Taro h m dom jsx jsxs createElement createVNode Fragment'.split(' ');

/** Names that the file uses in ways that do not show in its code: JSX factories, and what comments refer to. */
export function namesUsedUnseen(syntax: Syntax, hasJsx: boolean, facts: CompilerFacts): ReadonlySet<string> {
  const comments = syntax.comments();
  const names = new Set(comments.flatMap(namesInComment));
  if (hasJsx) for (const name of jsxNames(comments, facts)) names.add(name);
  return names;
}

/** What JSX stands for in this file; empty where the compiler imports the runtime by itself. */
export function jsxNames(comments: readonly Comment[], facts: CompilerFacts): string[] {
  const text = comments.map(({ value }) => value).join('\n');
  const pragmas = [...text.matchAll(/@jsx(?:Frag)?\s+([\w$]+)/g)].map((match) => match[1] ?? '');
  const runtime = /@jsxRuntime\s+(automatic|classic)/.exec(text)?.[1];
  if (runtime === 'automatic' || (runtime === undefined && /@jsxImportSource\s/.test(text))) return pragmas;
  if (runtime === undefined && facts.jsx === 'automatic') return pragmas;
  const classic = ['React', ...facts.factories, ...pragmas];
  return facts.jsx === 'unknown' ? [...classic, ...USUAL_FACTORIES] : classic;
}

const REFERRING_TAG =
  /@(?:see|link\w*|throws|exception|extends|augments|implements|memberof|borrows|mixes)\s+([\w$]+)/g;

/** Names in braces or after a tag that refers, in a JSDoc comment; and those of ESLint's `exported` comment. */
function namesInComment(comment: Comment): string[] {
  if (comment.type !== 'Block') return [];
  const exported = /^\s*exported\s+(.*)/s.exec(comment.value)?.[1];
  if (exported !== undefined) return words(exported);
  if (!comment.value.startsWith('*')) return [];
  const inBraces = bracedParts(comment.value).flatMap(words);
  return [...inBraces, ...[...comment.value.matchAll(REFERRING_TAG)].map((match) => match[1] ?? '')];
}

function words(text: string): string[] {
  return text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
}

/** What stands in `{…}`, braces within braces included: `{{ a: Foo }}`. */
function bracedParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{' && depth++ === 0) start = at;
    else if (text[at] === '}' && depth > 0 && --depth === 0) parts.push(text.slice(start, at));
  }
  return parts;
}
