/** One module as the merge sees it: what it declares, imports and exports, and which declarations could move. */
import { folderOf } from '../../host/paths.js';
import type * as Parser from 'oxc-parser';
import type { SourceText } from '../tool.js';
import { type Candidate, findCandidates } from './candidates.js';
import { type Node, declarationOf, nameOf, nodesOf, patternNames, walk } from './tree.js';

export interface ImportBinding {
  readonly specifier: string;
  /** `default`, `*`, or the name in the other module. */
  readonly imported: string;
  readonly declaration: Node;
  readonly node: Node;
}

/** A reference to another module. `runtime` is false for what only types need. */
export interface Link {
  readonly specifier: string;
  readonly runtime: boolean;
  /** `export * from`. */
  readonly all: boolean;
  /** `import * as`, `import()`, `require()`: it sees every export. */
  readonly whole: boolean;
}

export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

export interface Module {
  readonly source: SourceText;
  readonly path: string;
  readonly folder: string;
  readonly program: Node;
  readonly body: readonly Node[];
  readonly comments: readonly Comment[];
  readonly imports: ReadonlyMap<string, ImportBinding>;
  /** Names declared at the top, with the number of declarations. */
  readonly declared: ReadonlyMap<string, number>;
  /** Local names by exported name; null where they come from elsewhere. */
  readonly exported: ReadonlyMap<string, string | null>;
  readonly links: readonly Link[];
  readonly candidates: ReadonlyMap<string, Candidate>;
  readonly isTypeScript: boolean;
}

/** null for what is left alone: scripts and CommonJS, declaration files, modules with directives, syntax errors. */
export function readModule(source: SourceText, parser: typeof Parser): Module | null {
  if (/\.d\.[cm]?ts$|\.[cm]?ts\.map$|\.c[jt]s$/.test(source.path)) return null;
  const parsed = parser.parseSync(source.path, source.text);
  if (parsed.errors.length > 0 || !parsed.module.hasModuleSyntax) return null;
  const program = parsed.program as unknown as Node;
  const body = nodesOf(program.body);
  if (body.some((node) => typeof node.directive === 'string' && node.directive !== 'use strict')) return null;
  const base = {
    source,
    path: source.path,
    folder: folderOf(source.path),
    program,
    body,
    comments: parsed.comments,
    imports: importsOf(body),
    declared: declaredNames(body),
    exported: exportsOf(body),
    links: linksOf(program),
    isTypeScript: /\.[cm]?tsx?$/.test(source.path),
  };
  return { ...base, candidates: findCandidates(base) };
}

function importsOf(body: readonly Node[]): Map<string, ImportBinding> {
  const imports = new Map<string, ImportBinding>();
  for (const declaration of body.filter((node) => node.type === 'ImportDeclaration')) {
    for (const node of nodesOf(declaration.specifiers)) {
      const local = nameOf(node.local);
      const imported =
        node.type === 'ImportNamespaceSpecifier'
          ? '*'
          : node.type === 'ImportDefaultSpecifier'
            ? 'default'
            : literalOrName(node.imported);
      if (local !== null) imports.set(local, { specifier: specifierOf(declaration), imported, declaration, node });
    }
  }
  return imports;
}

function literalOrName(node: unknown): string {
  const [one] = nodesOf(node);
  return nameOf(one) ?? (typeof one?.value === 'string' ? one.value : '');
}

export function specifierOf(declaration: Node): string {
  return literalOrName(declaration.source);
}

function declaredNames(body: readonly Node[]): Map<string, number> {
  const names = new Map<string, number>();
  for (const statement of body) {
    const inner =
      statement.type === 'ExportDefaultDeclaration' ? nodesOf(statement.declaration)[0] : declarationOf(statement);
    for (const name of inner === undefined ? [] : namesDeclaredBy(inner)) names.set(name, (names.get(name) ?? 0) + 1);
  }
  return names;
}

function namesDeclaredBy(node: Node): string[] {
  if (node.type === 'VariableDeclaration') return nodesOf(node.declarations).flatMap((each) => patternNames(each.id));
  const name = nameOf(node.id);
  return name === null || node.type.endsWith('Expression') ? [] : [name];
}

function exportsOf(body: readonly Node[]): Map<string, string | null> {
  const exported = new Map<string, string | null>();
  for (const statement of body.filter((node) => node.type === 'ExportNamedDeclaration')) {
    for (const name of declarationOf(statement) === statement ? [] : namesDeclaredBy(declarationOf(statement)))
      exported.set(name, name);
    for (const node of nodesOf(statement.specifiers)) {
      exported.set(literalOrName(node.exported), statement.source === null ? literalOrName(node.local) : null);
    }
  }
  return exported;
}

function linksOf(program: Node): Link[] {
  const links: Link[] = [];
  walk(program, (node) => {
    const link = linkOf(node);
    if (link !== null) links.push(link);
    return true;
  });
  return links;
}

function linkOf(node: Node): Link | null {
  const whole = { runtime: true, all: false, whole: true };
  if (
    node.type === 'ImportDeclaration' ||
    node.type === 'ExportNamedDeclaration' ||
    node.type === 'ExportAllDeclaration'
  ) {
    if (nodesOf(node.source).length === 0) return null;
    const specifiers = nodesOf(node.specifiers);
    const isType = (each: Node): boolean => each.importKind === 'type' || each.exportKind === 'type';
    return {
      specifier: specifierOf(node),
      runtime: !(isType(node) || (specifiers.length > 0 && specifiers.every(isType))),
      all: node.type === 'ExportAllDeclaration',
      whole: specifiers.some((each) => each.type === 'ImportNamespaceSpecifier'),
    };
  }
  if (node.type === 'ImportExpression') return { ...whole, specifier: literalOrName(node.source) };
  if (node.type === 'TSImportType')
    return { ...whole, runtime: false, specifier: literalOrName(node.source ?? node.argument) };
  const isRequire = node.type === 'CallExpression' && nameOf(node.callee) === 'require';
  return isRequire ? { ...whole, specifier: literalOrName(nodesOf(node.arguments)[0]) } : null;
}
