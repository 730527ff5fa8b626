/** What a checkout needs besides what is committed: installed packages, and what else lies in the work tree and git ignores. */
import { git } from '../git/git.js';
import { rawList, readablePath } from '../git/raw-path.js';
import { exists, makeFolder, readdir, realpath, symlink, unlessThere } from '../host/disk.js';
import { dirname, join, workspacePath } from '../host/paths.js';
import { forEachAtMost } from '../host/quick-read.js';

export interface Lending {
  /** Top of the work tree, or of the workspace, and of the folder that holds the same. */
  readonly from: string;
  readonly to: string;
}

const AT_ONCE = 32;

/** What is installed is lent; the project's own packages, linked there, are those that were checked out. `dirs`: of packages, relative to both. */
export async function lendModules(lending: Lending, dirs: readonly string[]): Promise<void> {
  await forEachAtMost(AT_ONCE, dirs, (dir) => lendModulesOf(lending, join(dir, 'node_modules')));
}

/** In a folder of its own: whoever adds or takes away packages there does not do it where the user works. */
async function lendModulesOf(lending: Lending, modules: string): Promise<void> {
  const installed = join(lending.from, modules);
  const packages = await packagesIn(installed);
  const places = packages.map(({ name, isLink }) => ({ name, isLink, place: join(lending.to, modules, name) }));
  for (const folder of new Set(places.map(({ place }) => dirname(place)))) await makeFolder(folder);
  await forEachAtMost(AT_ONCE, places, async ({ name, isLink, place }) => {
    const own = isLink ? await ownPath(lending.from, join(installed, name)) : null;
    const target = own === null ? join(installed, name) : join(lending.to, own);
    await unlessThere(() => symlink(target, place));
  });
}

/** Of one of the project's own packages: where it lies in the work tree; null for any other. */
async function ownPath(workTree: string, installed: string): Promise<string | null> {
  const path = workspacePath(workTree, await realpath(installed).catch(() => installed));
  return path === null || path.split('/').includes('node_modules') ? null : path;
}

interface Package {
  /** `name` or `@scope/name`; also what else stands there. */
  readonly name: string;
  readonly isLink: boolean;
}

async function packagesIn(modules: string): Promise<readonly Package[]> {
  const entries = await readdir(modules, { withFileTypes: true }).catch(() => []);
  const packages = entries.map(async (entry): Promise<readonly Package[]> => {
    const { name } = entry;
    if (!name.startsWith('@')) return [{ name, isLink: entry.isSymbolicLink() }];
    return (await packagesIn(join(modules, name))).map((own) => ({ ...own, name: `${name}/${own.name}` }));
  });
  return (await Promise.all(packages)).flat();
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
    if (NOT_LENT.test(path) || (await exists(link)) || !(await exists(dirname(link)))) continue;
    await symlink(join(from, path), link);
    lent.push(path);
  }
  return lent;
}
