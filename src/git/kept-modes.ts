/**
 * Permissions beside a snapshot, as git keeps only the exec bit: a list for each that is not what the system gives to a new
 * file. A list has its permissions for a name and is what `xargs -0 chmod` takes.
 */
import { makeFolder, readFile, readdir, rm, writeFile } from '../host/disk.js';
import { join } from '../host/paths.js';
import { permissionsAt, withExecutable } from '../host/permissions.js';
import type { Capture } from './capture.js';
import type { Place } from './place.js';
import { type RawPath, filePath, rawInput, rawList } from './raw-path.js';

export interface KeptModes {
  /** Of most files: what the system gave to a new file then; null where that is not known any more. */
  readonly usual: number | null;
  readonly lists: readonly { readonly permissions: string; readonly file: string }[];
}

/** An empty file, made as the system makes files: its own permissions are what it tells. */
const USUAL = 'usual';
const PREFIX = './';

/** By path `true` where git takes the file for executable. */
export type Executables = ReadonlyMap<RawPath, boolean>;

/** Regular files of a capture, the untracked ones too. */
export function executablesOf({ index, tracked, untracked }: Capture): Executables {
  const standing = index.flatMap(({ path, mode }) => {
    const state = tracked.get(path);
    return state === null ? [] : { path, mode: state?.mode ?? mode };
  });
  return executablesIn([...standing, ...[...untracked].map(([path, { mode }]) => ({ path, mode }))]);
}

export function executablesIn(files: readonly { readonly path: RawPath; readonly mode: string }[]): Executables {
  const regular = files.filter(({ mode }) => mode.startsWith('100'));
  return new Map(regular.map(({ path, mode }) => [path, isExecutable(mode)]));
}

export async function keepModes({ workTree }: Place, files: Executables, copyFolder: string): Promise<KeptModes> {
  const folder = join(copyFolder, 'modes');
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  await writeFile(join(folder, USUAL), '');
  const usual = permissionsAt(join(folder, USUAL));
  const lists = new Map<string, RawPath[]>();
  for (const [path, executable] of files) {
    const permissions = permissionsAt(filePath(workTree, path));
    if (permissions === null || permissions === withExecutable(usual ?? 0, executable)) continue;
    const name = permissions.toString(8);
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [PREFIX + path]);
    else list.push(PREFIX + path);
  }
  for (const [name, paths] of lists) await writeFile(join(folder, name), rawInput(paths, '\0'));
  return { usual, lists: [...lists.keys()].sort().map((name) => ({ permissions: name, file: join(folder, name) })) };
}

export async function findModes(copyFolder: string): Promise<KeptModes> {
  const folder = join(copyFolder, 'modes');
  const names = await readdir(folder).catch(() => []);
  const lists = names.filter((name) => name !== USUAL).sort();
  return {
    usual: permissionsAt(join(folder, USUAL)),
    lists: lists.map((name) => ({ permissions: name, file: join(folder, name) })),
  };
}

/** The permissions that a file had; null where they are not known. */
export type ModeThen = (path: RawPath, executable: boolean) => number | null;

export async function readModes({ usual, lists }: KeptModes): Promise<ModeThen> {
  const known = new Map<RawPath, number>();
  for (const { permissions, file } of lists)
    for (const path of rawList(await readFile(file)))
      known.set(path.slice(PREFIX.length), Number.parseInt(permissions, 8));
  return (path, executable) => known.get(path) ?? (usual === null ? null : withExecutable(usual, executable));
}

/** By the mode that git has for it. */
export function isExecutable(mode: string): boolean {
  return mode === '100755';
}
