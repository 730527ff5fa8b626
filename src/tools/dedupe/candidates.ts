/** Declarations that mean the same wherever they stand, as far as one module can tell. */
import type { Module } from './module.js';
import { type Node, declarationOf, nameOf, nodesOf, patternNames, referenceOf, shapeOf, walk } from './tree.js';

export interface Candidate {
  readonly name: string;
  readonly kind: 'function' | 'constant' | 'type';
  /** The statement, an `export` in front of it included. */
  readonly statement: Node;
  readonly isExported: boolean;
  readonly shape: string;
  /** Every name that it mentions, its own aside. */
  readonly mentions: ReadonlySet<string>;
  /** Those of them that it declares itself, somewhere inside. */
  readonly locals: ReadonlySet<string>;
  /** Worth a merge by itself; the others move only with one that needs them. */
  readonly isWorthIt: boolean;
}

/** Shorter ones are the same by chance more often than by copying. */
const SHORTEST_ALONE = 40;

type Base = Omit<Module, 'candidates'>;

export function findCandidates(module: Base): Map<string, Candidate> {
  const found = module.body.flatMap((statement) => candidateOf(statement, module) ?? []);
  return new Map(
    found
      .filter(({ name }) => module.declared.get(name) === 1)
      .filter(({ name, kind }) => kind === 'type' || !isAssigned(module.program, name))
      .map((candidate) => [candidate.name, candidate]),
  );
}

function candidateOf(statement: Node, { source }: Base): Candidate | null {
  if (statement.type === 'ExportDefaultDeclaration') return null;
  const node = declarationOf(statement);
  const kind = kindOf(node);
  const name = kind === null ? null : (nameOf(node.id) ?? nameOf(nodesOf(node.declarations)[0]?.id));
  if (kind === null || name === null || hasHazard(node)) return null;
  const { mentions, locals } = namesIn(node);
  mentions.delete(name);
  return {
    name,
    kind,
    statement,
    isExported: statement !== node,
    shape: shapeOf(node),
    mentions,
    locals,
    isWorthIt:
      kind !== 'constant' && source.text.slice(node.start, node.end).replace(/\s+/g, ' ').length >= SHORTEST_ALONE,
  };
}

function kindOf(node: Node): Candidate['kind'] | null {
  if (node.declare === true) return null;
  if (node.type === 'FunctionDeclaration') return 'function';
  if (node.type === 'TSTypeAliasDeclaration' || node.type === 'TSInterfaceDeclaration') return 'type';
  return node.type === 'VariableDeclaration' && node.kind === 'const' ? kindOfConstant(node) : null;
}

function kindOfConstant(node: Node): Candidate['kind'] | null {
  const [only, ...others] = nodesOf(node.declarations);
  const [init] = nodesOf(only?.init);
  if (init === undefined || others.length > 0 || nodesOf(only?.id)[0]?.type !== 'Identifier') return null;
  return init.type === 'ArrowFunctionExpression' ? 'function' : isPureLiteral(init) ? 'constant' : null;
}

/** Compared by value, so that two of them are one. */
function isPureLiteral(node: Node): boolean {
  if (node.type === 'Literal') return node.regex === undefined || node.regex === null;
  if (node.type === 'TemplateLiteral') return nodesOf(node.expressions).length === 0;
  if (node.type === 'UnaryExpression') return node.operator === '-' && nodesOf(node.argument).every(isPureLiteral);
  return node.type === 'TSAsExpression' && nodesOf(node.expression).every(isPureLiteral);
}

/** What depends on the module it stands in, or keeps state at its place. */
const HAZARDS = new Set([
  ...['ThisExpression', 'TSThisType', 'Super', 'MetaProperty', 'ImportExpression', 'TSImportType', 'WithStatement'],
  ...['TaggedTemplateExpression', 'ClassDeclaration', 'ClassExpression', 'TSEnumDeclaration', 'Decorator'],
]);
const HAZARDOUS_NAMES = new Set([
  ...['arguments', 'eval', 'require', 'module', 'exports', '__dirname', '__filename', 'global', 'jest', 'vi'],
]);

function hasHazard(declaration: Node): boolean {
  let found = false;
  walk(declaration, (node, parent, key) => {
    const name = referenceOf(node, parent, key);
    found ||=
      HAZARDS.has(node.type) || typeof node.directive === 'string' || (name !== null && HAZARDOUS_NAMES.has(name));
    return !found;
  });
  return found;
}

const FUNCTIONS =
  /^(?:Function|ArrowFunction|TSEmptyBodyFunction|TSDeclareFunction)|^TS(?:Function|Constructor)Type$|^TSMethodSignature$|^TSCallSignature/;

function namesIn(declaration: Node): { mentions: Set<string>; locals: Set<string> } {
  const mentions = new Set<string>();
  const locals = new Set<string>();
  walk(declaration, (node, parent, key) => {
    const name = referenceOf(node, parent, key);
    if (name !== null) mentions.add(name);
    if (node.type.startsWith('JSX')) mentions.add('React');
    if (node !== declaration) for (const local of declaredInside(node, declaration)) locals.add(local);
    if (FUNCTIONS.test(node.type)) for (const local of patternNames(node.params)) locals.add(local);
    return true;
  });
  return { mentions, locals };
}

function declaredInside(node: Node, declaration: Node): string[] {
  if (node.type === 'VariableDeclarator')
    return nodesOf(declaration.declarations).includes(node) ? [] : patternNames(node.id);
  if (node.type === 'CatchClause') return patternNames(node.param);
  if (node.type === 'TSTypeParameter') return patternNames(node.name);
  if (node.type === 'TSMappedType') return patternNames(node.key);
  return /^(?:Function|TSTypeAlias|TSInterface)/.test(node.type) ? patternNames(node.id) : [];
}

/** Is the name written to, or given properties, anywhere in the module? Names of inner scopes count as well. */
function isAssigned(program: Node, name: string): boolean {
  let found = false;
  walk(program, (node) => {
    const target =
      node.type === 'AssignmentExpression' || /^For(?:In|Of)Statement$/.test(node.type)
        ? node.left
        : node.type === 'UpdateExpression'
          ? node.argument
          : undefined;
    found ||= nodesOf(target).some((each) => each.type !== 'VariableDeclaration' && patternNames(each).includes(name));
    return !found;
  });
  return found;
}
