/** The import and re-export lines of a module that declarations leave. */
import { type Change, wholeLines } from './changes.js';
import type { DeclarationText } from './comments.js';
import type { Graph } from './graph.js';
import type { Merge } from './safety.js';
import { type ImportBinding, type Module, specifierOf } from './module.js';
import { type ImportStyle, specifierFor } from './style.js';
import { type Node, nodesOf, referenceOf, walk } from './tree.js';

/** Names that are mentioned outside of what goes and outside of import lines. */
export function namesUsed(module: Module, gone: readonly DeclarationText[]): ReadonlySet<string> {
  const used = new Set<string>();
  walk(module.program, (node, parent, key) => {
    if (node.type === 'ImportDeclaration' || gone.some(({ start, end }) => node.start >= start && node.end <= end))
      return false;
    const name = referenceOf(node, parent, key);
    if (name !== null) used.add(name);
    if (node.type.startsWith('JSX')) used.add('React');
    return true;
  });
  return used;
}

/** Imports that nothing needs any more, because what needed them has gone to a module that has them too. */
export function idleImports(
  module: Module,
  gone: readonly DeclarationText[],
  used: ReadonlySet<string>,
): readonly ImportBinding[] {
  const names = new Set<string>();
  walk(module.program, (node, parent, key) => {
    const name = referenceOf(node, parent, key);
    if (name !== null && gone.some(({ start, end }) => node.start >= start && node.end <= end)) names.add(name);
    return true;
  });
  const outside = module.comments.filter(
    (comment) => !gone.some(({ start, end }) => comment.start >= start && comment.end <= end),
  );
  const words = new Set(outside.flatMap(({ value }) => value.split(/[^\w$]+/)));
  return [...module.imports]
    .filter(([name]) => names.has(name) && !used.has(name) && !words.has(name) && name !== 'React')
    .map(([, binding]) => binding);
}

export function removeImports(module: Module, idle: readonly ImportBinding[]): Change[] {
  return [...new Set(idle.map(({ declaration }) => declaration))].flatMap((declaration) => {
    const specifiers = nodesOf(declaration.specifiers);
    const going = new Set(idle.map(({ node }) => node));
    const staying = specifiers.filter((node) => !going.has(node));
    if (staying.length === 0) return [wholeLines(module.source.text, declaration)];
    return specifiers.every((node) => node.type === 'ImportSpecifier') ? removeFromList(specifiers, going) : [];
  });
}

/** Each with the comma that parts it from a neighbour that stays. */
function removeFromList(specifiers: readonly Node[], going: ReadonlySet<Node>): Change[] {
  const firstStaying = specifiers.findIndex((node) => !going.has(node));
  return specifiers.flatMap((node, at) => {
    if (!going.has(node)) return [];
    const next = specifiers[at + 1];
    const before = specifiers[at - 1];
    if (at < firstStaying && next !== undefined) return [{ start: node.start, end: next.start, text: '' }];
    return [{ start: before?.end ?? node.start, end: node.end, text: '' }];
  });
}

export interface LineContext {
  readonly style: ImportStyle;
  readonly used: ReadonlySet<string>;
  readonly idle: readonly ImportBinding[];
  readonly graph: Graph;
}

/** Import and re-export lines that take the place of what goes; where an import of that module is there, it is extended. */
export function linesFor(
  module: Module,
  merges: readonly Merge[],
  context: LineContext,
): { changes: Change[]; text: string } {
  const changes: Change[] = [];
  const lines: string[] = [];
  const places = [...new Set(merges.map(({ to }) => to))].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const to of places) {
    for (const isType of [false, true]) {
      const names = merges
        .filter((merge) => merge.to === to && (module.candidates.get(merge.name)?.kind === 'type') === isType)
        .map(({ name }) => name);
      const imported = names.filter((name) => context.used.has(name));
      const exported = names.filter((name) => module.candidates.get(name)?.isExported === true);
      const existing = imported.length === 0 ? null : importToExtend(module, to, { isType, context });
      if (existing !== null) changes.push({ start: existing.end, end: existing.end, text: `, ${imported.join(', ')}` });
      else if (imported.length > 0) lines.push(line('import', imported, { module, to, isType, context }));
      if (exported.length > 0) lines.push(line('export', exported, { module, to, isType, context }));
    }
  }
  return { changes, text: lines.join('') };
}

interface LineTarget {
  readonly module: Module;
  readonly to: Module;
  readonly isType: boolean;
  readonly context: LineContext;
}

function line(keyword: string, names: readonly string[], { module, to, isType, context }: LineTarget): string {
  const { ending, quote, semicolon, newline } = context.style;
  const specifier = specifierFor(module, to, ending);
  if (specifier === null) throw new Error(`${module.path} cannot name ${to.path}`);
  const type = isType ? 'type ' : '';
  return `${keyword} ${type}{ ${names.join(', ')} } from ${quote}${specifier}${quote}${semicolon}${newline}`;
}

/** The last name of an import of that module to which one more may be added. */
function importToExtend(
  module: Module,
  to: Module,
  { isType, context }: Pick<LineTarget, 'isType' | 'context'>,
): Node | null {
  for (const declaration of module.body.filter((node) => node.type === 'ImportDeclaration')) {
    const specifiers = nodesOf(declaration.specifiers);
    const last = specifiers.at(-1);
    const isSame = context.graph.resolve(module.folder, specifierOf(declaration)) === to.path;
    const isKind = (declaration.importKind === 'type') === isType;
    const isTouched = context.idle.some((binding) => binding.declaration === declaration);
    if (isSame && isKind && !isTouched && last?.type === 'ImportSpecifier') return last;
  }
  return null;
}
