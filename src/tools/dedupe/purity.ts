/** Does loading a module do anything but declare? */
import type { Module } from './module.js';
import { type Node, declarationOf, nameOf, nodesOf } from './tree.js';

const known = new WeakMap<Module, boolean>();

export function isPureModule(module: Module): boolean {
  const answer = known.get(module) ?? module.body.every(isPureStatement);
  known.set(module, answer);
  return answer;
}

const PURE_STATEMENTS = new Set([
  ...['FunctionDeclaration', 'TSDeclareFunction', 'TSTypeAliasDeclaration', 'TSInterfaceDeclaration', 'EmptyStatement'],
  ...['ExportAllDeclaration', 'TSEnumDeclaration'],
]);

function isPureStatement(statement: Node): boolean {
  if (statement.type === 'ImportDeclaration') return nodesOf(statement.specifiers).length > 0;
  if (statement.type === 'ExportDefaultDeclaration') return nodesOf(statement.declaration).every(isPureDefault);
  const node = declarationOf(statement);
  if (node.type === 'ExportNamedDeclaration' || PURE_STATEMENTS.has(node.type) || node.declare === true) return true;
  if (node.type === 'ClassDeclaration') return isPureClass(node);
  if (typeof node.directive === 'string') return true;
  return (
    node.type === 'VariableDeclaration' &&
    nodesOf(node.declarations).every(({ id, init }) => isPlain(id) && nodesOf(init).every(isPureValue))
  );
}

function isPureDefault(node: Node): boolean {
  return PURE_STATEMENTS.has(node.type) || (node.type === 'ClassDeclaration' ? isPureClass(node) : isPureValue(node));
}

/** Taking a value apart may run getters. */
function isPlain(pattern: unknown): boolean {
  return nodesOf(pattern).every((node) => node.type === 'Identifier');
}

function isPureClass(node: Node): boolean {
  const members = nodesOf(node.body).flatMap((body) => nodesOf(body.body));
  const heritage = nodesOf(node.superClass);
  return (
    nodesOf(node.decorators).length === 0 &&
    heritage.every((parent) => parent.type === 'Identifier') &&
    members.every(
      (member) =>
        member.type !== 'StaticBlock' &&
        member.computed !== true &&
        nodesOf(member.decorators).length === 0 &&
        (member.static !== true || member.type !== 'PropertyDefinition' || nodesOf(member.value).every(isPureValue)),
    )
  );
}

const PURE_LEAVES = new Set(['Literal', 'Identifier', 'ArrowFunctionExpression', 'FunctionExpression']);
const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  UnaryExpression: ['argument'],
  BinaryExpression: ['left', 'right'],
  LogicalExpression: ['left', 'right'],
  ConditionalExpression: ['test', 'consequent', 'alternate'],
  TemplateLiteral: ['expressions'],
  ArrayExpression: ['elements'],
  ParenthesizedExpression: ['expression'],
  TSAsExpression: ['expression'],
  TSSatisfiesExpression: ['expression'],
  TSNonNullExpression: ['expression'],
};
const COLLECTIONS = new Set(['Map', 'Set', 'WeakMap', 'WeakSet']);

function isPureValue(node: Node): boolean {
  if (PURE_LEAVES.has(node.type)) return true;
  if (node.type === 'ClassExpression') return isPureClass(node);
  if (node.type === 'ObjectExpression') return nodesOf(node.properties).every(isPureProperty);
  if (node.type === 'NewExpression')
    return COLLECTIONS.has(nameOf(node.callee) ?? '') && nodesOf(node.arguments).length === 0;
  const operands = OPERANDS[node.type];
  if (operands === undefined || node.operator === 'delete') return false;
  return operands.every((key) => nodesOf(node[key]).every(isPureValue));
}

function isPureProperty(property: Node): boolean {
  return property.type === 'Property' && property.computed !== true && nodesOf(property.value).every(isPureValue);
}
