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

/** Functions of a parsed program, outer ones first. Shapes are ESTree's. */
export function complexities(program: unknown): FunctionComplexity[] {
  const found: { name: string; start: number; complexity: number }[] = [];
  const visit = (node: unknown, owner: { complexity: number } | null, name: string): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item, owner, name);
      return;
    }
    if (!isNode(node)) return;
    let current = owner;
    if (FUNCTIONS.has(node.type)) {
      const own = { name: nameOf(node.id) ?? name, start: node.start, complexity: 1 };
      found.push(own);
      current = own;
    } else if (current !== null && divides(node)) current.complexity += 1;
    const inner = nameOf(node.key) ?? nameOf(node.id) ?? 'anonymous';
    for (const [key, value] of Object.entries(node))
      if (typeof value === 'object' && key !== 'parent') visit(value, current, inner);
  };
  visit(program, null, 'anonymous');
  return found;
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
