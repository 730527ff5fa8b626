/** Everything but the files themselves that decides what a tool says: the first half of an answer's key. */
import { hashText } from '../../host/hash.js';
import { basename, folderOf, isWithin } from '../../host/paths.js';
import { ownBuild } from '../../host/own-package.js';
import type { ToolUse } from '../../model/tool-use.js';
import type { BlockFile } from '../../runs/block-file.js';
import { toolOf } from '../../tools/registry.js';
import { codeOf, contentDigest, packagesNamedIn } from './mentioned.js';
import { environmentDigest, type Surroundings, variablesIn } from './surroundings.js';

export interface Setting {
  /** Digest of all of it. */
  readonly whole: string;
  /** Digest of what concerns this file: of configs that hold for their folder alone, those above it. */
  readonly at: (path: string) => string;
  /** What it is made of, for people: a name, and a digest. */
  readonly parts: Readonly<Record<string, string>>;
  /** What it depends on outside the workspace: absolute paths, and names of environment variables. */
  readonly outside: { readonly files: readonly string[]; readonly variables: readonly string[] };
}

export interface Contents {
  /** Hash of a file of the workspace as the run sees it; null where there is none. */
  readonly hashOf: (path: string) => string | null;
  readonly textOf: (path: string) => Promise<string | null>;
  /** Digest of all files below a folder. */
  readonly folderDigest: (dir: string) => string;
  /** Names of the workspace's own packages, and their folders. */
  readonly ownPackages: ReadonlyMap<string, string>;
}

/** Raised when something else becomes part of the keys or of what is stored under them. */
const FORMAT = 1;

/** Configs that hold for the files below their folder. */
const OF_FOLDER =
  /^(?:\.editorconfig|\.prettierrc(?:\..*)?|prettier\.config\..*|\.eslintrc(?:\..*)?|package\.json|package\.yaml|\.(?:eslint|prettier|git)ignore|[jt]sconfig.*\.json|pyproject\.toml|\.shellcheckrc)$/;
/** What they say about versions is told by what is installed. */
const LOCKS = /^(?:pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|package-lock\.json|npm-shrinkwrap\.json)$/;

export async function settingOf(
  use: ToolUse,
  contents: Contents,
  around: Surroundings & { readonly rows: BlockFile },
): Promise<Setting> {
  const usesPackages = use.origin !== 'system';
  const isInstalled = around.packages.folders.size > 0;
  const files = use.configFiles.filter((path) => !isInstalled || !LOCKS.test(basename(path)));
  const options = JSON.stringify(use.options);
  const isOfFolder = (path: string): boolean => OF_FOLDER.test(basename(path)) && !options.includes(path);
  const texts = await textsOf(files, contents);
  const variables = variablesIn(texts);
  const plugins = usesPackages ? pluginsIn(texts, contents, around.packages) : NO_PLUGINS;
  const base: Record<string, string> = {
    tool: `${use.tool} ${use.version}`,
    adapter: `${ownBuild()}.${String(FORMAT)}.${String(toolOf(use).adapterVersion)}`,
    options: hashText(JSON.stringify([use.root, use.options])),
    environment: environmentDigest(variables),
    outside: around.outside,
    ...(usesPackages ? { installed: around.installed, plugins: await contentDigest(plugins.files, around.rows) } : {}),
    ...plugins.own,
  };
  const hashed = files.map((path): [string, string] => [path, contents.hashOf(path) ?? '-']);
  const general = hashed.filter(([path]) => !isOfFolder(path));
  const ofFolders = hashed.filter(([path]) => isOfFolder(path));
  const fixed = hashText(JSON.stringify([base, general]));
  return {
    whole: hashText(JSON.stringify([base, hashed])),
    at: byFolder((dir) =>
      hashText(JSON.stringify([fixed, ofFolders.filter(([path]) => isWithin(folderOf(path), dir))])),
    ),
    parts: { ...base, ...Object.fromEntries(hashed) },
    outside: { files: [use.entry, ...plugins.files], variables },
  };
}

function byFolder(digest: (dir: string) => string): (path: string) => string {
  const known = new Map<string, string>();
  return (path) => {
    const dir = folderOf(path);
    const found = known.get(dir) ?? digest(dir);
    known.set(dir, found);
    return found;
  };
}

/** A package.json names everything that is installed; what it says of one tool is in its own key. */
async function textsOf(files: readonly string[], { textOf }: Contents): Promise<string[]> {
  const read = files.filter((path) => basename(path) !== 'package.json' && !LOCKS.test(basename(path)));
  return (await Promise.all(read.map(textOf))).filter((text) => text !== null);
}

function isQuoted(name: string, text: string): boolean {
  return ['"', "'", '`'].some((quote) => text.includes(`${quote}${name}${quote}`) || text.includes(`${quote}${name}/`));
}

interface Plugins {
  /** Code of installed packages that the configs name. */
  readonly files: readonly string[];
  /** Digests of packages of the workspace that they name. */
  readonly own: Readonly<Record<string, string>>;
}

const NO_PLUGINS: Plugins = { files: [], own: {} };

function pluginsIn(
  texts: readonly string[],
  { ownPackages, folderDigest }: Contents,
  { folders }: Surroundings['packages'],
): Plugins {
  const isForeign = (name: string): boolean => folders.has(name) && !ownPackages.has(name);
  const foreign = [...new Set(texts.flatMap((text) => packagesNamedIn(text, isForeign)))].sort();
  const own = [...ownPackages].filter(([name]) => texts.some((text) => isQuoted(name, text)));
  return {
    files: foreign.flatMap((name) => codeOf(folders.get(name) ?? '')),
    own: Object.fromEntries(own.map(([name, dir]) => [`package ${name}`, folderDigest(dir)])),
  };
}
