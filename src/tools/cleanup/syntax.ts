import type { Comment, Node, ParserOptions, Program } from 'oxc-parser';

export type { Comment, Node, Program } from 'oxc-parser';

/** A half-open stretch of a text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One parsed text. `comments` is read only where something is about to be removed: most files never need it. */
export interface Syntax {
  readonly path: string;
  readonly text: string;
  readonly program: Program;
  readonly comments: () => readonly Comment[];
}

export interface SyntaxFault {
  readonly message: string;
  readonly offset: number;
}

export interface Parser {
  readonly parse: (path: string, text: string) => Syntax | SyntaxFault;
  /** Calls `visit` for each child node, in the order of the text. */
  readonly eachChild: (node: Node, visit: (child: Node) => void) => void;
}

const TYPESCRIPT = /\.([cm]?)ts$/;

/** Which grammars a file may be written in, the likeliest first: its name does not always tell. */
function grammarsOf(path: string): readonly ParserOptions[] {
  if (path.endsWith('.tsx')) return [{ lang: 'tsx', sourceType: 'unambiguous' }];
  const lang = TYPESCRIPT.test(path) ? 'ts' : 'jsx';
  if (/\.m[jt]s$/.test(path)) return [{ lang, sourceType: 'module' }];
  const commonjs: ParserOptions = { lang, sourceType: 'commonjs' };
  const unambiguous: ParserOptions = { lang, sourceType: 'unambiguous' };
  return /\.c[jt]s$/.test(path) ? [commonjs, unambiguous] : [unambiguous, commonjs];
}

export async function loadParser(): Promise<Parser> {
  const { parseSync, visitorKeys } = await import('oxc-parser');

  function parse(path: string, text: string): Syntax | SyntaxFault {
    let fault: SyntaxFault | null = null;
    for (const grammar of grammarsOf(path)) {
      const result = parseSync(path, text, { ...grammar, astType: 'ts' });
      const error = result.errors[0];
      if (error === undefined) return { path, text, program: result.program, comments: () => result.comments };
      fault ??= { message: error.message, offset: error.labels[0]?.start ?? 0 };
    }
    return fault ?? { message: 'The file does not parse.', offset: 0 };
  }

  function eachChild(node: Node, visit: (child: Node) => void): void {
    const fields = node as unknown as Readonly<Record<string, unknown>>;
    for (const key of visitorKeys[node.type] ?? []) {
      const value = fields[key];
      if (Array.isArray(value)) for (const item of value as readonly unknown[]) visitIfNode(item, visit);
      else visitIfNode(value, visit);
    }
  }

  return { parse, eachChild };
}

function visitIfNode(value: unknown, visit: (child: Node) => void): void {
  if (typeof value === 'object' && value !== null) visit(value as Node);
}

export function isFault(parsed: Syntax | SyntaxFault): parsed is SyntaxFault {
  return 'offset' in parsed;
}

export function isInside(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function isTypeScript(path: string): boolean {
  return path.endsWith('.tsx') || TYPESCRIPT.test(path);
}

/** Depth first; `enter` returning false leaves the subtree out. */
export function walk(parser: Parser, node: Node, enter: (node: Node) => boolean | undefined): void {
  if (enter(node) === false) return;
  parser.eachChild(node, (child) => walk(parser, child, enter));
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'TSEmptyBodyFunctionExpression',
  'TSDeclareFunction',
]);

export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type);
}

/** Is there such a node in the subtree, functions inside it left out? */
export function containsOutsideFunctions(parser: Parser, root: Node, test: (node: Node) => boolean): boolean {
  let found = false;
  walk(parser, root, (node) => {
    if (found || (node !== root && isFunction(node))) return false;
    found = test(node);
    return !found;
  });
  return found;
}
