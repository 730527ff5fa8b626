/** What a person may take away, once quality does it: never done for them. */
import { dependencyField } from '../tools/packages.js';
import { type Project } from './project.js';
import { PRE_COMMIT_FILE } from './commit-lines.js';
import type { TakenOver } from './take-over.js';

export function isTakenOver({ meaning }: TakenOver): boolean {
  return meaning.kind === 'tools' || meaning.kind === 'tests';
}

/** One line for each place: "the key lint-staged in package.json". */
export function removalsOf(lines: readonly TakenOver[], project: Project): readonly string[] {
  const listed = lines.filter(({ glob }) => glob !== undefined);
  const allListed = listed.length > 0 && listed.every(isTakenOver);
  const places = [...new Set(lines.map(({ from }) => from))];
  const manifest = project.view.packages.find(({ dir }) => dir === '')?.manifest;
  return [
    ...places.flatMap((from) =>
      placeRemovals(
        from,
        lines.filter((line) => line.from === from),
        allListed,
      ),
    ),
    ...(allListed && dependencyField(manifest, 'lint-staged') !== null
      ? ['the dependency lint-staged in package.json']
      : []),
  ];
}

function placeRemovals(from: string, lines: readonly TakenOver[], allListed: boolean): string[] {
  const own = lines.filter((line) => isTakenOver(line) || (allListed && startsList(line)));
  if (own.length === 0) return [];
  if (lines[0]?.glob !== undefined && own.length === lines.length) return [wholeList(from)];
  if (from === PRE_COMMIT_FILE) return [`in ${from}: ${own.map(({ name }) => name).join(', ')}`];
  return own.map(({ name }) => `in ${from}: ${name}`);
}

function startsList({ meaning, line }: TakenOver): boolean {
  return meaning.kind === 'list' && /lint-staged|precommit|pre-commit/.test(line ?? '');
}

function wholeList(from: string): string {
  const manifest = /^(.*) lint-staged$/.exec(from)?.[1];
  return manifest === undefined ? `the file ${from}` : `the key lint-staged in ${manifest}`;
}
