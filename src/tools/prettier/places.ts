/** In which folders of the workspace Prettier runs. */
import { folderOf, isWithin, posix } from '../../host/paths.js';
import type { PackageFacts } from '../../model/file.js';
import { findMembers } from '../../workspace/packages.js';
import { dependencyField } from '../packages.js';
import type { ProjectView, ToolCall } from '../tool.js';
import { chooseCalls, coverage } from './calls.js';
import { isKnownToPrettier } from './names.js';

export const NAME = 'prettier';

export interface World {
  readonly project: ProjectView;
  readonly configs: readonly string[];
  readonly calls: readonly ToolCall[];
  /** Languages that our own config gives to Prettier. */
  readonly languages: readonly string[];
}

/** Projects that test tools keep sample packages; those are not formatted as packages of their own. */
const SAMPLES = /(?:^|\/)(?:_*fixtures?_*|_*tests?_*|testdata|test-data|templates?|node_modules|spec)(?:\/|$)/;

/**
 * The root, where its scripts call Prettier, or where it has a config or the dependency and does not leave the formatting
 * to the scripts of its packages. Other folders: those with calls of their own for files that the root's calls leave out;
 * where the root calls nothing, packages with another version; where the root does not ask, folders with a config.
 */
export async function foldersOfUse(world: World): Promise<string[]> {
  const { project, configs, calls } = world;
  const others = [...new Set(calls.map(({ dir }) => dir))].filter((dir) => dir !== '' && !SAMPLES.test(dir));
  const called = others.filter((dir) => isCalled(world, dir) && addsFiles(world, dir));
  if (isCalled(world, '')) return ['', ...called];
  const asks = configs.some((path) => folderOf(path) === '') || isDependency(packageAt(project, ''));
  const members = await memberFolders(project);
  if (asks && !called.some((dir) => members.has(dir))) return ['', ...called, ...(await withOtherVersion(project))];
  const configured = configs.map(folderOf).filter((dir) => dir !== '' && !SAMPLES.test(dir));
  const declaring = project.packages.filter((facts) => isDependency(facts) && !SAMPLES.test(facts.dir));
  const own = asks ? [] : outermost([...configured, ...declaring.map(({ dir }) => dir)]);
  const found = [...new Set([...called, ...own.filter((dir) => dir !== '')])];
  return found.length > 0 || world.languages.length === 0 ? found : [''];
}

function isCalled({ calls, project }: World, dir: string): boolean {
  return chooseCalls(calls, dir, project).length > 0;
}

/** Does the folder's own call format a file that the root's calls do not? */
function addsFiles({ calls, project }: World, dir: string): boolean {
  const root = chooseCalls(calls, '', project).map(({ call }) => call);
  const own = chooseCalls(calls, dir, project).map(({ call }) => call);
  return project.files.some(
    (file) =>
      isWithin(dir, file.path) &&
      isKnownToPrettier(file) &&
      own.some((call) => coverage(call, dir, file.path) !== null) &&
      !root.some((call) => coverage(call, '', file.path) !== null),
  );
}

async function withOtherVersion(project: ProjectView): Promise<string[]> {
  const root = await project.resolvePackage(NAME, '');
  const declaring = project.packages.filter((facts) => facts.dir !== '' && isDependency(facts));
  const versions = await Promise.all(
    declaring.map(async ({ dir }) => ({ dir, version: (await project.resolvePackage(NAME, dir))?.version })),
  );
  return versions
    .filter(({ dir, version }) => version !== undefined && version !== root?.version && !SAMPLES.test(dir))
    .map(({ dir }) => dir);
}

/** Those that do not lie in another one. */
function outermost(dirs: readonly string[]): string[] {
  const unique = [...new Set(dirs)];
  return unique.filter((dir) => !unique.some((other) => other !== dir && isWithin(other, dir)));
}

export function packageAt(project: ProjectView, dir: string): PackageFacts | undefined {
  return project.packages.find((facts) => facts.dir === dir);
}

/** A published package that has Prettier among its `dependencies` calls it as a library. */
export function isDependency(facts: PackageFacts | undefined): boolean {
  const field = dependencyField(facts?.manifest, NAME);
  const development = facts?.manifest?.devDependencies;
  if (typeof development === 'object' && development !== null && NAME in development) return true;
  return field === 'dependencies' && facts?.manifest?.private === true;
}

async function memberFolders(project: ProjectView): Promise<ReadonlySet<string>> {
  const names = ['pnpm-workspace.yaml', 'lerna.json'];
  const texts = new Map(await Promise.all(names.map(async (name) => [name, await project.readText(name)] as const)));
  return new Set(findMembers(project.packages, (path) => texts.get(path) ?? undefined));
}

/** Where a package.json above this folder, or in it, names a Prettier, and which. */
export function declaredAbove(project: ProjectView, dir: string): { from: string; range: string } | null {
  const above = project.packages.filter((facts) => isWithin(facts.dir, dir));
  for (const facts of above.sort((a, b) => b.dir.length - a.dir.length)) {
    const field = dependencyField(facts.manifest, NAME);
    if (field === null) continue;
    const range = (facts.manifest?.[field] as Readonly<Record<string, unknown>>)[NAME];
    return { from: `${posix.join(facts.dir, 'package.json')} ${field}`, range: String(range) };
  }
  return null;
}
