import type { NodeOf } from './binder/binder.js';
import { containsOutsideFunctions } from './syntax.js';
import type { Node, Parser } from './syntax.js';

type Judge = (node: Node) => boolean;
type Judges = { [T in Node['type']]?: (node: NodeOf<T>, never: Judge, breaks: Judge) => boolean };

const always = (): boolean => true;
const isTrue = (node: Node): boolean => node.type === 'Literal' && node.value === true;

/** Statements whose end may never be reached; the end of all others may. */
const JUDGES: Judges = {
  ReturnStatement: always,
  ThrowStatement: always,
  BreakStatement: always,
  ContinueStatement: always,
  BlockStatement: (node, never) => node.body.some(never),
  IfStatement: (node, never) => node.alternate !== null && never(node.consequent) && never(node.alternate),
  TryStatement(node, never) {
    if (node.finalizer !== null && never(node.finalizer)) return true;
    return never(node.block) && (node.handler === null || never(node.handler.body));
  },
  LabeledStatement: (node, never, breaks) => never(node.body) && !breaks(node.body),
  WhileStatement: (node, _never, breaks) => isTrue(node.test) && !breaks(node.body),
  DoWhileStatement: (node, _never, breaks) => isTrue(node.test) && !breaks(node.body),
  ForStatement: (node, _never, breaks) => node.test === null && !breaks(node.body),
  SwitchStatement: (node, never, breaks) =>
    node.cases.some(({ test }) => test === null) &&
    node.cases.at(-1)?.consequent.some(never) === true &&
    !node.cases.some(breaks),
};

/** Does control never reach the end of this statement? Decided by its form alone. */
export function neverCompletes(parser: Parser, statement: Node): boolean {
  const judge = JUDGES[statement.type] as ((node: Node, never: Judge, breaks: Judge) => boolean) | undefined;
  const never = (node: Node): boolean => neverCompletes(parser, node);
  return judge?.(statement, never, (node) => breaks(parser, node)) ?? false;
}

/** Any `break` in it, even one that ends an inner loop: better too careful than wrong. */
function breaks(parser: Parser, node: Node): boolean {
  return containsOutsideFunctions(parser, node, (inner) => inner.type === 'BreakStatement');
}
