/** Ways through the syntax tree of a config: every value keeps its place in the text. Tolerant: a wrong shape is empty. */
import type { Node } from 'jsonc-parser';

export type { Node } from 'jsonc-parser';
export type Path = readonly (string | number)[];

export interface Range {
  readonly offset: number;
  readonly length: number;
}

export interface Entry {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
}

export function entriesOf(node: Node | null): readonly Entry[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    return key === undefined ? [] : [{ name: String(key.value), key, value: value ?? null }];
  });
}

export function itemsOf(node: Node | null): readonly Node[] {
  return node?.type === 'array' ? (node.children ?? []) : [];
}

export function textOf(node: Node | null): string | null {
  return node?.type === 'string' ? String(node.value) : null;
}

/** Of keys that stand twice the last one counts, as in `JSON.parse`. */
export function memberOf(node: Node | null, name: string): Entry | null {
  return entriesOf(node).findLast((entry) => entry.name === name) ?? null;
}

export function valueOf(node: Node | null, name: string): Node | null {
  return memberOf(node, name)?.value ?? null;
}

export function nodeAt(root: Node, path: Path): Node | null {
  return path.reduce<Node | null>(
    (node, part) => (typeof part === 'number' ? (itemsOf(node)[part] ?? null) : valueOf(node, part)),
    root,
  );
}

/** Where to point for a key: its name in the file; for one that is missing, the name of what should hold it. */
export function keyRange(root: Node, path: Path): Range {
  const part = path.at(-1);
  if (part === undefined) return opening(root);
  const parent = path.slice(0, -1);
  const owner = nodeAt(root, parent);
  if (typeof part === 'number') return itemsOf(owner)[part] ?? owner ?? keyRange(root, parent);
  const key = memberOf(owner, part)?.key;
  if (key !== undefined) return key;
  return typeof parent.at(-1) === 'number' && owner !== null ? opening(owner) : keyRange(root, parent);
}

/** A whole object would be marked over many lines; its bracket is enough. */
function opening(node: Node): Range {
  return { offset: node.offset, length: 1 };
}

const IDENTIFIER = /^[\w$-]+$/;

/** `workflows.nightly.steps[2].command` */
export function showPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!IDENTIFIER.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}
