import type { Candidate, CandidateContext, Removal } from './candidates.js';
import { whole } from './candidates.js';
import { isEffectFreeDeclaration } from './effects.js';
import { isModuleFile, isOnlyDeclarations } from './module-kind.js';
import type { Binding, BindingKind, Declaration } from './scopes.js';
import { isInside } from './syntax.js';
import type { Node } from './syntax.js';

const LOCALS: ReadonlySet<BindingKind> = new Set(['variable', 'function', 'class', 'interface', 'type', 'enum']);

const LISTS: ReadonlySet<string> = new Set(['Program', 'BlockStatement', 'SwitchCase', 'StaticBlock']);

/** Names for "unused, and I know it": the usual underscore, and words that say so. */
const SAYS_UNUSED = /^_|^unused|tree_?shaken/i;

/** Imports and local declarations that nothing refers to. */
export function unusedNames(context: CandidateContext): Candidate[] {
  const { analysis } = context;
  if (analysis.dynamic) return [];
  const inModule = isModuleFile(context.syntax, analysis);
  const keepsTop = !inModule || isOnlyDeclarations(context.syntax);
  return analysis.bindings
    .filter((binding) => isUnused(context, binding))
    .flatMap((binding) => {
      const imported = binding.declarations.every(({ kind }) => kind === 'import');
      if (binding.scope.ambient || (binding.scope.parent === null && (imported ? !inModule : keepsTop))) return [];
      return (imported ? isRemovableImport(binding, analysis.program) : isRemovableLocal(context, binding))
        ? [candidateFor(binding, imported)]
        : [];
    });
}

function isUnused({ analysis }: CandidateContext, binding: Binding): boolean {
  return (
    !SAYS_UNUSED.test(binding.name) &&
    !binding.exported &&
    !analysis.unresolved.has(binding.name) &&
    binding.references.every((reference) => isOwnReference(binding, reference))
  );
}

/** A function that only calls itself is as unused as one that nobody calls. */
function isOwnReference(binding: Binding, reference: Node): boolean {
  return binding.declarations.some(({ kind, node }) => kind !== 'variable' && isInside(reference, node));
}

/** `declare module 'x'` adds to what `x` exports: the import of `x` beside it says that it must be there. */
function isRemovableImport(binding: Binding, program: CandidateContext['analysis']['program']): boolean {
  const [declaration] = binding.declarations;
  if (declaration === undefined || binding.declarations.length > 1) return false;
  const { statement } = declaration;
  if (statement.type !== 'ImportDeclaration') return true;
  return !program.body.some(
    (other) =>
      other.type === 'TSModuleDeclaration' && other.id.type === 'Literal' && other.id.value === statement.source.value,
  );
}

function isRemovableLocal({ analysis }: CandidateContext, binding: Binding): boolean {
  const kinds = new Set(binding.declarations.map(({ kind }) => kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1 || !LOCALS.has(kind)) return false;
  if (binding.declarations.length > 1 && kind !== 'function' && kind !== 'interface') return false;
  return binding.declarations.every(
    (declaration) => isRemovableDeclaration(declaration) && isEffectFreeDeclaration(declaration.node, analysis.risky),
  );
}

function isRemovableDeclaration({ node, statement, container }: Declaration): boolean {
  if (!LISTS.has(container.type) || ('declare' in statement && statement.declare === true)) return false;
  if (node.type === 'TSTypeAliasDeclaration') return !isTypeAssertion(node.typeAnnotation);
  if (statement.type !== 'VariableDeclaration') return true;
  return !statement.kind.includes('using') && node.type === 'VariableDeclarator' && node.id.type === 'Identifier';
}

/** `type Cases = [Expect<Equal<A, B>>]` is a test that the compiler runs. */
function isTypeAssertion(type: Node): boolean {
  if (type.type === 'TSTupleType') return type.elementTypes.some(isTypeAssertion);
  return (
    type.type === 'TSTypeReference' &&
    type.typeArguments !== null &&
    type.typeName.type === 'Identifier' &&
    /expect|assert|equal|exact|verify|check/i.test(type.typeName.name)
  );
}

function removalOf({ node, statement }: Declaration): Removal {
  return node === statement ? whole(statement) : { node, owner: statement };
}

function candidateFor(binding: Binding, imported: boolean): Candidate {
  // The node of a typed name reaches to the end of its type.
  const ids = binding.declarations.map(({ id: { start } }) => ({ start, end: start + binding.name.length }));
  return {
    rule: imported ? 'unused-import' : 'unused-local',
    name: binding.name,
    span: ids[0] ?? { start: 0, end: 0 },
    votes: ids,
    quorum: 'any',
    removals: binding.declarations.map(removalOf),
  };
}
