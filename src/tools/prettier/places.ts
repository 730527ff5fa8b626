/** In which folders of the workspace Prettier runs. */
import { folderOf, isWithin, posix } from '../../host/paths.js';
import type { PackageFacts } from '../../model/file.js';
import { dependencyField } from '../packages.js';
import type { ProjectView, ToolCall } from '../tool.js';
import { foldersOfUse, isSample } from '../use-folders.js';
import { chooseCalls } from './calls.js';
import { isKnownToPrettier } from './names.js';

export const NAME = 'prettier';

export interface World {
  readonly project: ProjectView;
  readonly configs: readonly string[];
  readonly calls: readonly ToolCall[];
  /** Languages that our own config gives to Prettier. */
  readonly languages: readonly string[];
}

/** Where the root formats everything without a call, packages with a Prettier of another version are on their own. */
export async function foldersOfPrettier({ project, configs, calls, languages }: World): Promise<string[]> {
  const filesCalled = (dir: string) => chooseCalls(calls, dir, project).map(({ files }) => files);
  const declaring = project.packages.filter(isDependency).map(({ dir }) => dir);
  const configured = [...new Set([...configs.map(folderOf), ...declaring])];
  const dirs = await foldersOfUse({ project, calls, filesCalled, configured, isTarget: isKnownToPrettier });
  if (dirs.length === 0 && languages.length > 0) return [''];
  if (!dirs.includes('') || filesCalled('').length > 0) return dirs;
  return [...new Set([...dirs, ...(await withOtherVersion(project))])];
}

async function withOtherVersion(project: ProjectView): Promise<string[]> {
  const root = await project.resolvePackage(NAME, '');
  const declaring = project.packages.filter((facts) => facts.dir !== '' && isDependency(facts));
  const versions = await Promise.all(
    declaring.map(async ({ dir }) => ({ dir, version: (await project.resolvePackage(NAME, dir))?.version })),
  );
  return versions
    .filter(({ dir, version }) => version !== undefined && version !== root?.version && !isSample(dir))
    .map(({ dir }) => dir);
}

export function packageAt(project: ProjectView, dir: string): PackageFacts | undefined {
  return project.packages.find((facts) => facts.dir === dir);
}

/** A published package that has Prettier among its `dependencies` calls it as a library. */
export function isDependency(facts: PackageFacts | undefined): boolean {
  const development = facts?.manifest?.devDependencies;
  if (typeof development === 'object' && development !== null && NAME in development) return true;
  return dependencyField(facts?.manifest, NAME) === 'dependencies' && facts?.manifest?.private === true;
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
