/** What tools look at outside the workspace: installed packages, configs above it and in the home folder, the environment. */
import { hashText } from '../../host/hash.js';
import { absolutePath, dirname, join } from '../../host/paths.js';
import type { BlockFile } from '../../runs/block-file.js';
import { type Packages, installedDigest, installedPackages, moduleFolders } from './installed.js';
import { contentDigest } from './mentioned.js';

export interface Surroundings {
  readonly packages: Packages;
  /** Digest of what is installed for the project. */
  readonly installed: string;
  /** Digest of the configs outside. */
  readonly outside: string;
}

export interface Place {
  /** Absolute workspace root. */
  readonly root: string;
  /** Workspace folders with a package.json. */
  readonly packageDirs: readonly string[];
}

export async function readSurroundings({ root, packageDirs }: Place, rows: BlockFile): Promise<Surroundings> {
  const packages = installedPackages(
    moduleFolders(
      packageDirs.map((dir) => absolutePath(root, dir)),
      root,
    ),
  );
  const [installed, outside] = await Promise.all([
    installedDigest(packages, rows),
    contentDigest(outsideConfigs(root), rows),
  ]);
  return { packages, installed, outside };
}

const SCRIPTS = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'];
const DATA = ['json', 'json5', 'yaml', 'yml', 'toml'];
/** Names that tools look for in the folders above a file, up to the top of the disk. */
const ABOVE = [
  ...['', ...[...DATA, ...SCRIPTS].map((ending) => `.${ending}`)].map((ending) => `.prettierrc${ending}`),
  ...SCRIPTS.flatMap((ending) => [`prettier.config.${ending}`, `eslint.config.${ending}`]),
  ...['', '.js', '.cjs', '.json', '.yaml', '.yml'].map((ending) => `.eslintrc${ending}`),
  ...['.editorconfig', 'package.json', 'tsconfig.json', 'biome.json', 'biome.jsonc', 'pyproject.toml', 'ruff.toml'],
  ...['.shellcheckrc', 'rustfmt.toml', '.rustfmt.toml', '.isort.cfg', 'setup.cfg', 'tox.ini'],
];
/** Names that tools look for in the home folder. */
const AT_HOME = [
  '.config/black',
  '.config/ruff/ruff.toml',
  '.config/ruff/pyproject.toml',
  '.config/rustfmt/rustfmt.toml',
  '.config/shellcheckrc',
  '.eslintrc',
  '.isort.cfg',
  '.shellcheckrc',
];

export function outsideConfigs(root: string): string[] {
  const files: string[] = [];
  for (let folder = root; dirname(folder) !== folder; folder = dirname(folder))
    files.push(...ABOVE.map((name) => join(dirname(folder), name)));
  const home = process.env.HOME;
  return home === undefined ? files : [...files, ...AT_HOME.map((name) => join(home, name))];
}

/** Variables that tools look at without a word in the project's configs. */
const ALWAYS = ['NODE_ENV', 'NODE_OPTIONS', 'ESLINT_FLAGS', 'ESLINT_USE_FLAT_CONFIG', 'BROWSERSLIST_ENV'];
const VARIABLE = /\benv(?:\.([A-Za-z_]\w*)|\[(["'`])([^"'`\]]+)\2\])/g;

/** The variables that these configs name, and those that tools look at by themselves; sorted. */
export function variablesIn(texts: readonly string[]): readonly string[] {
  const named = texts.flatMap((text) => [...text.matchAll(VARIABLE)].map((match) => match[1] ?? match[3] ?? ''));
  return [...new Set([...ALWAYS, ...named])].sort();
}

export function environmentDigest(variables: readonly string[]): string {
  const major = process.versions.node.split('.')[0] ?? '';
  return hashText(JSON.stringify([major, variables.map((name) => [name, process.env[name] ?? null])]));
}
