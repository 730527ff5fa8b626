import type { Candidate, CandidateContext } from './candidates.js';
import { blocksOf, isApart, opensFile } from './comments.js';
import type { CommentBlock } from './comments.js';
import { guardedLines, isGuarded, mentionsTypedef, switchedOff } from './directives.js';
import { namesUsedUnseen } from './keepers.js';
import { ownBlocks, ownItemBlocks } from './ownership.js';
import type { Leaving } from './ownership.js';
import { itemsOf, partsOf } from './parts.js';
import { isInside } from './syntax.js';
import type { Node } from './syntax.js';
import type { CompilerFacts } from './tsconfig.js';
import { isCommentedOut, isTitle, mentions, saysOnPurpose, textOf } from './wording.js';

/** Leaves out what settings, comments and JSX hold in place. */
export function withoutHeld(
  context: CandidateContext,
  facts: CompilerFacts,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const open = withoutGuarded(context, facts, candidates).filter((candidate) => !isExplained(context, candidate));
  return open.filter((candidate) => !isExplainedImport(context, candidate, open));
}

function withoutGuarded(
  { syntax, analysis }: CandidateContext,
  facts: CompilerFacts,
  candidates: readonly Candidate[],
): Candidate[] {
  const { text } = syntax;
  const comments = syntax.comments();
  const unseen = namesUsedUnseen(syntax, analysis.hasJsx, facts);
  const guarded = guardedLines(text, comments);
  const typedefs = comments.filter(mentionsTypedef);
  return candidates.filter(({ rule, name, span, removals }) => {
    if (rule === 'unreachable-code' && facts.allowUnreachableCode) return false;
    if (unseen.has(name) || switchedOff(text, comments, rule).some((off) => isInside(span, off))) return false;
    return removals.every(
      ({ node, owner }) =>
        !isGuarded(text, guarded, node) &&
        !isGuarded(text, guarded, { start: owner.start, end: owner.start }) &&
        !typedefs.some((comment) => isInside(comment, owner)),
    );
  });
}

/** Does a comment of its own keep it? For an import any will do, all else needs one that says so. */
function isExplained(context: CandidateContext, { rule, name, removals }: Candidate): boolean {
  return removals.some(({ node, owner }) => {
    const ofStatement = ownBlocks(context, leavingAs(owner, [name]));
    if (rule !== 'unused-import') return [...ofStatement, ...ofItem(context, node, owner, name)].some(saysOnPurpose);
    return (node === owner ? ofStatement : ofItem(context, node, owner, name)).some((block) =>
      explains(context, block),
    );
  });
}

function ofItem(context: CandidateContext, node: Node, owner: Node, name: string): CommentBlock[] {
  return node !== owner && itemsOf(owner).includes(node) ? ownItemBlocks(context, leavingAs(node, [name])) : [];
}

function leavingAs({ start, end }: Node, names: readonly string[]): Leaving {
  return { start, end, names };
}

/**
 * A comment on a whole import keeps the statement, so that it does not lose its last name; and the names that it mentions.
 */
function isExplainedImport(
  context: CandidateContext,
  { rule, name, removals: [removal] }: Candidate,
  open: readonly Candidate[],
): boolean {
  const owner = removal?.owner;
  if (rule !== 'unused-import' || owner?.type !== 'ImportDeclaration') return false;
  const names = new Map(open.flatMap(({ name: other, removals }) => removals.map(({ node }) => [node, other])));
  const isGone = partsOf(owner).every((part) => names.has(part));
  const gone = partsOf(owner).flatMap((part) => names.get(part) ?? []);
  const own = ownBlocks(context, leavingAs(owner, [...gone, ...wordsOfModule(owner.source.value)]));
  const inside = blocksOf(context.syntax).filter((block) => isInside(block, owner) && !isApart(block));
  return isGone
    ? [...own, ...inside].some((block) => explains(context, block))
    : own.some((block) => explains(context, block) && mentions(textOf(block), [name]));
}

/** The last part of the path: what a short comment would call it. */
function wordsOfModule(source: string): readonly string[] {
  return source.split('/').at(-1)?.split('.').slice(0, 1) ?? [];
}

/** Is it about the import? At the top of a file it may say what the file is. */
function explains({ parser, syntax }: CandidateContext, block: CommentBlock): boolean {
  if (isCommentedOut(parser, syntax.path, textOf(block))) return false;
  return !opensFile(syntax, block) || !isTitle(block) || saysOnPurpose(block);
}
