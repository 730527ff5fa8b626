/** How a module writes its imports: endings, quotes, semicolons, line ends. */
import { posix } from '../../host/paths.js';
import type { Graph } from './graph.js';
import { type Module, specifierOf } from './module.js';

/** `output`: the ending of the compiled file; `source`: that of the file itself. */
export type Ending = 'none' | 'output' | 'source';

export interface ImportStyle {
  readonly ending: Ending;
  readonly quote: string;
  readonly semicolon: string;
  readonly newline: string;
}

export type Styles = (module: Module) => ImportStyle | null;

/** null when neither the module nor the others show how relative imports are written. */
export function stylesOf(modules: Iterable<Module>, graph: Graph): Styles {
  const all = [...modules];
  const known = new Map<Module, ImportStyle | null>();
  const general = [true, false].map((isTypeScript) => {
    const some = all.filter((module) => module.isTypeScript === isTypeScript);
    return { ending: majority(some.flatMap((module) => endingsIn(module, graph))), texts: some.flatMap(importTexts) };
  });
  return (module) => {
    const answer = known.get(module);
    if (answer !== undefined) return answer;
    const { ending, texts } = general[module.isTypeScript ? 0 : 1] ?? { ending: null, texts: [] };
    const style = styleFrom(module, majority(endingsIn(module, graph)) ?? ending, texts);
    known.set(module, style);
    return style;
  };
}

function styleFrom(module: Module, ending: Ending | null, others: readonly string[]): ImportStyle | null {
  if (ending === null) return null;
  const own = importTexts(module);
  const sample = own.length > 0 ? own : others;
  return {
    ending,
    quote: majority(sample.map((text) => (text.includes('"') ? '"' : "'"))) ?? "'",
    semicolon: majority(sample.map((text) => (text.endsWith(';') ? ';' : ''))) ?? ';',
    newline: module.source.text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function endingsIn(module: Module, graph: Graph): Ending[] {
  return module.links.flatMap(({ specifier }) => {
    const target = graph.resolve(module.folder, specifier);
    if (target === null) return [];
    const ending = posix.extname(specifier);
    if (!/^\.[cm]?[jt]sx?$/.test(ending)) return ['none' as const];
    const isSource = posix.join(module.folder, specifier) === target && /\.[cm]?tsx?$/.test(target);
    return [isSource ? ('source' as const) : ('output' as const)];
  });
}

function majority<T extends string>(values: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

function importTexts({ body, source }: Module): string[] {
  return body
    .filter((node) => node.type === 'ImportDeclaration' && specifierOf(node) !== '')
    .map((node) => source.text.slice(node.start, node.end));
}

/** null for a file that cannot be imported in this style. */
export function specifierFor(from: Module, to: Module, ending: Ending): string | null {
  const path = posix.relative(from.folder, to.path);
  const relative = path.startsWith('.') ? path : `./${path}`;
  const extension = posix.extname(relative);
  const bare = relative.slice(0, relative.length - extension.length);
  if (ending === 'source') return relative;
  if (ending === 'none') return /^\.[jt]sx?$/.test(extension) ? bare : null;
  return `${bare}${extension.replace(/tsx?$/, 'js')}`;
}
