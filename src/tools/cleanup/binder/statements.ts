import { ANY, newScope, varScope } from '../scopes.js';
import { handlersFrom, referToEntity } from './binder.js';
import type { Binder, Handlers } from './binder.js';
import { bindParameters, bindPattern } from './names.js';
import type { NameMakers } from './names.js';

export function importHandlers(names: NameMakers): Handlers {
  return handlersFrom({
    ImportDeclaration(node, parent, scope) {
      for (const specifier of node.specifiers)
        names.part('import', { id: specifier.local, node: specifier, statement: node, container: parent }, scope);
    },
    TSImportEqualsDeclaration(node, parent, scope) {
      names.own('import', node, parent, scope);
      if (node.moduleReference.type !== 'TSExternalModuleReference')
        referToEntity(names.binder, node.moduleReference, scope, ANY);
    },
  });
}

export function statementHandlers(binder: Binder, names: NameMakers): Handlers {
  return handlersFrom({
    ExportNamedDeclaration(node, _parent, scope) {
      if (node.declaration !== null) names.exported.add(node.declaration);
      binder.visit(node.declaration, node, scope);
      if (node.source === null) binder.visitAll(node.specifiers, node, scope);
    },
    ExportDefaultDeclaration(node, _parent, scope) {
      names.exported.add(node.declaration);
      if (node.declaration.type === 'Identifier') binder.refer(node.declaration, scope, ANY);
      else binder.visit(node.declaration, node, scope);
    },
    VariableDeclaration(node, parent, scope) {
      const target = node.kind === 'var' ? varScope(scope) : scope;
      for (const declarator of node.declarations) {
        const made = { node: declarator, statement: node, container: parent };
        bindPattern(binder, declarator.id, declarator, {
          scope,
          name: (id) => names.part('variable', { id, ...made }, target),
        });
        binder.visit(declarator.init, declarator, scope);
      }
    },
    CatchClause(node, _parent, scope) {
      const inner = newScope(node, scope);
      if (node.param !== null) bindParameters(names, [node.param], node, inner);
      binder.visit(node.body, node, inner);
    },
  });
}
