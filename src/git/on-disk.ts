/** Is what an index holds what stands in the work tree? */
import { type Place, gitAt } from './place.js';

/** No file on disk is other than in the index, none is missing, none is new; ignored ones do not count. False where git does not say. */
export async function isOnDisk(place: Place): Promise<boolean> {
  const [status, hidden] = await Promise.all([
    gitAt(place, ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=normal', '--ignore-submodules']),
    gitAt(place, ['ls-files', '-z', '-v']),
  ]);
  if (![status, hidden].every(({ end, exitCode }) => end === 'exit' && exitCode === 0)) return false;
  return !CHANGED_HERE.test(linesOf(status.stdout)) && !HIDDEN.test(linesOf(hidden.stdout));
}

/** The second letter is about the work tree. */
const CHANGED_HERE = /^.[^ ] /m;
/** Not checked out, or taken for unchanged: git does not look at the disk for these. */
const HIDDEN = /^(?:S|[a-z]) /m;

function linesOf(output: Buffer): string {
  // A line break may be part of a name: what follows would look like another entry.
  return output.toString('latin1').replaceAll('\n', ' ').replaceAll('\0', '\n');
}
