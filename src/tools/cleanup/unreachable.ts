import type { Candidate, CandidateContext } from './candidates.js';
import { spanOf, whole } from './candidates.js';
import { neverCompletes } from './completion.js';
import type { Binding, Scope, StatementList } from './scopes.js';
import { containsOutsideFunctions, isFunction, isInside, isTypeScript } from './syntax.js';
import type { Node } from './syntax.js';

/** Statements that come after one that never lets go on. */
export function unreachableCode(context: CandidateContext): Candidate[] {
  if (context.analysis.dynamic) return [];
  return context.analysis.lists.flatMap((list) => deadRuns(context, list));
}

function deadRuns(context: CandidateContext, list: StatementList): Candidate[] {
  const stop = list.statements.findIndex((statement) => neverCompletes(context.parser, statement));
  if (stop < 0 || stop === list.statements.length - 1) return [];
  const after = list.statements.slice(stop + 1);
  const dead = withoutNamesUsedElsewhere(
    context,
    after.filter((statement) => mayGo(context, statement, list.scope)),
  );
  return runsOf(after, dead).map((run) => ({
    rule: 'unreachable-code',
    name: '',
    span: { start: run[0]?.start ?? 0, end: run.at(-1)?.end ?? 0 },
    votes: run.map(spanOf),
    quorum: 'all',
    removals: run.map(whole),
  }));
}

/** Neighbours go, and are reported, together. */
function runsOf(statements: readonly Node[], dead: ReadonlySet<Node>): Node[][] {
  const runs: Node[][] = [];
  let open: Node[] | null = null;
  for (const statement of statements) {
    if (!dead.has(statement)) open = null;
    else if (open !== null) open.push(statement);
    else runs.push((open = [statement]));
  }
  return runs;
}

const STAYS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'TSDeclareFunction',
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportDefaultDeclaration',
  'ExportAllDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSModuleDeclaration',
  'TSEnumDeclaration',
  'TSImportEqualsDeclaration',
  'TSExportAssignment',
  'EmptyStatement',
]);

function mayGo({ parser, syntax }: CandidateContext, statement: Node, scope: Scope): boolean {
  if (STAYS.has(statement.type)) return false;
  const returnsCount = isTypeScript(syntax.path) && infersReturnType(scope);
  return !containsOutsideFunctions(parser, statement, (node) => {
    if (node.type === 'YieldExpression' || node.type === 'Super') return true;
    return returnsCount && node.type === 'ReturnStatement';
  });
}

/** Without an annotation TypeScript infers the type from every `return`, the unreachable ones too. */
function infersReturnType(scope: Scope): boolean {
  for (let at: Scope | null = scope; at !== null; at = at.parent)
    if (isFunction(at.node)) return !('returnType' in at.node) || at.node.returnType === null;
  return false;
}

/** What declares a name that living code uses stays: a `var` is hoisted, a dead `const` shadows an outer one. */
function withoutNamesUsedElsewhere({ analysis }: CandidateContext, statements: readonly Node[]): ReadonlySet<Node> {
  const dead = new Set(statements);
  const declarers = statements.map((statement) => ({
    statement,
    names: analysis.bindings.filter((binding) => isDeclaredBy(binding, statement)),
  }));
  const holds = (node: Node): boolean => [...dead].some((statement) => isInside(node, statement));
  for (let before = -1; before !== dead.size;) {
    before = dead.size;
    for (const { statement, names } of declarers)
      if (names.some((binding) => analysis.unresolved.has(binding.name) || !binding.references.every(holds)))
        dead.delete(statement);
  }
  return dead;
}

function isDeclaredBy(binding: Binding, statement: Node): boolean {
  const { scope } = binding;
  return (
    binding.declarations.some(({ id }) => isInside(id, statement)) &&
    (scope.node.type === 'Program' || !isInside(scope.node, statement))
  );
}
