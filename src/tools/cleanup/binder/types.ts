import { ANY, newScope, TYPE, VALUE } from '../scopes.js';
import type { Scope } from '../scopes.js';
import type { Node } from '../syntax.js';
import { handlersFrom, referToEntity } from './binder.js';
import type { Binder, Handlers } from './binder.js';
import { bindParameters } from './names.js';
import type { NameMakers } from './names.js';

export function typeHandlers(binder: Binder): Handlers {
  return handlersFrom({
    TSTypeReference(node, _parent, scope) {
      referToEntity(binder, node.typeName, scope, TYPE);
      binder.visit(node.typeArguments, node, scope);
    },
    TSTypeQuery(node, _parent, scope) {
      referToEntity(binder, node.exprName, scope, VALUE);
      binder.visit(node.typeArguments, node, scope);
    },
    TSInterfaceHeritage(node, _parent, scope) {
      referToHeritage(binder, node.expression, scope);
      binder.visit(node.typeArguments, node, scope);
    },
    TSClassImplements(node, _parent, scope) {
      referToHeritage(binder, node.expression, scope);
      binder.visit(node.typeArguments, node, scope);
    },
    TSQualifiedName: (node, _parent, scope) => referToEntity(binder, node.left, scope, ANY),
    TSImportType: (node, _parent, scope) => binder.visit(node.typeArguments, node, scope),
    TSNamedTupleMember: (node, _parent, scope) => binder.visit(node.elementType, node, scope),
    TSPropertySignature(node, _parent, scope) {
      if (node.computed) binder.visit(node.key, node, scope);
      binder.visit(node.typeAnnotation, node, scope);
    },
    TSIndexSignature(node, _parent, scope) {
      for (const parameter of node.parameters) binder.visit(parameter.typeAnnotation, parameter, scope);
      binder.visit(node.typeAnnotation, node, scope);
    },
    TSConditionalType: (node, _parent, scope) => binder.visitChildren(node, newScope(node, scope)),
  });
}

/** `extends A.B` is written as a member expression or as a qualified name, by kind of declaration. */
function referToHeritage(binder: Binder, expression: Node, scope: Scope): void {
  if (expression.type === 'MemberExpression' && !expression.computed) referToHeritage(binder, expression.object, scope);
  else referToEntity(binder, expression, scope, ANY);
}

export function typeDeclarationHandlers(binder: Binder, names: NameMakers): Handlers {
  const typeParameter = (id: Node, owner: Node, scope: Scope): void => {
    names.part('type-parameter', { id, node: owner, statement: owner, container: owner }, scope);
  };
  return handlersFrom({
    TSInterfaceDeclaration(node, parent, scope) {
      names.own('interface', node, parent, scope);
      const inner = newScope(node, scope);
      binder.visit(node.typeParameters, node, inner);
      binder.visitAll(node.extends, node, inner);
      binder.visit(node.body, node, inner);
    },
    TSTypeAliasDeclaration(node, parent, scope) {
      names.own('type', node, parent, scope);
      const inner = newScope(node, scope);
      binder.visit(node.typeParameters, node, inner);
      binder.visit(node.typeAnnotation, node, inner);
    },
    TSEnumDeclaration(node, parent, scope) {
      names.own('enum', node, parent, scope);
      const inner = newScope(node, scope);
      for (const member of node.body.members) {
        if (member.id.type === 'Identifier') bindParameters(names, [member.id], member, inner);
        binder.visit(member.initializer, member, inner);
      }
    },
    TSModuleDeclaration(node, parent, scope) {
      if (node.kind === 'namespace' && node.id.type === 'Identifier')
        names.part('namespace', { id: node.id, node, statement: node, container: parent }, scope);
      if ('body' in node && node.body !== null) binder.visitChildren(node.body, newScope(node, scope, true, true));
    },
    TSTypeParameter(node, _parent, scope) {
      typeParameter(node.name, node, scope);
      binder.visit(node.constraint, node, scope);
      binder.visit(node.default, node, scope);
    },
    TSMappedType(node, _parent, scope) {
      const inner = newScope(node, scope);
      typeParameter(node.key, node, inner);
      binder.visit(node.constraint, node, inner);
      binder.visit(node.nameType, node, inner);
      binder.visit(node.typeAnnotation, node, inner);
    },
  });
}
