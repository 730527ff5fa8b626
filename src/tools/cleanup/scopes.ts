import type { Node, Program } from './syntax.js';

/** Names live in three spaces, as in TypeScript: `const T`, `type T` and `namespace T` are not the same thing. */
export const VALUE = 1;
export const TYPE = 2;
const NAMESPACE = 4;
export const ANY = VALUE | TYPE | NAMESPACE;

export type BindingKind =
  | 'import'
  | 'variable'
  | 'function'
  | 'class'
  | 'interface'
  | 'type'
  | 'enum'
  | 'namespace'
  | 'parameter'
  | 'type-parameter';

export interface Declaration {
  readonly kind: BindingKind;
  readonly id: Node;
  /** The specifier, declarator or declaration that makes the name. */
  readonly node: Node;
  /** The statement it stands in, and the node whose list holds that statement. */
  readonly statement: Node;
  readonly container: Node;
}

export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  meaning: number;
  exported: boolean;
  readonly declarations: Declaration[];
  readonly references: Node[];
}

export interface Scope {
  readonly node: Node;
  readonly parent: Scope | null;
  /** `var` and function declarations end up here. */
  readonly holdsVars: boolean;
  /** Inside a namespace or a `declare` block: what is declared here is visible from elsewhere. */
  readonly ambient: boolean;
  readonly bindings: Map<string, Binding>;
}

export interface Reference {
  readonly node: Node;
  readonly name: string;
  readonly meaning: number;
  readonly scope: Scope;
}

/** A list of statements, where one can be taken out without touching the others. */
export interface StatementList {
  readonly owner: Node;
  readonly statements: readonly Node[];
  readonly scope: Scope;
}

/** What one walk over a program has found. */
export interface Analysis {
  readonly program: Program;
  readonly bindings: readonly Binding[];
  readonly lists: readonly StatementList[];
  readonly classes: readonly Node[];
  /** Names that no declaration of the file explains. */
  readonly unresolved: ReadonlySet<string>;
  /** References that could throw when read: to such names, or to a `let`, `const` or class declared further down. */
  readonly risky: ReadonlySet<Node>;
  /** `eval` or `with`: any name may be used in ways that no analysis sees. */
  readonly dynamic: boolean;
  readonly hasJsx: boolean;
}

export function newScope(node: Node, parent: Scope | null, holdsVars = false, ambient = false): Scope {
  return { node, parent, holdsVars, ambient, bindings: new Map() };
}

export function varScope(scope: Scope): Scope {
  return scope.holdsVars || scope.parent === null ? scope : varScope(scope.parent);
}

const MEANINGS: Readonly<Record<BindingKind, number>> = {
  import: ANY,
  variable: VALUE,
  function: VALUE,
  class: VALUE | TYPE,
  interface: TYPE,
  type: TYPE,
  enum: ANY,
  namespace: ANY,
  parameter: VALUE,
  'type-parameter': TYPE,
};

export function declare(scope: Scope, name: string, declaration: Declaration): Binding {
  let binding = scope.bindings.get(name);
  if (binding === undefined) {
    binding = { name, scope, meaning: 0, exported: false, declarations: [], references: [] };
    scope.bindings.set(name, binding);
  }
  binding.meaning |= MEANINGS[declaration.kind];
  binding.declarations.push(declaration);
  return binding;
}

function lookUp(reference: Reference): Binding | null {
  for (let scope: Scope | null = reference.scope; scope !== null; scope = scope.parent) {
    const binding = scope.bindings.get(reference.name);
    if (binding !== undefined && (binding.meaning & reference.meaning) !== 0) return binding;
  }
  return null;
}

const HOISTED: ReadonlySet<BindingKind> = new Set(['import', 'function', 'parameter']);

function mayBeTooEarly(binding: Binding, reference: Node): boolean {
  return !binding.declarations.some(({ kind, id }) => HOISTED.has(kind) || id.start < reference.start);
}

/** Hangs each reference on the binding it means; tells what is left over. */
export function resolveAll(references: readonly Reference[]): Pick<Analysis, 'unresolved' | 'risky'> {
  const unresolved = new Set<string>();
  const risky = new Set<Node>();
  for (const reference of references) {
    const binding = lookUp(reference);
    if (binding === null) unresolved.add(reference.name);
    else binding.references.push(reference.node);
    if (binding === null || mayBeTooEarly(binding, reference.node)) risky.add(reference.node);
  }
  return { unresolved, risky };
}
