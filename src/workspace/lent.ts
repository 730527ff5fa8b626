/** What a checkout needs besides what is committed: installed packages, and what else lies in the work tree and git ignores. */
import { git } from '../git/git.js';
import { rawList, readablePath } from '../git/raw-path.js';
import { exists, lstat, makeFolder, readdir, realpath, symlink } from '../host/disk.js';
import { dirname, join, workspacePath } from '../host/paths.js';

export interface Lending {
  /** Top of the work tree, and of the folder that it is checked out into. */
  readonly from: string;
  readonly to: string;
}

/** What is installed is lent; the project's own packages, linked there, are those that were checked out. `dir`: of a package, relative to both. */
export async function lendModules(lending: Lending, dir: string): Promise<void> {
  const modules = join(dir, 'node_modules');
  for (const name of await namesIn(join(lending.from, modules))) {
    if (!name.startsWith('@')) await lendModule(lending, join(modules, name));
    else
      for (const own of await namesIn(join(lending.from, modules, name)))
        await lendModule(lending, join(modules, name, own));
  }
}

async function lendModule({ from, to }: Lending, path: string): Promise<void> {
  const installed = join(from, path);
  const link = join(to, path);
  if (await isThere(link)) return;
  const real = await realpath(installed).catch(() => installed);
  const own = workspacePath(from, real);
  const isOwn = own !== null && !own.split('/').includes('node_modules');
  await makeFolder(dirname(link));
  await symlink(isOwn ? join(to, own) : real, link);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

/** Lent otherwise, ours, or another program's state. */
const NOT_LENT = /(?:^|\/)(?:node_modules|\.quality|\.git)(?:\/|$)|\.tsbuildinfo$/;

/** Generated code, builds, settings of this machine: returns their paths. Nothing is lent where git does not say. */
export async function lendIgnored({ from, to }: Lending): Promise<readonly string[]> {
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const listed = await git(from, args);
  if (listed.exitCode !== 0) return [];
  const lent: string[] = [];
  for (const raw of rawList(listed.stdout)) {
    const path = readablePath(raw).replace(/\/$/, '');
    const link = join(to, path);
    if (NOT_LENT.test(path) || (await isThere(link)) || !(await exists(dirname(link)))) continue;
    await symlink(join(from, path), link);
    lent.push(path);
  }
  return lent;
}
