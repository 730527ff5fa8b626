/** Walking a syntax tree whose nodes are plain objects with a `type`. */

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

export function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
}

export function nameOf(value: unknown): string | null {
  const name = isNode(value) ? value.name : undefined;
  return typeof name === 'string' ? name : null;
}

/** `visit` gets each node with the node above it and the key it stands under; false means: not into this one. */
export function walk(root: Node, visit: (node: Node, parent: Node | null, key: string) => boolean): void {
  const stack: [Node, Node | null, string][] = [[root, null, '']];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [node, parent, under] = next;
    if (!visit(node, parent, under)) continue;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'range') continue;
      for (const child of nodesOf(value)) stack.push([child, node, key]);
    }
  }
}

/** Keys under which an identifier is a mere name, not a reference, unless it is computed. */
const NAME_KEYS: Readonly<Record<string, readonly string[]>> = {
  MemberExpression: ['property'],
  Property: ['key'],
  MethodDefinition: ['key'],
  PropertyDefinition: ['key'],
  AccessorProperty: ['key'],
  TSPropertySignature: ['key'],
  TSMethodSignature: ['key'],
  TSAbstractMethodDefinition: ['key'],
  TSEnumMember: ['id'],
  LabeledStatement: ['label'],
  BreakStatement: ['label'],
  ContinueStatement: ['label'],
  JSXAttribute: ['name'],
  JSXMemberExpression: ['property'],
  JSXNamespacedName: ['namespace', 'name'],
  TSQualifiedName: ['right'],
  MetaProperty: ['meta', 'property'],
  ImportSpecifier: ['imported'],
  ExportSpecifier: ['exported'],
  ExportAllDeclaration: ['exported'],
  TSNamedTupleMember: ['label'],
};

/** The name that this node refers to (or declares); null when it is none. */
export function referenceOf(node: Node, parent: Node | null, key: string): string | null {
  const isJsx = node.type === 'JSXIdentifier';
  if (node.type !== 'Identifier' && !isJsx) return null;
  if (parent !== null && parent.computed !== true && NAME_KEYS[parent.type]?.includes(key) === true) return null;
  const name = nameOf(node);
  // A lower-case element is the platform's own; `a.b` as an element starts with a name.
  return isJsx && parent?.type !== 'JSXMemberExpression' && name !== null && /^[a-z]/.test(name) ? null : name;
}

const IGNORED = new Set(['start', 'end', 'range', 'raw', 'loc', 'parent']);

/** Text that is the same for the same syntax, whatever the white space, comments and quotes. */
export function shapeOf(node: Node): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (IGNORED.has(key)) return undefined;
    return typeof value === 'bigint' ? `${value}n` : value instanceof RegExp ? String(value) : value;
  });
}

/** What a statement declares, through an `export` in front of it. */
export function declarationOf(statement: Node): Node {
  const [inner] = statement.type === 'ExportNamedDeclaration' ? nodesOf(statement.declaration) : [];
  return inner ?? statement;
}

/** Every name in a pattern; defaults and computed keys too, which only makes us more careful. */
export function patternNames(pattern: unknown): string[] {
  const names: string[] = [];
  for (const node of nodesOf(pattern)) {
    walk(node, (each) => {
      const name = each.type === 'Identifier' ? nameOf(each) : null;
      if (name !== null) names.push(name);
      return each.type !== 'TSTypeAnnotation';
    });
  }
  return names;
}
