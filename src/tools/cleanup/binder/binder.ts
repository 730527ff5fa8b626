import { ANY } from '../scopes.js';
import type { Binding, Scope } from '../scopes.js';
import type { Node } from '../syntax.js';

/** The hands of the handlers: what they may do with the node they are given. */
export interface Binder {
  readonly visit: (node: Node | null | undefined, parent: Node, scope: Scope) => void;
  readonly visitAll: (nodes: readonly (Node | null)[] | null | undefined, parent: Node, scope: Scope) => void;
  readonly visitChildren: (node: Node, scope: Scope) => void;
  readonly refer: (node: Node, scope: Scope, meaning?: number) => void;
  /** A list of statements that stands directly in `owner`. */
  readonly addList: (owner: Node, statements: readonly Node[], scope: Scope) => void;
  readonly addClass: (body: Node) => void;
  readonly addBinding: (binding: Binding) => void;
  readonly markDynamic: () => void;
  readonly markJsx: () => void;
}

export type Handler = (node: Node, parent: Node, scope: Scope) => void;
export type Handlers = Readonly<Record<string, Handler | undefined>>;

type Carrier<N, T> = N extends { type: infer U } ? ([Extract<U, T>] extends [never] ? never : N) : never;
/** The node types that may carry this `type`. */
export type NodeOf<T extends Node['type']> = Carrier<Node, T>;
type TypedHandlers = { [T in Node['type']]?: (node: NodeOf<T>, parent: Node, scope: Scope) => void };

/** Lets each handler be written against the exact type of its node. */
export function handlersFrom(typed: TypedHandlers): Handlers {
  return typed as Handlers;
}

/** An identifier, or the leftmost one of `a.b.c`, in a place where types or namespaces may stand. */
export function referToEntity(binder: Binder, entity: Node, scope: Scope, meaning: number): void {
  if (entity.type === 'Identifier') binder.refer(entity, scope, meaning);
  else if (entity.type === 'TSQualifiedName') referToEntity(binder, entity.left, scope, ANY);
  else binder.visit(entity, entity, scope);
}
