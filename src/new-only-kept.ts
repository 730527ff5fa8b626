/** What was found in a commit, kept for as long as nothing else that it depends on has changed: a commit does not. */
import { gitOutput } from './git/git.js';
import { hashText } from './host/hash.js';
import { ownBuild } from './host/own-package.js';
import { absolutePath, isAbsolute, isWithin, join, workspacePath } from './host/paths.js';
import type { BaselineEntry } from './model/baseline.js';
import type { Opened, Request } from './open.js';
import type { Basis } from './quality.js';
import { type BlockFile, openBlockFile } from './runs/block-file.js';
import { answersFolder } from './runs/run-folder.js';
import { type Outside, outsideDigest } from './standing.js';

export interface BaseLook {
  readonly opened: Opened;
  readonly request: Request;
  readonly commit: string;
}

interface Row {
  readonly entries: readonly BaselineEntry[];
  /** Digest of what is outside the commit, and what that is. */
  readonly outside: string;
  readonly of: Outside;
}

/** The number is raised when rows mean something else. */
const FORMAT = 'quality-base-1';
const FILE = 'base';
const CAP = 16 * 1024 * 1024;

export async function findKeptBase(look: BaseLook): Promise<readonly BaselineEntry[] | null> {
  const [rows, key] = await Promise.all([openRows(look), keyOf(look)]);
  const text = key === null ? undefined : rows.get(key);
  if (text === undefined) return null;
  const row = JSON.parse(text) as Row;
  return row.outside === outsideDigest(look.opened, look.request, row.of) ? row.entries : null;
}

export interface Found {
  readonly entries: readonly BaselineEntry[];
  readonly basis: Basis;
  /** Where it was looked at; absolute. */
  readonly root: string;
  /** Paths in it that are not the commit's. */
  readonly lent: readonly string[];
}

export async function keepBase(look: BaseLook, found: Found): Promise<void> {
  const [rows, key] = await Promise.all([openRows(look), keyOf(look)]);
  if (key === null) return;
  const of = outsideOf(look.opened.root, found);
  const row: Row = { entries: found.entries, of, outside: outsideDigest(look.opened, look.request, of) };
  rows.add(key, JSON.stringify(row));
  await rows.save();
}

/** In the user's own work tree, of which all was lent that is not the commit's. */
function outsideOf(home: string, { basis, root, lent }: Found): Outside {
  const atHome = (path: string): string => {
    const inside = isAbsolute(path) ? workspacePath(root, path) : null;
    return inside === null ? path : absolutePath(home, inside);
  };
  const isLent = (name: string): boolean =>
    isAbsolute(name) || name.split('/').includes('node_modules') || lent.some((path) => isWithin(path, name));
  return {
    isWide: basis.isWide,
    files: basis.files.map(atHome),
    variables: basis.variables,
    named: basis.named.filter(isLent).map(atHome),
    packageDirs: basis.packageDirs,
  };
}

function openRows({ opened }: BaseLook): Promise<BlockFile> {
  return openBlockFile(join(answersFolder(opened.root), FILE), { format: FORMAT, smallestCap: CAP });
}

/** By the tree: a commit that has the same files is the same. */
async function keyOf({ opened, request, commit }: BaseLook): Promise<string | null> {
  const tree = await gitOutput(opened.root, ['rev-parse', '--verify', `${commit}^{tree}`]);
  if (!tree.ok) return null;
  const { workflow, only, timeoutMs, gate } = request;
  const wishes = [workflow, only, timeoutMs, gate, opened.config, opened.repository?.prefix];
  const parts = [ownBuild(), process.version, tree.value.toString('utf8').trim(), wishes];
  return hashText(JSON.stringify(parts)).slice(0, KEY_LENGTH);
}

const KEY_LENGTH = 32;
