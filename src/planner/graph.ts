/** A node and the nodes that must come before it; names that are not nodes are ignored. */
export interface GraphNode {
  readonly id: string;
  readonly after: readonly string[];
}

export type Sorted = { readonly order: readonly string[] } | { readonly circle: readonly string[] };

/**
 * Topological order; among nodes that are free to go, the one listed first goes first, so that the order a person wrote is
 * kept wherever nothing asks for another. A circle is returned whole, closed: `a → b → a`.
 */
export function sortGraph(nodes: readonly GraphNode[]): Sorted {
  const waiting = new Map(nodes.map((node) => [node.id, new Set(node.after)]));
  for (const needs of waiting.values()) for (const need of needs) if (!waiting.has(need)) needs.delete(need);
  const order: string[] = [];
  while (waiting.size > 0) {
    const free = [...waiting].find(([, needs]) => needs.size === 0);
    if (free === undefined) return { circle: findCircle(waiting) };
    order.push(free[0]);
    waiting.delete(free[0]);
    for (const needs of waiting.values()) needs.delete(free[0]);
  }
  return { order };
}

/** Everything that waits needs something that waits: following the needs must come back to a node seen before. */
function findCircle(waiting: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const path: string[] = [];
  let [node] = waiting.keys();
  while (node !== undefined && !path.includes(node)) {
    path.push(node);
    [node] = waiting.get(node) ?? [];
  }
  const start = path.indexOf(node ?? '');
  return [...path.slice(start), ...(node === undefined ? [] : [node])];
}
