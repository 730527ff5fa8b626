/** Cyclomatic complexity of each function: one, and one more for each place where the way divides (McCabe 1976). */

interface AstNode {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

export interface FunctionComplexity {
  readonly name: string;
  /** UTF-16 offset where the function begins. */
  readonly start: number;
  readonly complexity: number;
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);
const DIVIDES: ReadonlySet<string> = new Set([
  'IfStatement',
  'ConditionalExpression',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
  'CatchClause',
  'LogicalExpression',
]);

interface Counted {
  readonly name: string;
  readonly start: number;
  complexity: number;
}

/** Functions of a parsed program, outer ones first. Shapes are ESTree's. */
export function complexities(program: unknown): FunctionComplexity[] {
  const found: Counted[] = [];
  visit(program, { found, owner: null, name: 'anonymous' });
  return found;
}

interface Visit {
  readonly found: Counted[];
  /** The function around the node. */
  readonly owner: Counted | null;
  /** What a function is called that has no name of its own: the variable or property it is given to. */
  readonly name: string;
}

function visit(node: unknown, around: Visit): void {
  if (Array.isArray(node)) for (const item of node) visit(item, around);
  else if (isNode(node)) visitNode(node, around);
}

function visitNode(node: AstNode, around: Visit): void {
  let { owner } = around;
  if (FUNCTIONS.has(node.type)) {
    owner = { name: nameOf(node.id) ?? around.name, start: node.start, complexity: 1 };
    around.found.push(owner);
  } else if (owner !== null && divides(node)) owner.complexity += 1;
  const name = nameOf(node.key) ?? nameOf(node.id) ?? 'anonymous';
  for (const value of Object.values(node))
    if (typeof value === 'object') visit(value, { found: around.found, owner, name });
}

function divides(node: AstNode): boolean {
  return DIVIDES.has(node.type) || (node.type === 'SwitchCase' && node.test !== null);
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function nameOf(node: unknown): string | null {
  return isNode(node) && typeof node.name === 'string' ? node.name : null;
}
