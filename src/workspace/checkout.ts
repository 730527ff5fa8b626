/** A commit in a folder and a repository of its own: it can be looked at like any work tree, and nobody's is touched. */
import { gitOutput } from '../git/git.js';
import { rawList, readablePath } from '../git/raw-path.js';
import type { Repository } from '../git/repository.js';
import { makeFolder, readIfThere, readTextIfThere, writeFile } from '../host/disk.js';
import { folderOf, join } from '../host/paths.js';
import { withTemporaryFolder } from '../host/temporary-folder.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed } from '../model/result.js';
import { lendIgnored, lendModules } from './lent.js';

export interface Checkout {
  /** Top of the work tree; absolute. */
  readonly folder: string;
  /** What was lent from the user's work tree besides packages: paths from the top. */
  readonly lent: readonly string[];
}

/** It is gone afterwards, whatever happens. */
export async function withCheckout<T>(
  repository: Repository,
  commit: string,
  work: (checkout: Checkout) => Promise<Result<T, readonly Failure[]>>,
): Promise<Result<T, readonly Failure[]>> {
  return withTemporaryFolder('base', async (folder) => {
    const made = await checkOut(repository, commit, folder);
    if (!made.ok) return failed([made.failure]);
    const lending = { from: repository.workTree, to: folder };
    await lendModules(lending, made.value);
    const lent = await lendIgnored(lending);
    await hide(repository, folder, lent);
    return work({ folder, lent });
  });
}

/** Neither a daemon nor a hook nor a part of the tree alone. */
const PLAIN = [
  'core.fsmonitor=false',
  'core.splitIndex=false',
  'core.sparseCheckout=false',
  'core.hooksPath=/dev/null',
];

/** The folders with a package.json in them. */
async function checkOut(repository: Repository, commit: string, folder: string): Promise<Result<readonly string[]>> {
  const alone = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined, GIT_COMMON_DIR: undefined };
  const { commonDir, objectFormat } = repository;
  const init = ['init', '--quiet', '--template=', `--object-format=${objectFormat}`, folder];
  const made = await gitOutput(folder, init, { env: { ...alone, GIT_OBJECT_DIRECTORY: undefined } });
  if (!made.ok) return made;
  const own = join(folder, '.git');
  await writeFile(join(own, 'objects', 'info', 'alternates'), `${join(commonDir, 'objects')}\n`);
  const shallow = await readIfThere(join(commonDir, 'shallow'));
  if (shallow !== null) await writeFile(join(own, 'shallow'), shallow);
  await writeFile(join(own, 'HEAD'), `${commit}\n`);
  // With the user's own git folder: filters, line endings and objects that are still to be fetched are its.
  const env = {
    ...alone,
    GIT_DIR: repository.gitDir,
    GIT_WORK_TREE: folder,
    GIT_INDEX_FILE: join(own, 'index'),
    GIT_LFS_SKIP_SMUDGE: '1',
  };
  const settings = PLAIN.flatMap((one) => ['-c', one]);
  const read = await gitOutput(folder, [...settings, 'read-tree', '--reset', '-u', commit], { env });
  if (!read.ok) return read;
  const listed = await gitOutput(folder, ['ls-files', '-z', '--', ':(top,glob)**/package.json'], { env });
  if (!listed.ok) return listed;
  return { ok: true, value: ['', ...rawList(listed.value).map((raw) => folderOf(readablePath(raw)))] };
}

/** From git: `dist/` in a .gitignore is a folder, and a link is none. */
async function hide({ commonDir }: Repository, folder: string, lent: readonly string[]): Promise<void> {
  const theirs = (await readTextIfThere(join(commonDir, 'info', 'exclude'))) ?? '';
  const ours = lent.map((path) => `/${path.replace(/[\\*?[\]!# ]/g, '\\$&')}`);
  await makeFolder(join(folder, '.git', 'info'));
  await writeFile(join(folder, '.git', 'info', 'exclude'), `${theirs}\n${ours.join('\n')}\n`);
}
