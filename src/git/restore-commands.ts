import { join } from '../host/paths.js';
import { showCommand, showWord } from '../host/process.js';
import type { Snapshot } from './snapshot.js';

/**
 * A restore in plain git, for a shell: every file of the snapshot comes back byte for byte, with what permissions it had
 * beyond those that git knows, and the index; files that were made since stay.
 */
export function restoreCommands(snapshot: Snapshot): readonly string[] {
  const { place, trees, indexFile, modes } = snapshot;
  const raw = ['-c', 'core.autocrlf=false', `--git-dir=${place.rawGitDir}`, `--work-tree=${place.workTree}`];
  const restore = (tree: string): string =>
    showCommand('git', ['-C', place.workTree, ...raw, 'restore', '--overlay', `--source=${tree}`, '--', ':/']);
  return [
    ...trees.map(restore),
    ...modes.lists.map(
      ({ permissions, file }) =>
        `(cd ${showWord(place.workTree)} && xargs -0 chmod ${permissions} < ${showWord(file)})`,
    ),
    ...(indexFile === null ? [] : [showCommand('cp', ['-p', indexFile, join(place.gitDir, 'index')])]),
  ];
}
