/** ESLint's configuration in the workspace: where it is, which kind, and which files its results depend on. */
import { folderOf, isWithin, posix } from '../../host/paths.js';
import { compareText } from '../../model/diagnostic.js';
import { lockFiles } from '../packages.js';
import { SCRIPT_ENDINGS, withNamedFiles } from '../named-files.js';
import type { ProjectView } from '../tool.js';

const FLAT_NAMES = SCRIPT_ENDINGS.map((extension) => `eslint.config.${extension}`);
const LEGACY_NAMES = ['', '.js', '.cjs', '.yaml', '.yml', '.json'].map((extension) => `.eslintrc${extension}`);

export interface ConfigPlaces {
  /** Config files, by workspace path; a package.json for its `eslintConfig`. */
  readonly flat: readonly string[];
  readonly legacy: readonly string[];
}

export function findConfigs(view: ProjectView): ConfigPlaces {
  const inManifests = view.packages
    .filter(({ manifest }) => manifest?.eslintConfig !== undefined)
    .map(({ dir }) => posix.join(dir, 'package.json'));
  return {
    flat: view.filesNamed(...FLAT_NAMES),
    legacy: [...view.filesNamed(...LEGACY_NAMES), ...inManifests].sort(compareText),
  };
}

/** The config nearest to this folder: in it, or in one above. */
export function nearestConfig(paths: readonly string[], dir: string): string | undefined {
  return paths
    .filter((path) => isWithin(folderOf(path), dir))
    .sort((a, b) => folderOf(b).length - folderOf(a).length)[0];
}

/** Other files that configs and well-known plugins read. */
const COMPANIONS = [
  '.eslintignore',
  'eslint-suppressions.json',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'tsconfig.eslint.json',
  'jsconfig.json',
  '.editorconfig',
  '.browserslistrc',
  '.babelrc',
  'babel.config.js',
  ...['', '.json', '.yaml', '.yml', '.js', '.cjs', '.mjs'].map((extension) => `.prettierrc${extension}`),
  ...['js', 'cjs', 'mjs', 'ts'].map((extension) => `prettier.config.${extension}`),
];

/**
 * Everything in the workspace that changes what ESLint says in this folder: configs there, above and below, the files
 * they name, and the root's lock file for what is installed. Too many costs a run again, too few a stale answer.
 */
export async function configFilesOf(view: ProjectView, dir: string, named: readonly string[]): Promise<string[]> {
  const above = (path: string): boolean => isWithin(folderOf(path), dir);
  const configs = view
    .filesNamed(...FLAT_NAMES, ...LEGACY_NAMES)
    .filter((path) => above(path) || isWithin(dir, folderOf(path)));
  const start = [...configs, ...named.map((path) => posix.join(dir, path)).filter((path) => view.hasFile(path))];
  const companions = view.filesNamed(...COMPANIONS).filter(above);
  return [...new Set([...(await withNamedFiles(view, start)), ...companions, ...lockFiles(view)])].sort(compareText);
}
