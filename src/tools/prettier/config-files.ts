/** Prettier's configuration in the workspace: where it is, and which files its results depend on. */
import { folderOf, isWithin, posix } from '../../host/paths.js';
import { compareText } from '../../model/diagnostic.js';
import { lockFiles } from '../packages.js';
import { SCRIPT_ENDINGS, withNamedFiles } from '../named-files.js';
import type { ProjectView } from '../tool.js';
import type { PrettierCall } from './calls.js';

const CONFIG_NAMES = [
  ...['', '.json', '.json5', '.yaml', '.yml', '.toml'].map((extension) => `.prettierrc${extension}`),
  ...SCRIPT_ENDINGS.flatMap((extension) => [`.prettierrc.${extension}`, `prettier.config.${extension}`]),
];

/** Workspace paths; a package.json for its key `prettier`. Sorted. */
export async function findConfigs(view: ProjectView): Promise<readonly string[]> {
  const inManifests = view.packages
    .filter(({ manifest }) => manifest?.prettier !== undefined)
    .map(({ dir }) => posix.join(dir, 'package.json'));
  const yaml = await Promise.all(
    view
      .filesNamed('package.yaml')
      .map(async (path) => (/^prettier\s*:/m.test((await view.readText(path)) ?? '') ? [path] : [])),
  );
  return [...view.filesNamed(...CONFIG_NAMES), ...inManifests, ...yaml.flat()].sort(compareText);
}

/** The config nearest to this folder: in it, or in one above. */
export function nearestConfig(configs: readonly string[], dir: string): string | undefined {
  return configs
    .filter((path) => isWithin(folderOf(path), dir))
    .sort((a, b) => folderOf(b).length - folderOf(a).length)[0];
}

export interface Configuration {
  /** Everything in the workspace that changes what Prettier makes of the folder's files. */
  readonly files: readonly string[];
  /** Something in it may give a parser to files that Prettier itself does not know. */
  readonly widens: boolean;
}

const COMPANIONS = ['package.json', 'package.yaml', '.editorconfig'];
const WIDENS = /plugin|overrides|parser|require|import|["']@?[\w-]+\/[\w./-]+["']/;

export async function configurationOf(
  view: ProjectView,
  dir: string,
  calls: readonly PrettierCall[],
): Promise<Configuration> {
  const isNear = (path: string): boolean => isWithin(folderOf(path), dir) || isWithin(dir, folderOf(path));
  const named = calls.flatMap(({ config }) => (typeof config === 'string' ? [posix.join(dir, config)] : []));
  const start = [...view.filesNamed(...CONFIG_NAMES).filter(isNear), ...named.filter((path) => view.hasFile(path))];
  const configs = [...(await withNamedFiles(view, start))];
  const texts = await Promise.all(configs.map(async (path) => (await view.readText(path)) ?? ''));
  const inManifests = view.packages.filter((facts) => isNear(posix.join(facts.dir, 'package.json')));
  const keys = inManifests.map(({ manifest }) => JSON.stringify(manifest?.prettier ?? null));
  const ignores = ['.prettierignore', '.gitignore', ...calls.flatMap(({ ignorePaths = [] }) => ignorePaths)];
  const companions = view.filesNamed(...COMPANIONS).filter(isNear);
  const here = ignores.map((path) => posix.join(dir, path)).filter((path) => view.hasFile(path));
  return {
    files: [...new Set([...configs, ...companions, ...here, ...lockFiles(view)])].sort(compareText),
    widens: [...texts, ...keys].some((text) => WIDENS.test(text)),
  };
}
