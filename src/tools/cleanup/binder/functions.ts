import { newScope } from '../scopes.js';
import type { Scope } from '../scopes.js';
import type { Node } from '../syntax.js';
import { handlersFrom } from './binder.js';
import type { Binder, Handlers, NodeOf } from './binder.js';
import { bindParameters } from './names.js';
import type { NameMakers } from './names.js';

type FunctionLike = NodeOf<
  | 'FunctionDeclaration'
  | 'FunctionExpression'
  | 'ArrowFunctionExpression'
  | 'TSFunctionType'
  | 'TSConstructorType'
  | 'TSCallSignatureDeclaration'
  | 'TSConstructSignatureDeclaration'
  | 'TSMethodSignature'
>;

export function functionHandlers(binder: Binder, names: NameMakers): Handlers {
  function inside(node: FunctionLike, scope: Scope): void {
    const outer = newScope(node, scope, true);
    if (node.type === 'FunctionExpression' && node.id !== null) bindParameters(names, [node.id], node, outer);
    binder.visit(node.typeParameters, node, outer);
    bindParameters(names, node.params, node, outer);
    binder.visit(node.returnType, node, outer);
    if (!('body' in node) || node.body === null) return;
    const inner = newScope(node.body, outer, true);
    if (node.body.type === 'BlockStatement') {
      binder.addList(node.body, node.body.body, inner);
      binder.visitAll(node.body.body, node.body, inner);
    } else binder.visit(node.body, node, inner);
  }
  const anonymous = (node: FunctionLike, _parent: Node, scope: Scope): void => inside(node, scope);
  const named = (node: NodeOf<'FunctionDeclaration'>, parent: Node, scope: Scope): void => {
    names.own('function', node, parent, scope);
    inside(node, scope);
  };
  return handlersFrom({
    FunctionDeclaration: named,
    TSDeclareFunction: named,
    FunctionExpression: anonymous,
    TSEmptyBodyFunctionExpression: anonymous,
    ArrowFunctionExpression: anonymous,
    TSFunctionType: anonymous,
    TSConstructorType: anonymous,
    TSCallSignatureDeclaration: anonymous,
    TSConstructSignatureDeclaration: anonymous,
    TSMethodSignature(node, _parent, scope) {
      if (node.computed) binder.visit(node.key, node, scope);
      inside(node, scope);
    },
  });
}

export function classHandlers(binder: Binder, names: NameMakers): Handlers {
  function inside(node: NodeOf<'ClassDeclaration'>, scope: Scope): void {
    const inner = newScope(node, scope);
    if (node.type === 'ClassExpression' && node.id !== null) bindParameters(names, [node.id], node, inner);
    binder.visitAll(node.decorators, node, scope);
    binder.visit(node.typeParameters, node, inner);
    binder.visit(node.superClass, node, inner);
    binder.visit(node.superTypeArguments, node, inner);
    binder.visitAll(node.implements, node, inner);
    // In a declaration file or block the members speak of code that is elsewhere.
    if (node.declare !== true && !scope.ambient) binder.addClass(node);
    binder.visit(node.body, node, inner);
  }
  const member = (
    node: NodeOf<'MethodDefinition' | 'PropertyDefinition' | 'AccessorProperty'>,
    _p: Node,
    scope: Scope,
  ): void => {
    binder.visitAll(node.decorators, node, scope);
    if (node.computed) binder.visit(node.key, node, scope);
    if ('typeAnnotation' in node) binder.visit(node.typeAnnotation, node, scope);
    binder.visit(node.value, node, scope);
  };
  return handlersFrom({
    ClassDeclaration(node, parent, scope) {
      names.own('class', node, parent, scope);
      inside(node, scope);
    },
    ClassExpression: (node, _parent, scope) => inside(node, scope),
    MethodDefinition: member,
    PropertyDefinition: member,
    AccessorProperty: member,
    TSAbstractMethodDefinition: member,
    TSAbstractPropertyDefinition: member,
    TSAbstractAccessorProperty: member,
  });
}
