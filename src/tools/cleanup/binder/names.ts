import { declare } from '../scopes.js';
import type { Binding, BindingKind, Scope } from '../scopes.js';
import type { Node } from '../syntax.js';
import type { Binder } from './binder.js';

export interface NameMakers {
  /** A name that stands for the whole statement. */
  readonly own: (kind: BindingKind, node: Node & { id: Node | null }, parent: Node, scope: Scope) => void;
  /** A name made by a part of a statement. */
  readonly part: (
    kind: BindingKind,
    made: { id: Node; node: Node; statement: Node; container: Node },
    scope: Scope,
  ) => Binding;
  readonly exported: WeakSet<Node>;
  readonly binder: Binder;
}

function nameOf(id: Node): string {
  return 'name' in id && typeof id.name === 'string' ? id.name : '';
}

export function nameMakers(binder: Binder): NameMakers {
  const exported = new WeakSet<Node>();
  const part: NameMakers['part'] = (kind, made, scope) => {
    const binding = declare(scope, nameOf(made.id), { kind, ...made });
    if (exported.has(made.statement)) binding.exported = true;
    binder.addBinding(binding);
    return binding;
  };
  return {
    exported,
    binder,
    part,
    own(kind, node, container, scope) {
      if (node.id?.type === 'Identifier') part(kind, { id: node.id, node, statement: node, container }, scope);
    },
  };
}

/** Declares the names of a pattern; what a pattern evaluates (defaults, computed keys, types) is visited. */
export function bindPattern(
  binder: Binder,
  pattern: Node,
  parent: Node,
  bind: { scope: Scope; name: (id: Node) => void },
): void {
  const again = (inner: Node | null): void => {
    if (inner !== null) bindPattern(binder, inner, pattern, bind);
  };
  if ('decorators' in pattern) binder.visitAll(pattern.decorators, pattern, bind.scope);
  if ('typeAnnotation' in pattern) binder.visit(pattern.typeAnnotation, pattern, bind.scope);
  switch (pattern.type) {
    case 'Identifier':
      bind.name(pattern);
      break;
    case 'ObjectPattern':
      pattern.properties.forEach(again);
      break;
    case 'ArrayPattern':
      pattern.elements.forEach(again);
      break;
    case 'Property':
      if (pattern.computed) binder.visit(pattern.key, pattern, bind.scope);
      again(pattern.value);
      break;
    case 'RestElement':
      again(pattern.argument);
      break;
    case 'AssignmentPattern':
      again(pattern.left);
      binder.visit(pattern.right, pattern, bind.scope);
      break;
    case 'TSParameterProperty':
      again(pattern.parameter);
      break;
    default:
      binder.visit(pattern, parent, bind.scope);
  }
}

export function bindParameters(names: NameMakers, parameters: readonly Node[], owner: Node, scope: Scope): void {
  const made = { node: owner, statement: owner, container: owner };
  for (const parameter of parameters)
    bindPattern(names.binder, parameter, owner, {
      scope,
      name: (id) => names.part('parameter', { id, ...made }, scope),
    });
}
