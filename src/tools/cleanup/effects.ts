import type { NodeOf } from './binder/binder.js';
import type { Node } from './syntax.js';

/** Globals of the language itself: reading them does nothing and cannot fail. */
const SAFE_GLOBALS: ReadonlySet<string> = new Set(
  (
    'undefined NaN Infinity globalThis Object Array Function String Number Boolean Symbol BigInt Math JSON Date RegExp ' +
    'Promise Map Set WeakMap WeakSet Error TypeError RangeError SyntaxError Reflect Proxy parseInt parseFloat isNaN isFinite'
  ).split(' '),
);

/** An operator on bigints may throw where the same one on numbers does not: `1n / 0n`, `1n + 1`. */
const SAFE_WITH_BIGINT: ReadonlySet<string> = new Set(['===', '!==', '==', '!=', '<', '>', '<=', '>=']);

type Judge = (node: Node | null) => boolean;
type Judges = { [T in Node['type']]?: (node: NodeOf<T>, free: Judge, risky: ReadonlySet<Node>) => boolean };

const always = (): boolean => true;
const inner = (node: { readonly expression: Node }, free: Judge): boolean => free(node.expression);

/** Kinds of expression that can be free of effects; all others never are. */
const JUDGES: Judges = {
  Literal: always,
  ThisExpression: always,
  FunctionExpression: always,
  ArrowFunctionExpression: always,
  MetaProperty: always,
  Identifier: (node, _free, risky) => !risky.has(node) || SAFE_GLOBALS.has(node.name),
  ClassExpression: (node, _free, risky) => isEffectFreeClass(node, risky),
  ArrayExpression: (node, free) => node.elements.every((element) => element?.type !== 'SpreadElement' && free(element)),
  ObjectExpression: (node, free) =>
    node.properties.every(
      (property) => property.type === 'Property' && isEffectFreeKey(property) && free(property.value),
    ),
  TemplateLiteral: (node, free) => node.expressions.every(free),
  ParenthesizedExpression: inner,
  TSAsExpression: inner,
  TSSatisfiesExpression: inner,
  TSNonNullExpression: inner,
  TSTypeAssertion: inner,
  TSInstantiationExpression: inner,
  UnaryExpression(node, free) {
    if (node.operator === 'delete') return false;
    if (node.operator === 'typeof' && node.argument.type === 'Identifier') return true;
    return free(node.argument) && !(node.operator === '+' && isBigInt(node.argument));
  },
  BinaryExpression(node, free) {
    if (node.operator === 'in' || node.operator === 'instanceof') return false;
    const mayThrow = !SAFE_WITH_BIGINT.has(node.operator) && (isBigInt(node.left) || isBigInt(node.right));
    return free(node.left) && free(node.right) && !mayThrow;
  },
  LogicalExpression: (node, free) => free(node.left) && free(node.right),
  ConditionalExpression: (node, free) => free(node.test) && free(node.consequent) && free(node.alternate),
  SequenceExpression: (node, free) => node.expressions.every(free),
};

/**
 * Can evaluating this do nothing but give a value? Reading a member may run a getter, spreading an iterator, so they
 * count as effects; calls, `new`, JSX, `await` and assignments always do. `risky` are identifiers whose reading may throw.
 */
export function isEffectFree(node: Node, risky: ReadonlySet<Node>): boolean {
  const judge = JUDGES[node.type] as ((node: Node, free: Judge, risky: ReadonlySet<Node>) => boolean) | undefined;
  return judge?.(node, (part) => part === null || isEffectFree(part, risky), risky) ?? false;
}

function isBigInt(node: Node): boolean {
  return node.type === 'Literal' && typeof node.value === 'bigint';
}

/** A computed key is turned into a property key, which only a literal is sure to survive quietly. */
function isEffectFreeKey(member: { computed: boolean; key: Node }): boolean {
  return !member.computed || member.key.type === 'Literal' || isPlainTemplate(member.key);
}

function isPlainTemplate(node: Node): boolean {
  return node.type === 'TemplateLiteral' && node.expressions.length === 0;
}

/** Defining it runs nothing: no decorators, static blocks or static values with effects, and a parent that is just a name. */
function isEffectFreeClass(node: NodeOf<'ClassDeclaration'>, risky: ReadonlySet<Node>): boolean {
  if (node.decorators.length > 0) return false;
  if (node.superClass !== null && (node.superClass.type !== 'Identifier' || !isEffectFree(node.superClass, risky)))
    return false;
  return node.body.body.every((member) => {
    if (member.type === 'StaticBlock') return false;
    if (member.type === 'TSIndexSignature') return true;
    if (member.decorators.length > 0 || hasParameterDecorators(member) || !isEffectFreeKey(member)) return false;
    if (member.type !== 'PropertyDefinition' && member.type !== 'AccessorProperty') return true;
    return !member.static || member.value === null || isEffectFree(member.value, risky);
  });
}

/** `method(@Inject() name)`: the decorator runs when the class is defined. */
export function hasParameterDecorators(member: Node): boolean {
  return (
    member.type === 'MethodDefinition' &&
    member.value.params.some((parameter) => 'decorators' in parameter && (parameter.decorators?.length ?? 0) > 0)
  );
}

/** Evaluating the declaration does nothing but make its names. */
export function isEffectFreeDeclaration(node: Node, risky: ReadonlySet<Node>): boolean {
  switch (node.type) {
    case 'VariableDeclarator':
      return node.init === null || isEffectFree(node.init, risky);
    case 'ClassDeclaration':
      return isEffectFreeClass(node, risky);
    case 'TSEnumDeclaration':
      return node.body.members.every(({ initializer }) => initializer === null || isEffectFree(initializer, risky));
    default:
      return true;
  }
}
