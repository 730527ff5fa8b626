/** Which declarations move where. Everything that is not shown to be safe stays, with the reason. */
import { compareText } from '../../model/diagnostic.js';
import type { Candidate } from './candidates.js';
import { type Docs, commentsFit } from './comments.js';
import type { Graph } from './graph.js';
import { usesIdentity } from './identity.js';
import type { Module } from './module.js';
import { mayGainExport, mayImport } from './places.js';

/** `name` goes out of `from`, which takes it from `to` instead. */
export interface Merge {
  readonly name: string;
  readonly from: Module;
  readonly to: Module;
}

/** Identical declarations that were left alone. */
export interface Refusal {
  readonly name: string;
  readonly from: Module;
  readonly to: Module;
  readonly reason: string;
}

export interface MergeWorld {
  readonly modules: ReadonlyMap<string, Module>;
  readonly graph: Graph;
  /** Folder of the package that a path belongs to. */
  readonly packageOf: (path: string) => string;
  readonly docs: Docs;
  /** Is there a way to write the import? */
  readonly nameable: (way: { readonly from: Module; readonly to: Module }) => boolean;
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

interface Pair {
  readonly one: Candidate;
  readonly other: Candidate;
}

function reasonAgainst(merge: Merge, pair: Pair, world: MergeWorld): string | null {
  const { name, from, to } = merge;
  if (!world.nameable(merge)) return `nothing shows how ${from.path} would name ${to.path}`;
  const needsExport = to.exported.get(name) !== name;
  return (
    mayImport({ from, to, base: world.packageOf(from.path) }, pair.one.kind, world.graph) ??
    (needsExport ? mayGainExport(name, to, world.graph) : null) ??
    exportTrouble(merge, pair, world.graph) ??
    jsxTrouble(merge, pair) ??
    (pair.one.kind === 'function' ? identityTrouble(merge, pair, world) : null) ??
    commentsFit(world.docs, { from, to, ...pair })
  );
}

function exportTrouble({ name, from, to }: Merge, { one }: Pair, graph: Graph): string | null {
  const listed = [...from.exported.values()].includes(name) && !one.isExported;
  if (listed && one.kind === 'type') return `${name} is exported in a list`;
  if (one.isExported && graph.isTakenWhole(from.path) && graph.isTakenWhole(to.path))
    return 'both modules are exported as wholes';
  return null;
}

/** What elements stand for is written at the top of a file. */
function jsxTrouble({ name, from, to }: Merge, { one }: Pair): string | null {
  const pragmas = ({ comments }: Module): string =>
    JSON.stringify(comments.flatMap(({ value }) => value.match(/@jsx\w*\s+\S+/g) ?? []));
  const differs = one.shape.includes('"type":"JSX') && pragmas(from) !== pragmas(to);
  return differs ? `the elements of ${name} are something else in each of them` : null;
}

/** In both modules, and in those that import it from one of them. */
function identityTrouble(
  { name, from, to }: Merge,
  { one, other }: Pair,
  { modules, graph }: MergeWorld,
): string | null {
  if (usesIdentity(from, name, one.statement) || usesIdentity(to, name, other.statement))
    return `${name} is used as a value`;
  for (const module of modules.values()) {
    for (const [local, { specifier, imported }] of module.imports) {
      if (imported !== name && imported !== '*') continue;
      const target = graph.resolve(module.folder, specifier);
      if (target !== from.path && target !== to.path) continue;
      if (imported === '*' || usesIdentity(module, local, null)) return `${name} is used as a value in ${module.path}`;
    }
  }
  return null;
}

/** Names that have to move along; or the reason why what it mentions is not the same in both modules. */
function dependenciesOf({ from, to }: Merge, { one, other }: Pair, graph: Graph): string[] | string {
  const needed: string[] = [];
  for (const name of new Set([...one.mentions, ...other.mentions])) {
    const here = entityOf(from, name, graph);
    const there = entityOf(to, name, graph);
    if (here === null && there === null) continue;
    if (one.locals.has(name)) return `${name} is declared both inside and outside`;
    if (here !== null && there !== null && here === there) continue;
    if (!from.candidates.has(name) || !to.candidates.has(name)) return `${name} is something else in each of them`;
    needed.push(name);
  }
  return needed;
}

/** What a name of the module stands for; null when the module neither declares nor imports it. */
function entityOf(module: Module, name: string, graph: Graph): string | null {
  const binding = module.imports.get(name);
  if (binding !== undefined) {
    const target = graph.resolve(module.folder, binding.specifier);
    return `${target ?? outside(module, binding.specifier)}#${binding.imported}`;
  }
  return module.declared.has(name) ? `${module.path}#${name}` : null;
}

function outside(module: Module, specifier: string): string {
  return specifier.startsWith('.') ? `${module.folder}/${specifier}` : specifier;
}
