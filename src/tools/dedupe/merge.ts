/** Which declarations move where. Everything that is not shown to be safe stays, with the reason. */
import { compareText } from '../../model/diagnostic.js';
import type { Module } from './module.js';
import { type Merge, type MergeWorld, dependenciesOf, reasonAgainst } from './safety.js';

/** Identical declarations that were left alone. */
export interface Refusal {
  readonly name: string;
  readonly from: Module;
  readonly to: Module;
  readonly reason: string;
}

export interface Merges {
  readonly merges: readonly Merge[];
  readonly refusals: readonly Refusal[];
}

export function planMerges(world: MergeWorld): Merges {
  const state: State = { removed: new Map(), kept: new Set(), merges: [], refusals: [] };
  for (const group of groupsOf(world)) mergeGroup(group, world, state);
  return state;
}

interface State {
  /** Where each removed declaration went, by `path#name`. */
  readonly removed: Map<string, Module>;
  readonly kept: Set<string>;
  readonly merges: Merge[];
  readonly refusals: Refusal[];
}

interface Group {
  readonly name: string;
  /** By path. */
  readonly members: readonly Module[];
}

function groupsOf({ modules, packageOf }: MergeWorld): Group[] {
  const groups = new Map<string, { name: string; members: Module[] }>();
  const sorted = [...modules].sort(([a], [b]) => compareText(a, b));
  for (const [path, module] of sorted) {
    for (const { name, shape, isWorthIt } of module.candidates.values()) {
      if (!isWorthIt) continue;
      const key = JSON.stringify([packageOf(path), module.isTypeScript, name, shape]);
      const group = groups.get(key) ?? { name, members: [] };
      group.members.push(module);
      groups.set(key, group);
    }
  }
  return [...groups.values()].filter(({ members }) => members.length > 1);
}

function mergeGroup({ name, members }: Group, world: MergeWorld, state: State): void {
  const attempts = orderPlaces(name, members, world).map((to) => ({
    to,
    tries: members
      .filter((from) => from !== to)
      .map((from) => ({ from, answer: tryMerge({ name, from, to }, world, state) })),
  }));
  const good = (attempt: (typeof attempts)[number]): number =>
    attempt.tries.filter(({ answer }) => typeof answer !== 'string').length;
  const best = attempts.reduce((a, b) => (good(b) > good(a) ? b : a));
  for (const { from } of best.tries) {
    // Asked again: what was merged just now may change the answer.
    const answer = tryMerge({ name, from, to: best.to }, world, state);
    if (typeof answer === 'string') state.refusals.push({ name, from, to: best.to, reason: answer });
    else for (const merge of answer.values()) accept(merge, world, state);
  }
}

/** A module that exports it already comes first, then the one that loads the least, then by path. */
function orderPlaces(name: string, members: readonly Module[], { graph }: MergeWorld): readonly Module[] {
  const rank = (module: Module): readonly [number, number] => [
    module.exported.get(name) === name ? 0 : 1,
    graph.reach(module.path, 'all').modules.size,
  ];
  return [...members].sort((a, b) => {
    const [exportA, sizeA] = rank(a);
    const [exportB, sizeB] = rank(b);
    return exportA - exportB || sizeA - sizeB || compareText(a.path, b.path);
  });
}

function accept(merge: Merge, { graph }: MergeWorld, state: State): void {
  const { name, from, to } = merge;
  if (state.removed.has(id(from, name))) return;
  state.removed.set(id(from, name), to);
  state.kept.add(id(to, name));
  state.merges.push(merge);
  graph.connect(from.path, to.path, from.candidates.get(name)?.kind !== 'type');
}

function id(module: Module, name: string): string {
  return `${module.path}#${name}`;
}

/** The merge and those it needs, by name; or the reason why not. */
function tryMerge(merge: Merge, world: MergeWorld, state: State): ReadonlyMap<string, Merge> | string {
  const needed = new Map<string, Merge>();
  const queue = [merge];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (needed.has(next.name)) continue;
    const { name, from, to } = next;
    const already = state.removed.get(id(from, name));
    if (already !== undefined && already !== to) return `${name} was merged into ${already.path}`;
    const one = from.candidates.get(name);
    const other = to.candidates.get(name);
    if (one === undefined || other?.shape !== one.shape) return `${name} is not the same in both`;
    if (state.kept.has(id(from, name)) || state.removed.has(id(to, name))) return `${name} is part of another merge`;
    const reason = reasonAgainst(next, { one, other }, world);
    if (reason !== null) return reason;
    needed.set(name, next);
    const dependencies = dependenciesOf(next, { one, other }, world.graph);
    if (typeof dependencies === 'string') return dependencies;
    queue.push(...dependencies.map((dependency) => ({ name: dependency, from, to })));
  }
  return needed;
}
