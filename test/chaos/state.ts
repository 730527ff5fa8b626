/** What a world looks like at one moment: the tree, and everything of git that is none of our business. */
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf } from './git.js';
import type { World } from './world.js';

export interface Entry {
  readonly kind: 'file' | 'link' | 'folder';
  /** git's hash of the content; the text of a link. */
  readonly content: string;
  readonly mode: number;
}

export type TreeState = ReadonlyMap<string, Entry>;

export interface State {
  readonly tree: TreeState;
  /** Files of git by path, as a hash: index, HEAD, refs, logs, config; objects and what is ours left out. */
  readonly git: ReadonlyMap<string, string>;
  readonly objects: ReadonlySet<string>;
}

export function stateOf(world: World): State {
  return { tree: treeOf(world.top), git: gitOf(world), objects: objectsOf(world) };
}

const OURS = new Set(['.git', '.quality']);

export function treeOf(top: string): TreeState {
  const entries = new Map<string, Entry>();
  walk(top, '', (path, name) => {
    if (OURS.has(name)) return false;
    const entry = entryOf(join(top, path));
    if (entry !== null) entries.set(path, entry);
    return entry?.kind === 'folder';
  });
  return entries;
}

function walk(top: string, below: string, enter: (path: string, name: string) => boolean): void {
  for (const name of namesIn(join(top, below))) {
    const path = below === '' ? name : `${below}/${name}`;
    if (enter(path, name)) walk(top, path, enter);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** null: gone while we looked. */
function entryOf(path: string): Entry | null {
  try {
    const stat = lstatSync(path);
    const mode = stat.mode & 0o7777;
    if (stat.isSymbolicLink()) return { kind: 'link', content: readlinkSync(path), mode: 0 };
    if (stat.isDirectory()) return { kind: 'folder', content: '', mode };
    return { kind: 'file', content: hashOf(readFileSync(path)), mode };
  } catch {
    return null;
  }
}

/** `quality/`, `refs/quality/` and their logs are ours. */
const OWN_IN_GIT = /^(?:quality|refs\/quality|logs\/refs\/quality|objects)(?:\/|$)/;

function gitOf({ commonDir, gitDir }: World): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of new Set([commonDir, gitDir])) {
    if (folder === null) continue;
    walk(folder, '', (path) => {
      if (OWN_IN_GIT.test(path)) return false;
      const entry = entryOf(join(folder, path));
      if (entry?.kind === 'file') files.set(`${folder === commonDir ? '' : 'worktree:'}${path}`, entry.content);
      return entry?.kind === 'folder';
    });
  }
  return files;
}

function objectsOf({ commonDir }: World): Set<string> {
  const objects = new Set<string>();
  if (commonDir === null) return objects;
  walk(join(commonDir, 'objects'), '', (path) => {
    objects.add(path);
    return true;
  });
  return objects;
}
