/** One mistake in a config, and how it is told: the only place where such a message is put together. */
import type { Failure } from '../model/failure.js';
import { excerpt, positionAt, printable } from './excerpt.js';
import { nearest } from './suggest.js';
import { showPath, type Path, type Range } from './tree.js';

export interface Mistake {
  readonly range: Range;
  /** The key it is about, within the config; null for the file as a whole. */
  readonly path: Path | null;
  /** "expected a whole number from 1 to 256, got "many"" */
  readonly problem: string;
  readonly hint?: string;
  /** Other places that have a part in it. */
  readonly related?: readonly { readonly range: Range | null; readonly note: string }[];
}

/** A text with mistakes in it. */
export interface Source {
  /** As people know it: `.quality-config.json`. */
  readonly name: string;
  /** Without a byte order mark. */
  readonly text: string;
  /** Where in the file the config stands: `["quality"]` in package.json. */
  readonly base: Path;
}

export function failureOf(source: Source, mistake: Mistake): Failure {
  const key = mistake.path === null ? '' : showPath([...source.base, ...mistake.path]);
  const related = (mistake.related ?? []).map(({ range, note }) =>
    range === null ? note : `${place(source, range)}: ${note}\n${excerpt(source.text, range)}`,
  );
  const hint = mistake.hint === undefined ? [] : [printable(mistake.hint)];
  return {
    kind: 'config-invalid',
    message: printable(`${place(source, mistake.range)}: ${key === '' ? '' : `${key}: `}${mistake.problem}`),
    detail: [excerpt(source.text, mistake.range), ...hint, ...related].join('\n'),
  };
}

function place(source: Source, range: Range): string {
  const { line, column } = positionAt(source.text, range.offset);
  return `${source.name}:${line}:${column}`;
}

/** "did you mean `createSnapshots`?", or the names there are when none is near. */
export function hintFor(word: string, candidates: readonly string[], noun: string): { readonly hint?: string } {
  const near = nearest(word, candidates);
  if (near !== null) return { hint: `did you mean \`${near}\`?` };
  return candidates.length === 0 ? {} : { hint: `${noun}: ${[...candidates].sort().join(', ')}` };
}

/** In the order of the text, one for each key and place: the first one given wins. */
export function inOrder(mistakes: readonly Mistake[]): readonly Mistake[] {
  const first = new Map<string, Mistake>();
  for (const mistake of mistakes) {
    const key = JSON.stringify([mistake.range.offset, mistake.range.length, mistake.path]);
    if (!first.has(key)) first.set(key, mistake);
  }
  return [...first.values()].sort((a, b) => a.range.offset - b.range.offset);
}
