/** What speaks against a merge. */
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

export interface MergeWorld {
  readonly modules: ReadonlyMap<string, Module>;
  readonly graph: Graph;
  /** Folder of the package that a path belongs to. */
  readonly packageOf: (path: string) => string;
  readonly docs: Docs;
  /** Is there a way to write the import? */
  readonly nameable: (way: { readonly from: Module; readonly to: Module }) => boolean;
}

/** The declaration in both modules. */
export interface Pair {
  readonly one: Candidate;
  readonly other: Candidate;
}

/** The first reason that is found, or null. */
export function reasonAgainst(merge: Merge, pair: Pair, world: MergeWorld): string | null {
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
export function dependenciesOf({ from, to }: Merge, { one, other }: Pair, graph: Graph): string[] | string {
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
