/** The packages of a workspace: every folder with a package.json, and those that the root declares as its members. */
import picomatch from 'picomatch';
import { folderOf } from '../host/paths.js';
import type { PackageFacts } from '../model/file.js';
import { compareText } from '../model/diagnostic.js';

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** Text of a file of the workspace that `NEEDED_TEXT` in inspect.ts names, or undefined. */
export type TextOf = (path: string) => string | undefined;

type Manifest = Readonly<Record<string, unknown>>;

/** Every package.json bounds a package, even one that does not parse. Sorted by folder. */
export function findPackages(paths: Iterable<string>, textOf: TextOf): PackageFacts[] {
  const packages: PackageFacts[] = [];
  for (const path of paths) {
    if (path !== 'package.json' && !path.endsWith('/package.json')) continue;
    const manifest = parseObject(textOf(path));
    const name = manifest?.name;
    packages.push({ dir: folderOf(path), name: typeof name === 'string' ? name : null, manifest });
  }
  return packages.sort((a, b) => compareText(a.dir, b.dir));
}

/** Finds the folder of the nearest package.json above a path; "" where there is none. */
export function nearestPackage(packages: readonly PackageFacts[]): (path: string) => string {
  const nearest = new Map<string, string>(packages.map(({ dir }) => [dir, dir]));
  const of = (dir: string): string => {
    const known = nearest.get(dir);
    if (known !== undefined) return known;
    const answer = dir === '' ? '' : of(folderOf(dir));
    nearest.set(dir, answer);
    return answer;
  };
  return (path) => of(folderOf(path));
}

/** Folders of the packages that the root declares as belonging together: npm, yarn, bun, pnpm, lerna. */
export function findMembers(packages: readonly PackageFacts[], textOf: TextOf): string[] {
  const root = packages.find(({ dir }) => dir === '')?.manifest ?? {};
  const patterns = [
    ...stringsOf(root.workspaces),
    ...pnpmPackages(textOf('pnpm-workspace.yaml') ?? ''),
    ...stringsOf(parseObject(textOf('lerna.json'))),
  ].map((pattern) => pattern.replace(/^(!?)(?:\.\/)?/, '$1').replace(/\/+$/, ''));
  const included = patterns.filter((pattern) => !pattern.startsWith('!')).map((pattern) => picomatch(pattern));
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => picomatch(pattern.slice(1)));
  return packages
    .map(({ dir }) => dir)
    .filter((dir) => dir !== '' && !/(?:^|\/)node_modules\//.test(dir))
    .filter((dir) => included.some((matches) => matches(dir)) && !excluded.some((matches) => matches(dir)));
}

/** `["a", "b"]` or `{ "packages": ["a", "b"] }`. */
function stringsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : ((value as { packages?: unknown } | null | undefined)?.packages ?? []);
  return Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : [];
}

/** The list `packages` of a pnpm-workspace.yaml, in either YAML style; its other keys are not our concern. */
export function pnpmPackages(yaml: string): string[] {
  const lines = yaml.split(/\r?\n/);
  const start = lines.findIndex((line) => /^(["']?)packages\1\s*:/.test(line));
  if (start < 0) return [];
  const first = withoutComment((lines[start] ?? '').replace(/^[^:]*:/, '')).trim();
  const rest = lines.slice(start + 1).map(withoutComment);
  if (first.startsWith('[')) return flowItems([first, ...rest].join(' '));
  const end = rest.findIndex((line) => /^[^\s-]/.test(line));
  const block = end < 0 ? rest : rest.slice(0, end);
  if (
    block
      .find((line) => line.trim() !== '')
      ?.trim()
      .startsWith('[') === true
  )
    return flowItems(block.join(' '));
  return block.flatMap((line) => /^\s*-\s+(\S.*)$/.exec(line)?.[1] ?? []).map(unquoted);
}

function flowItems(text: string): string[] {
  const items = /\[((?:"[^"]*"|'[^']*'|[^\]])*)\]/.exec(text)?.[1] ?? '';
  return (items.match(/"[^"]*"|'[^']*'|[^\s,]+/g) ?? []).map(unquoted);
}

function withoutComment(line: string): string {
  return /^(?:"[^"]*"|'[^']*'|(?<=\S)#|[^#"'])*/.exec(line)?.[0] ?? '';
}

function unquoted(word: string): string {
  const text = word.trim();
  return /^"(.*)"$/.exec(text)?.[1] ?? /^'(.*)'$/.exec(text)?.[1]?.replaceAll("''", "'") ?? text;
}

const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['pnpm-workspace.yaml', 'pnpm'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['yarn.lock', 'yarn'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/** What the root manifest declares, else what its lock file shows. */
export function findPackageManager(
  packages: readonly PackageFacts[],
  hasFile: (path: string) => boolean,
): PackageManager | null {
  const root = packages.find(({ dir }) => dir === '')?.manifest ?? {};
  const engines = root.devEngines as { packageManager?: { name?: unknown } } | null | undefined;
  const declared = [root.packageManager, engines?.packageManager?.name]
    .map((value) => (typeof value === 'string' ? value.replace(/@.*$/, '') : null))
    .find((name): name is PackageManager => LOCK_FILES.some(([, manager]) => manager === name));
  return declared ?? LOCK_FILES.find(([file]) => hasFile(file))?.[1] ?? null;
}

function parseObject(text: string | undefined): Manifest | null {
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Manifest) : null;
  } catch {
    return null;
  }
}
