/** Where Node, npm and the shell would find things: installed packages, executables, the package manager in use. */
import { isExecutable, isFile, readTextIfThere, realpath } from '../host/disk.js';
import { basename, dirname, join } from '../host/paths.js';
import { runProcess } from '../host/process.js';
import { findPackageManager, type PackageManager } from '../workspace/packages.js';
import { plugAndPlayFolder } from './plug-n-play.js';
import type { InstalledPackage, ProjectView } from './tool.js';

const WINDOWS = process.platform === 'win32';
const VERSION_TIMEOUT_MS = 20_000;

/** A folder and all folders above it, nearest first. */
export function foldersUpward(folder: string): string[] {
  const folders = [folder];
  for (let parent = dirname(folder); parent !== folders.at(-1); parent = dirname(parent)) folders.push(parent);
  return folders;
}

/** The package that `require(name)` would find from this absolute folder; symlinks (npm and pnpm workspaces) followed. */
export async function findPackage(name: string, folder: string): Promise<InstalledPackage | null> {
  for (const above of foldersUpward(folder)) {
    if (basename(above) === 'node_modules') continue;
    const dir = join(above, 'node_modules', ...name.split('/'));
    const manifest = parseManifest(await readTextIfThere(join(dir, 'package.json')));
    if (manifest !== null) {
      return { dir: await realpath(dir), version: versionOf(manifest), manifest };
    }
  }
  const dir = plugAndPlayFolder(name, folder);
  const manifest = dir === null ? null : parseManifest(await readTextIfThere(join(dir, 'package.json')));
  // As it is named there: what is behind the name does not know its peers.
  return dir === null || manifest === null ? null : { dir, version: versionOf(manifest), manifest };
}

function versionOf({ version }: Readonly<Record<string, unknown>>): string {
  return typeof version === 'string' ? version : 'unknown';
}

function parseManifest(text: string | null): Readonly<Record<string, unknown>> | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The program that a package.json script in this absolute folder would start: `node_modules/.bin` upward, then PATH. */
export async function findProgram(name: string, folder: string): Promise<string | null> {
  const path = (process.env.PATH ?? '').split(WINDOWS ? ';' : ':').filter((entry) => entry !== '');
  const places = [...foldersUpward(folder).map((above) => join(above, 'node_modules', '.bin')), ...path];
  const names = WINDOWS ? [`${name}.exe`, `${name}.cmd`, name] : [name];
  for (const place of places) {
    for (const candidate of names) {
      const program = join(place, candidate);
      if ((await isFile(program)) && (await isExecutable(program))) return program;
    }
  }
  return null;
}

/** The first thing in a program's output that looks like a version; "unknown" when it fails or says none. */
export async function askVersion(program: string, args: readonly string[], cwd: string): Promise<string> {
  const result = await runProcess(program, args, { cwd, timeoutMs: VERSION_TIMEOUT_MS });
  if (result.exitCode !== 0) return 'unknown';
  const output = `${result.stdout.toString('utf8')}\n${result.stderr.toString('utf8')}`;
  return /\d+\.\d+(?:\.\d+)*(?:-[0-9A-Za-z.-]+)?/.exec(output)?.[0] ?? 'unknown';
}

const LOCK_FILES = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb', 'package-lock.json', 'npm-shrinkwrap.json'];

/** Lock files at the root of the workspace. They stand for the versions of everything installed, in cache keys. */
export function lockFiles(project: Pick<ProjectView, 'hasFile'>): string[] {
  return LOCK_FILES.filter((file) => project.hasFile(file));
}

/** What the root's package.json declares, else what its lock file shows; npm when nothing says. */
export function packageManagerOf(project: Pick<ProjectView, 'hasFile' | 'packages'>): PackageManager {
  return findPackageManager(project.packages, (path) => project.hasFile(path)) ?? 'npm';
}

/** The command that installs what package.json declares. */
export function installCommand(project: Pick<ProjectView, 'hasFile' | 'packages'>): string {
  return `${packageManagerOf(project)} install`;
}

/** The command that adds a package for development. */
export function addCommand(project: Pick<ProjectView, 'hasFile' | 'packages'>, name: string): string {
  const add = {
    npm: 'npm install --save-dev',
    pnpm: 'pnpm add --save-dev',
    yarn: 'yarn add --dev',
    bun: 'bun add --dev',
  };
  return `${add[packageManagerOf(project)]} ${name}`;
}

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;

/** The field of a package.json that names this dependency, or null. */
export function dependencyField(
  manifest: Readonly<Record<string, unknown>> | null | undefined,
  name: string,
): string | null {
  const has = (field: string): boolean => {
    const value = manifest?.[field];
    return typeof value === 'object' && value !== null && name in value;
  };
  return DEPENDENCY_FIELDS.find(has) ?? null;
}
