/** Which packages of a repository belong together. */
import { absolutePath, workspacePath } from '../host/paths.js';
import { findMembers } from '../workspace/packages.js';
import { dependencyField } from './packages.js';
import type { ProjectView } from './tool.js';

/** Folders of the packages that the root's workspaces name. */
export async function memberFolders(project: ProjectView): Promise<ReadonlySet<string>> {
  const names = ['pnpm-workspace.yaml', 'lerna.json'];
  const texts = new Map(await Promise.all(names.map(async (name) => [name, await project.readText(name)] as const)));
  return new Set(findMembers(project.packages, (path) => texts.get(path) ?? undefined));
}

/** An example or a bench beside the project: no member of its workspace, with a tool of its own that is not installed. */
export async function isBeside(project: ProjectView, dir: string, tool: string): Promise<boolean> {
  const own = project.packages.find((facts) => facts.dir === dir);
  if (dir === '' || dependencyField(own?.manifest, tool) === null) return false;
  if ((await memberFolders(project)).has(dir)) return false;
  const installed = await project.resolvePackage(tool, dir);
  return installed === null || workspacePath(absolutePath(project.root, dir), installed.dir) === null;
}
