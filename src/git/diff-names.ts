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

/** Of these files, those whose bytes are not those in the index. Mostly there are none, and to be told that takes no copy. */
export async function unstagedNames(
  target: { readonly root: string; readonly repository: Repository },
  paths: readonly string[],
): Promise<Result<readonly string[]>> {
  const asked = ['diff-files', '-z', '--name-only', '--relative', '--ignore-submodules=all', '--'];
  const output = await gitOutput(target.root, [...asked, ...paths.map(literal)]);
  if (!output.ok) return output;
  // That git would have to read a file to know is a difference as well.
  const perhaps = splitNul(output.value);
  return perhaps.length === 0 ? success([]) : diffNames(target, ['--', ...perhaps.map(literal)]);
}

function literal(path: string): string {
  return `:(literal)${path}`;
}

/** With its time: git looks into files that are as young as the index. */
async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyKeepingTime(from, to);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
