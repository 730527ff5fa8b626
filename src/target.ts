/** Where a command works: found before anything else is loaded. */
import { type Repository, openRepository } from './git/repository.js';
import { exists, realpath, stat } from './host/disk.js';
import { dirname, join } from './host/paths.js';
import { type Result, failed, success } from './model/result.js';

/** The folder that a command works on, and the repository it lies in. */
export interface Target {
  readonly root: string;
  readonly repository: Repository | null;
}

/** The nearest folder above with a config of ours, else the top of the repository, else the folder itself. */
export async function findTarget(cwd: string): Promise<Result<Target>> {
  const start = await realpath(cwd).catch(() => null);
  if (start === null || !(await stat(start)).isDirectory()) {
    return failed({ kind: 'target-invalid', message: `There is no folder ${cwd}` });
  }
  const repository = await openRepository(start);
  const top = repository?.workTree ?? null;
  for (let folder = start; ; folder = dirname(folder)) {
    const found = await exists(join(folder, '.quality-config.json'));
    if (!found && folder !== top && dirname(folder) !== folder) continue;
    const root = found ? folder : (top ?? start);
    return success({ root, repository: root === start ? repository : await openRepository(root) });
  }
}
