import { ANY, newScope } from '../scopes.js';
import type { Scope } from '../scopes.js';
import type { Node } from '../syntax.js';
import { handlersFrom } from './binder.js';
import type { Binder, Handler, Handlers } from './binder.js';

const nothing = (): void => undefined;

export function referenceHandlers(binder: Binder): Handlers {
  return handlersFrom({
    Identifier: (node, _parent, scope) => binder.refer(node, scope),
    CallExpression(node, _parent, scope) {
      if (node.callee.type === 'Identifier' && node.callee.name === 'eval') binder.markDynamic();
      binder.visitChildren(node, scope);
    },
    WithStatement(node, _parent, scope) {
      binder.markDynamic();
      binder.visitChildren(node, scope);
    },
    MemberExpression(node, _parent, scope) {
      binder.visit(node.object, node, scope);
      if (node.computed) binder.visit(node.property, node, scope);
    },
    Property(node, _parent, scope) {
      if (node.computed) binder.visit(node.key, node, scope);
      binder.visit(node.value, node, scope);
    },
    ExportSpecifier(node, _parent, scope) {
      if (node.local.type === 'Identifier') binder.refer(node.local, scope, ANY);
    },
    TSExportAssignment(node, _parent, scope) {
      if (node.expression.type === 'Identifier') binder.refer(node.expression, scope, ANY);
      else binder.visit(node.expression, node, scope);
    },
    LabeledStatement: (node, _parent, scope) => binder.visit(node.body, node, scope),
    BreakStatement: nothing,
    ContinueStatement: nothing,
    MetaProperty: nothing,
    ImportAttribute: nothing,
    ExportAllDeclaration: nothing,
    TSNamespaceExportDeclaration: nothing,
  });
}

export function jsxHandlers(binder: Binder): Handlers {
  return handlersFrom({
    JSXOpeningElement(node, _parent, scope) {
      binder.markJsx();
      binder.visitChildren(node, scope);
    },
    JSXOpeningFragment: () => binder.markJsx(),
    JSXClosingElement: nothing,
    JSXIdentifier: (node, _parent, scope) => binder.refer(node, scope),
    JSXMemberExpression: (node, _parent, scope) => binder.visit(node.object, node, scope),
    JSXAttribute(node, _parent, scope) {
      // Solid's `use:name` calls the function of that name.
      if (node.name.type === 'JSXNamespacedName') binder.refer(node.name.name, scope);
      binder.visit(node.value, node, scope);
    },
  });
}

export function blockHandlers(binder: Binder): Handlers {
  const inOwnScope: Handler = (node, _parent, scope) => binder.visitChildren(node, newScope(node, scope));
  const listIn = (owner: Node, statements: readonly Node[], scope: Scope): void => {
    binder.addList(owner, statements, scope);
    binder.visitAll(statements, owner, scope);
  };
  return handlersFrom({
    BlockStatement: (node, _parent, scope) => listIn(node, node.body, newScope(node, scope)),
    StaticBlock: (node, _parent, scope) => listIn(node, node.body, newScope(node, scope, true)),
    SwitchStatement(node, _parent, scope) {
      binder.visit(node.discriminant, node, scope);
      binder.visitAll(node.cases, node, newScope(node, scope));
    },
    SwitchCase(node, _parent, scope) {
      binder.visit(node.test, node, scope);
      listIn(node, node.consequent, scope);
    },
    ForStatement: inOwnScope,
    ForInStatement: inOwnScope,
    ForOfStatement: inOwnScope,
  });
}
