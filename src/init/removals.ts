/** What may be taken away, once quality does it: by a person, or where they say so by `init`. */
import { dependencyField } from '../tools/packages.js';
import { PRE_COMMIT_FILE } from './commit-lines.js';
import type { Project } from './project.js';
import type { TakenOver } from './take-over.js';

export interface Removal {
  /** For people: "the key lint-staged in package.json". */
  readonly what: string;
  /** How it is done; null where only a person can do it. */
  readonly cut: Cut | null;
}

/** Paths are relative to the root. */
export type Cut =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'key'; readonly path: string; readonly key: readonly string[] }
  | { readonly kind: 'line'; readonly path: string; readonly line: string };

export function isTakenOver({ meaning }: TakenOver): boolean {
  return meaning.kind === 'tools' || meaning.kind === 'tests' || meaning.kind === 'own';
}

/** One for each place. */
export function removalsOf(lines: readonly TakenOver[], project: Project): readonly Removal[] {
  const listed = lines.filter(({ glob }) => glob !== undefined);
  const allListed = listed.length > 0 && listed.every(isTakenOver);
  const places = [...new Set(lines.map(({ from }) => from))];
  return [
    ...places.flatMap((from) =>
      placeRemovals(
        from,
        lines.filter((line) => line.from === from),
        allListed,
      ),
    ),
    ...(allListed ? dependencyRemovals(project) : []),
  ];
}

function dependencyRemovals({ view }: Project): Removal[] {
  const field = dependencyField(view.packages.find(({ dir }) => dir === '')?.manifest, 'lint-staged');
  if (field === null) return [];
  const cut = { kind: 'key', path: 'package.json', key: [field, 'lint-staged'] } as const;
  return [{ what: 'the dependency lint-staged in package.json', cut }];
}

function placeRemovals(from: string, lines: readonly TakenOver[], allListed: boolean): Removal[] {
  const own = lines.filter((line) => isTakenOver(line) || (allListed && startsList(line)));
  if (own.length === 0) return [];
  if (lines[0]?.glob !== undefined && own.length === lines.length) return [wholeList(from)];
  if (from === PRE_COMMIT_FILE) return [{ what: `in ${from}: ${own.map(({ name }) => name).join(', ')}`, cut: null }];
  return own.map(({ name }) => ({ what: `in ${from}: ${name}`, cut: lineCut(from, name) }));
}

/** A line of a script is one; of a list it is a part. */
function lineCut(path: string, line: string): Cut | null {
  return /(?:^|\/)\.husky\/[\w-]+$/.test(path) ? { kind: 'line', path, line } : null;
}

function startsList({ meaning, line }: TakenOver): boolean {
  return meaning.kind === 'list' && /lint-staged|precommit|pre-commit/.test(line ?? '');
}

function wholeList(from: string): Removal {
  const manifest = /^(.*) lint-staged$/.exec(from)?.[1];
  if (manifest === undefined) return { what: `the file ${from}`, cut: { kind: 'file', path: from } };
  return {
    what: `the key lint-staged in ${manifest}`,
    cut: { kind: 'key', path: manifest, key: ['lint-staged'] },
  };
}
