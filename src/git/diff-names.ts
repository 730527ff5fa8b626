import { errorCode } from '../host/disk.js';
import { join } from '../host/paths.js';
import { withTemporaryFolder } from '../host/temporary-folder.js';
import { type Result, success } from '../model/result.js';
import { gitOutput, splitNul } from './git.js';
import { copyKeepingTime } from './index-copy.js';
import { indexFileOf } from './index-step.js';
import type { Repository } from './repository.js';

/** No rename detection: both names matter. No drivers and no external programs: only whether bytes differ. */
const HOW = [
  ...['-z', '--name-only', '--relative', '--no-renames'],
  ...['--no-ext-diff', '--no-textconv', '--no-color', '--ignore-submodules=all'],
];

/**
 * Names of files that differ, as `git diff` with these arguments tells them, relative to the target. git notes in the index
 * which files it has found to be unchanged, whatever `GIT_OPTIONAL_LOCKS` says (2.39): whoever stages something at
 * that moment would find it locked, and who looks whether somebody has staged something would see a change. So it gets a copy.
 */
export function diffNames(
  { root, repository }: { readonly root: string; readonly repository: Repository },
  args: readonly string[],
): Promise<Result<readonly string[]>> {
  return withTemporaryFolder('diff', async (folder) => {
    const copy = join(folder, 'index');
    await copyIfThere(indexFileOf(repository), copy);
    const output = await gitOutput(root, ['diff', ...HOW, ...args], { env: { GIT_INDEX_FILE: copy } });
    return output.ok ? success(splitNul(output.value)) : output;
  });
}

/** With its time: git looks into files that are as young as the index. */
async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyKeepingTime(from, to);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
