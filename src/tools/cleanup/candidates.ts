import type { Analysis } from './scopes.js';
import type { Node, Parser, Span, Syntax } from './syntax.js';

export type CleanupRule = 'unused-import' | 'unused-local' | 'unreachable-code' | 'unused-private-member';

/** Something that may go, if TypeScript agrees. */
export interface Candidate {
  readonly rule: CleanupRule;
  /** Empty for unreachable code. */
  readonly name: string;
  /** Where a person looks: the name, or the first dead statement. */
  readonly span: Span;
  /** Where TypeScript must say the same, at all of these places or at any of them. */
  readonly votes: readonly Span[];
  readonly quorum: 'all' | 'any';
  readonly removals: readonly Removal[];
}

/** A node to remove: a whole statement or member, or one of the parts of `owner` (a specifier, a declarator). */
export interface Removal {
  readonly node: Node;
  readonly owner: Node;
}

export interface CandidateContext {
  readonly parser: Parser;
  readonly syntax: Syntax;
  readonly analysis: Analysis;
}

export function spanOf(node: Node): Span {
  return { start: node.start, end: node.end };
}

export function whole(node: Node): Removal {
  return { node, owner: node };
}
