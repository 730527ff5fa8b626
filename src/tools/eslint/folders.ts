/**
 * ESLint 10 takes the configuration nearest to each file, but whether it enters a folder at all is for the configuration
 * above that folder to say: a sample project with a config of its own, in a folder that the root's config ignores, is not
 * linted. Asked about a single file, ESLint looks at the nearest configuration only; this asks the others.
 */
import { dirname, join, workspacePath } from '../../host/paths.js';
import type { Linter } from './load.js';

export interface FolderQuestion {
  readonly linter: Linter;
  /** An instance that reads this config, whatever lies nearer. */
  readonly withConfig: (configFile: string) => Linter;
  /** An instance that reads no config at all, only the ignore patterns of the command line; null where it has none. */
  readonly byFlags: Linter | null;
}

/** Says whether every folder from `base` (exclusive) down to the file would be entered. */
export function folderEntry({
  linter,
  withConfig,
  byFlags,
}: FolderQuestion): (base: string, path: string) => Promise<boolean> {
  const answers = new Map<string, Promise<boolean>>();
  const linters = new Map<string, Linter>();

  const linterFor = (config: string): Linter => {
    const known = linters.get(config) ?? withConfig(config);
    linters.set(config, known);
    return known;
  };

  const isEntered = async (folder: string, nearest: string | undefined): Promise<boolean> => {
    const config = await linter.findConfigFile?.(folder);
    if (config === undefined || config === nearest) return true;
    const inside = join(folder, '__placeholder__.js');
    return !(await linterFor(config).isPathIgnored(inside)) && (await byFlags?.isPathIgnored(inside)) !== true;
  };

  return async (base, path) => {
    if (linter.findConfigFile === undefined) return true;
    const nearest = await linter.findConfigFile(path);
    for (const folder of foldersBetween(base, path)) {
      const key = JSON.stringify([folder, nearest]);
      const answer = answers.get(key) ?? isEntered(folder, nearest);
      answers.set(key, answer);
      if (!(await answer)) return false;
    }
    return true;
  };
}

function foldersBetween(base: string, path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); isBelow(base, folder); folder = dirname(folder)) folders.push(folder);
  return folders;
}

function isBelow(base: string, folder: string): boolean {
  const path = workspacePath(base, folder);
  return path !== null && path !== '';
}
