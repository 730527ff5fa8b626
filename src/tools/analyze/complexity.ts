/**
 * How complex each function is, in two ways. Cyclomatic (McCabe 1976): one, and one more for each place where the way
 * divides. Cognitive (Campbell 2018): one for each break in the flow, and one more for each level that it is nested in.
 */
import { type AstNode, isNode, nameOf } from './ast.js';
import { levelsOf, pointsOf } from './cognitive.js';

export interface FunctionComplexity {
  readonly name: string;
  /** UTF-16 offset where the function begins. */
  readonly start: number;
  readonly complexity: number;
  readonly cognitive: number;
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
  cognitive: number;
}

/** Functions of a parsed program, outer ones first; what is in an inner one does not count for the outer one. Shapes are ESTree's. */
export function complexities(program: unknown): FunctionComplexity[] {
  const found: Counted[] = [];
  visit(program, { found, owner: null, name: NAMELESS, level: 0, parent: null });
  return found;
}

interface Visit {
  readonly found: Counted[];
  /** The function around the node. */
  readonly owner: Counted | null;
  /** What a function is called that has no name of its own: the variable or property it is given to. */
  readonly name: string;
  /** How deep the node is nested in what breaks the flow. */
  readonly level: number;
  readonly parent: AstNode | null;
}

function visit(node: unknown, around: Visit): void {
  if (Array.isArray(node)) for (const item of node) visit(item, around);
  else if (isNode(node)) visitNode(node, around);
}

function visitNode(node: AstNode, around: Visit): void {
  let { owner } = around;
  const isFunction = FUNCTIONS.has(node.type);
  if (isFunction) {
    owner = { name: nameOf(node.id) ?? nameWithin(around), start: node.start, complexity: 1, cognitive: 0 };
    around.found.push(owner);
  } else if (owner !== null) {
    if (divides(node)) owner.complexity += 1;
    owner.cognitive += pointsOf(node, around.parent, around.level);
  }
  const name = nameOf(node.key) ?? nameOf(node.id) ?? NAMELESS;
  for (const [key, value] of Object.entries(node)) {
    if (typeof value !== 'object') continue;
    const level = isFunction ? (around.owner === null ? 0 : around.level + 1) : around.level + levelsOf(node, key);
    visit(value, { found: around.found, owner, name, level, parent: node });
  }
}

const NAMELESS = 'anonymous';

/** One without a name is called after the function that it stands in. */
function nameWithin({ name, owner }: Visit): string {
  if (name !== NAMELESS || owner === null) return name;
  const outer = owner.name.replace(IN_ANOTHER, '');
  return outer === NAMELESS ? name : `${NAMELESS} in ${outer}`;
}

const IN_ANOTHER = /^anonymous in /;

function divides(node: AstNode): boolean {
  return DIVIDES.has(node.type) || (node.type === 'SwitchCase' && node.test !== null);
}
