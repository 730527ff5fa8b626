/** Merges as small changes of text. */
import { type Change, applyChanges, outOf, wholeLines } from './changes.js';
import type { DeclarationText, Docs } from './comments.js';
import type { Graph } from './graph.js';
import { idleImports, linesFor, namesUsed, removeImports } from './imports.js';
import type { Merge } from './safety.js';
import type { Module } from './module.js';
import type { ImportStyle, Styles } from './style.js';

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
  return new Map([...changes].map(([module, list]) => [module.path, applyChanges(module.source.text, list)]));
}

function exportChange(module: Module, name: string): Change[] {
  const statement = module.candidates.get(name)?.statement;
  if (statement === undefined || module.exported.get(name) === name) return [];
  return [{ start: statement.start, end: statement.start, text: 'export ' }];
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
