/** Cognitive complexity, node by node, as G. Ann Campbell's paper has it. */
import { type AstNode, isNode } from './ast.js';

/** They break the flow, and what is in them is nested one level deeper. */
const NESTING: ReadonlySet<string> = new Set([
  'IfStatement',
  'ConditionalExpression',
  'SwitchStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
  'CatchClause',
]);

/** What a node adds to its function; `level`: how deep it is nested. */
export function pointsOf(node: AstNode, parent: AstNode | null, level: number): number {
  if (isElseIf(node, parent)) return 1 + elseOf(node);
  if (NESTING.has(node.type)) return 1 + level + elseOf(node);
  if (isLogical(node)) return isLogical(parent) || parent?.type === 'JSXExpressionContainer' ? 0 : conjunctionsIn(node);
  const isJump = node.type === 'BreakStatement' || node.type === 'ContinueStatement';
  return isJump && node.label !== null ? 1 : 0;
}

/** How much deeper what stands at this key is than the node itself. */
export function levelsOf(node: AstNode, key: string): number {
  if (!NESTING.has(node.type) || key === 'test') return 0;
  if (node.type === 'IfStatement' && key === 'alternate' && isNode(node.alternate))
    if (node.alternate.type === 'IfStatement') return 0;
  return 1;
}

function isElseIf(node: AstNode, parent: AstNode | null): boolean {
  return node.type === 'IfStatement' && parent?.type === 'IfStatement' && parent.alternate === node;
}

/** A last "else" is one more break; "else if" counts for itself. */
function elseOf(node: AstNode): number {
  if (node.type !== 'IfStatement' || !isNode(node.alternate)) return 0;
  return node.alternate.type === 'IfStatement' ? 0 : 1;
}

function isLogical(node: unknown): boolean {
  return isNode(node) && node.type === 'LogicalExpression';
}

/**
 * `a && b && c` is one thought, `a && b || c && d` are two. `||` and `??` are what JavaScript writes defaults with: like
 * SonarSource's own analyser of it, this counts neither.
 */
function conjunctionsIn(node: AstNode): number {
  const operators = operatorsOf(node);
  return operators.filter((operator, index) => operator === '&&' && operators[index - 1] !== '&&').length;
}

/** As they are read, from left to right. */
function operatorsOf(node: unknown): unknown[] {
  if (!isNode(node) || !isLogical(node)) return [];
  return [...operatorsOf(node.left), node.operator, ...operatorsOf(node.right)];
}
