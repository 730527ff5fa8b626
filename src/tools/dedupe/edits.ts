/** Merges as small changes of text. */
import type { DeclarationText, Docs } from './comments.js';
import type { Graph } from './graph.js';
import type { Merge } from './merge.js';
import { type ImportBinding, type Module, specifierOf } from './module.js';
import { type ImportStyle, type Styles, specifierFor } from './style.js';
import { type Node, nodesOf, referenceOf, walk } from './tree.js';

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface EditWorld {
  readonly graph: Graph;
  readonly docs: Docs;
  readonly styles: Styles;
}

/** New texts by path. */
export function applyMerges(merges: readonly Merge[], world: EditWorld): ReadonlyMap<string, string> {
  const changes = new Map<Module, Change[]>();
  const add = (module: Module, more: readonly Change[]): void => {
    changes.set(module, [...(changes.get(module) ?? []), ...more]);
  };
  const wanted = new Map<string, Merge>();
  for (const from of new Set(merges.map((merge) => merge.from))) {
    const own = merges.filter((merge) => merge.from === from);
    const { changes: more, taken } = leave(from, own, world);
    add(from, more);
    for (const merge of own) if (taken.has(merge.name)) wanted.set(`${merge.to.path}#${merge.name}`, merge);
  }
  for (const { to, name } of wanted.values()) add(to, exportChange(to, name));
  return new Map([...changes].map(([module, list]) => [module.path, apply(module.source.text, list)]));
}

function exportChange(module: Module, name: string): Change[] {
  const statement = module.candidates.get(name)?.statement;
  if (statement === undefined || module.exported.get(name) === name) return [];
  return [{ start: statement.start, end: statement.start, text: 'export ' }];
}

function apply(text: string, changes: readonly Change[]): string {
  const ordered = [...changes].sort((a, b) => b.start - a.start || b.end - a.end);
  for (const [at, change] of ordered.entries()) {
    const next = ordered[at + 1];
    if (next !== undefined && next.end > change.start) throw new Error('Two changes of one text overlap');
  }
  return ordered.reduce(
    (result, { start, end, text: part }) => result.slice(0, start) + part + result.slice(end),
    text,
  );
}

interface Leaving {
  readonly changes: Change[];
  /** What it takes from elsewhere now; the rest it does not need. */
  readonly taken: ReadonlySet<string>;
}

/** All changes of a module that declarations leave. */
function leave(module: Module, merges: readonly Merge[], { graph, docs, styles }: EditWorld): Leaving {
  const style = styles(module);
  if (style === null) throw new Error(`Nothing shows how ${module.path} writes its imports`);
  const going = merges.flatMap(({ name }) => module.candidates.get(name) ?? []);
  const gone = going.map((candidate) => docs(module, candidate));
  const used = namesUsed(module, gone);
  const idle = idleImports(module, gone, used);
  const lines = linesFor(module, merges, { style, used, idle, graph });
  const removals = gone.map((range) => removal(module.source.text, range));
  return {
    changes: [
      ...removals,
      ...removeImports(module, idle),
      ...lines.changes,
      ...insertion(module, lines.text, style).map((change) => outOf(removals, change)),
    ],
    taken: new Set(going.filter(({ name, isExported }) => isExported || used.has(name)).map(({ name }) => name)),
  };
}

/** What is put in where something goes comes before it. */
function outOf(removals: readonly Change[], change: Change): Change {
  const around = removals.find(({ start, end }) => start <= change.start && change.start <= end);
  return around === undefined ? change : { ...change, start: around.start, end: around.start };
}

/** Names that are mentioned outside of what goes and outside of import lines. */
function namesUsed(module: Module, gone: readonly DeclarationText[]): ReadonlySet<string> {
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
function idleImports(
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

function removeImports(module: Module, idle: readonly ImportBinding[]): Change[] {
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

function wholeLines(text: string, { start, end }: { readonly start: number; readonly end: number }): Change {
  const rest = /^[^\S\r\n]*(?:\r?\n)?/.exec(text.slice(end))?.[0].length ?? 0;
  return { start, end: end + rest, text: '' };
}

/** The declaration with its lines, and one of the blank lines around it. */
function removal(text: string, range: DeclarationText): Change {
  const { start, end } = wholeLines(text, range);
  const before = text.slice(0, start);
  const after = text.slice(end);
  const isFirst = before.replace(/^\uFEFF/, '').trim() === '';
  const blankAfter = /^[^\S\r\n]*\r?\n/.exec(after)?.[0];
  if (blankAfter !== undefined && (isFirst || /\n[^\S\r\n]*\r?\n$/.test(before))) {
    return { start, end: end + blankAfter.length, text: '' };
  }
  const blankBefore = after.trim() === '' ? /(\r?\n)(?:[^\S\r\n]*\r?\n)+$/.exec(before) : null;
  return {
    start: blankBefore === null ? start : start - blankBefore[0].length + (blankBefore[1] ?? '').length,
    end,
    text: '',
  };
}

interface LineContext {
  readonly style: ImportStyle;
  readonly used: ReadonlySet<string>;
  readonly idle: readonly ImportBinding[];
  readonly graph: Graph;
}

/** Import and re-export lines that take the place of what goes; where an import of that module is there, it is extended. */
function linesFor(module: Module, merges: readonly Merge[], context: LineContext): { changes: Change[]; text: string } {
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

/** After the last import; without any, before the first statement and the comments that belong to it. */
function insertion(module: Module, text: string, { newline }: ImportStyle): Change[] {
  if (text === '') return [];
  const source = module.source.text;
  const last = module.body.findLast((node) => node.type === 'ImportDeclaration');
  if (last !== undefined) {
    const { end } = wholeLines(source, last);
    const gap = source.slice(last.end, end).includes('\n') ? '' : newline;
    return [{ start: end, end, text: gap + text }];
  }
  const start = headEnd(module);
  return [{ start, end: start, text: text + newline }];
}

/** Behind a shebang, directives, and comments that stand apart from the first statement. */
function headEnd({ body, comments, source }: Module): number {
  const first = body.find((node) => typeof node.directive !== 'string');
  let start = first?.start ?? source.text.length;
  const floor = body.filter((node) => typeof node.directive === 'string').at(-1)?.end ?? 0;
  for (const comment of [...comments].reverse()) {
    if (comment.end > start || comment.start < floor) continue;
    if (/\n[^\S\r\n]*\r?\n/.test(source.text.slice(comment.end, start)) || /^\s*@|eslint|@ts-/.test(comment.value))
      break;
    start = comment.start;
  }
  return start;
}
