import type { ts as TypeScript } from 'ts-morph';
import { oneFileService } from './second-opinion.js';
import { isFault } from './syntax.js';
import type { Parser, Syntax } from './syntax.js';

export interface Organizer {
  /** The text with its imports sorted and merged, in the style of the file; the same text where there is nothing to do. */
  readonly organize: (path: string, text: string) => string;
}

export async function loadOrganizer(parser: Parser): Promise<Organizer> {
  const { ts } = await import('ts-morph');

  function organize(path: string, text: string): string {
    const before = parser.parse(path, text);
    if (isFault(before) || !before.program.body.some(({ type }) => type === 'ImportDeclaration')) return text;
    const result = sorted(ts, before);
    const after = parser.parse(path, result);
    return !isFault(after) && isWorthIt(before, after) ? result : text;
  }

  return { organize };
}

function sorted(ts: typeof TypeScript, { path, text, program }: Syntax): string {
  const imports = program.body.filter(({ type }) => type === 'ImportDeclaration');
  const { service, fileName } = oneFileService(ts, path, text, {
    allowJs: true,
    noLib: true,
    noResolve: true,
    types: [],
  });
  try {
    const changes = service.organizeImports(
      { type: 'file', fileName, mode: ts.OrganizeImportsMode.SortAndCombine },
      formatOf(ts, text),
      { quotePreference: quotesOf(text) },
    );
    // TypeScript sorts exports, too, which nobody asked for.
    const edits = changes
      .flatMap(({ textChanges }) => textChanges)
      .filter(({ span }) => imports.some(({ start, end }) => span.start < end && start <= span.start + span.length))
      .sort((a, b) => b.span.start - a.span.start);
    return edits.reduce(
      (result, { span, newText }) => result.slice(0, span.start) + newText + result.slice(span.start + span.length),
      text,
    );
  } finally {
    service.dispose();
  }
}

function formatOf(ts: typeof TypeScript, text: string): TypeScript.FormatCodeSettings {
  const indent = /^(\t| +)\S/m.exec(text)?.[1] ?? '  ';
  return {
    ...ts.getDefaultFormatCodeSettings(text.includes('\r\n') ? '\r\n' : '\n'),
    indentSize: indent === '\t' ? 4 : indent.length,
    tabSize: indent === '\t' ? 4 : indent.length,
    convertTabsToSpaces: indent !== '\t',
    semicolons: /^import\b[^;\n]*;/m.test(text) ? ts.SemicolonPreference.Insert : ts.SemicolonPreference.Remove,
    insertSpaceAfterOpeningAndBeforeClosingNonemptyBraces: !/^import\b[^\n]*\{\S/m.test(text),
  };
}

function quotesOf(text: string): 'single' | 'double' {
  return /^import\b[^\n"]*'/m.test(text) ? 'single' : 'double';
}

/**
 * Only where order or grouping really changes; and then only if the same names come from the same modules, no comment is
 * lost, the rest of the file is as it was, and side-effect imports run as far up as before.
 */
function isWorthIt(before: Syntax, after: Syntax): boolean {
  const left = importsOf(before);
  const right = importsOf(after);
  if (left.join('\n') === right.join('\n')) return false;
  return (
    [...left].sort().join('\n') === [...right].sort().join('\n') &&
    sideEffects(before).join('\n') === sideEffects(after).join('\n') &&
    before.comments().every(({ value }) => after.text.includes(value)) &&
    restOf(before) === restOf(after)
  );
}

/** One line for each imported name, in order. */
function importsOf({ program, text }: Syntax): string[] {
  return program.body.flatMap((node) => {
    if (node.type !== 'ImportDeclaration') return [];
    const source = `${node.source.value} ${node.attributes.map((one) => text.slice(one.start, one.end)).join()}`;
    if (node.specifiers.length === 0) return [source];
    return node.specifiers.map((specifier) => {
      const isType = node.importKind === 'type' || ('importKind' in specifier && specifier.importKind === 'type');
      const name = text.slice(specifier.start, specifier.end).replace(/^type\s+/, '');
      return `${isType ? 'type ' : ''}${specifier.type} ${name} ${source}`;
    });
  });
}

/** Each import without names, with the modules that are loaded before it. */
function sideEffects({ program }: Syntax): string[] {
  const seen: string[] = [];
  const effects: string[] = [];
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration') continue;
    if (node.specifiers.length === 0) effects.push(`${[...new Set(seen)].sort().join()} < ${node.source.value}`);
    seen.push(node.source.value);
  }
  return effects;
}

function restOf({ program, text }: Syntax): string {
  return program.body
    .filter(({ type }) => type !== 'ImportDeclaration')
    .map(({ start, end }) => text.slice(start, end))
    .join('\n');
}
