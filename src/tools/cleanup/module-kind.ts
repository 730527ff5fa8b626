import type { Analysis } from './scopes.js';
import type { Node, Syntax } from './syntax.js';

const MODULE_STATEMENTS: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportDefaultDeclaration',
  'ExportAllDeclaration',
  'TSExportAssignment',
  'TSNamespaceExportDeclaration',
]);

/** A statement that makes a file a module. */
export function isModuleStatement(node: Node): boolean {
  if (node.type === 'TSImportEqualsDeclaration') return node.moduleReference.type === 'TSExternalModuleReference';
  return MODULE_STATEMENTS.has(node.type);
}

/** A file of this name is a module whatever stands in it. */
export function isModuleByName(path: string): boolean {
  return /\.[cm][jt]s$/.test(path);
}

const COMMONJS_NAMES = ['module', 'exports', 'require'];
/** A script that looks whether it is in a module system may as well be loaded by a page, where its names are global. */
const UNIVERSAL = /typeof\s*\(?\s*(?:module|exports|require|define)\b/;

/** Are the top-level names of this file its own? In a plain script they are global, and anyone may use them. */
export function isModuleFile(syntax: Syntax, analysis: Analysis): boolean {
  if (isModuleByName(syntax.path) || syntax.program.body.some(isModuleStatement)) return true;
  return COMMONJS_NAMES.some((name) => analysis.unresolved.has(name)) && !UNIVERSAL.test(syntax.text);
}

const DECLARATIONS: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'VariableDeclaration',
  'FunctionDeclaration',
  'ClassDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSEnumDeclaration',
  'TSModuleDeclaration',
  'TSDeclareFunction',
  'TSImportEqualsDeclaration',
  'EmptyStatement',
]);

/**
 * A module that neither exports nor runs anything is there for what it declares: an example, something unfinished, types
 * to be checked. By the book all of it is unused; without it nothing is left.
 */
export function isOnlyDeclarations({ program }: Syntax): boolean {
  return program.body.every(
    (statement) => DECLARATIONS.has(statement.type) || ('directive' in statement && statement.directive !== null),
  );
}
