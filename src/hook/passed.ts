/**
 * Staged contents that have passed, with nothing to fix and nothing to say, pass again for as long as nothing that this
 * depends on has changed. Seen from git's names, from a few files and from the disk's books: nothing is planned, no tool
 * is loaded.
 */
import { gitOutput } from '../git/git.js';
import { exists } from '../host/disk.js';
import { hashBytes, hashText } from '../host/hash.js';
import { ownBuild } from '../host/own-package.js';
import { absolutePath, basename, isAbsolute, join } from '../host/paths.js';
import { contentHashOf, isOlderThan } from '../host/stamp.js';
import type { Basis } from '../quality.js';
import { type BlockFile, openBlockFile } from '../runs/block-file.js';
import { answersFolder } from '../runs/run-folder.js';
import { lockFolder } from '../safety/lock.js';
import { findUnfinished } from '../safety/recover.js';
import { outsideDigest } from '../standing.js';
import type { Asked } from './asked.js';
import type { Staged } from './staged-files.js';

export interface Passed {
  /** Workspace path. */
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
}

/** The number is raised when rows mean something else. */
const FORMAT = 'quality-passed-1';
const CAP = 4 * 1024 * 1024;

/** True only if all of it has. False also where a run is at work, or has left something to recover. */
export async function hasPassed(asked: Asked, { files }: Staged): Promise<boolean> {
  const { request, target } = asked;
  if (request.cache === false) return false;
  const rows = await openRows(asked);
  const text = rows.get(basisKey(asked));
  if (text === undefined) return false;
  const basis = JSON.parse(text) as Basis;
  if ([...files.keys()].some((path) => decidesMore(path, basis))) return false;
  const state = await stateOf(asked, basis);
  if (state === null) return false;
  const isKnown = [...files].every(([path, { index }]) => rows.get(rowKey(state, { path, ...index })) !== undefined);
  return (
    isKnown && !(await exists(join(lockFolder(target.root, target.repository), 'write'))) && (await isAtRest(asked))
  );
}

async function isAtRest({ target }: Asked): Promise<boolean> {
  return (await findUnfinished(target.root)).length === 0;
}

export interface Kept {
  readonly basis: Basis;
  readonly passed: readonly Passed[];
  /** When the look at them began. */
  readonly began: number;
}

export async function keepPassed(asked: Asked, { basis, passed, began }: Kept): Promise<void> {
  const { root } = asked.target;
  if (asked.request.cache === false || basis.isWide) return;
  if (passed.some(({ path }) => decidesMore(path, basis))) return;
  // Nobody knows whether a tool has seen it before or after it was written.
  const absolute = (name: string): string => (isAbsolute(name) ? name : absolutePath(root, name));
  if (![...configsOf(basis), ...basis.named].every((name) => isOlderThan(absolute(name), began))) return;
  const state = await stateOf(asked, basis);
  if (state === null) return;
  const rows = await openRows(asked);
  rows.add(basisKey(asked), JSON.stringify(basis));
  for (const one of passed) rows.add(rowKey(state, one), '1');
  await rows.save();
}

/** What is staged of it may be another thing than what stands on disk, which is what tools read. */
function decidesMore(path: string, basis: Basis): boolean {
  return basename(path) === '.gitattributes' || configsOf(basis).includes(path) || basis.named.includes(path);
}

function configsOf({ configs, packageDirs }: Basis): readonly string[] {
  const manifests = packageDirs.map((dir) => (dir === '' ? 'package.json' : `${dir}/package.json`));
  return [...configs, ...manifests, '.quality-config.json', 'pnpm-workspace.yaml', 'lerna.json'];
}

const NAMES = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '-xnode_modules/', '-x.quality/'];

/** Everything but the files in question that decides what would be said of them; null where git does not tell. */
async function stateOf({ request, target }: Asked, basis: Basis): Promise<string | null> {
  const names = await gitOutput(target.root, NAMES);
  if (!names.ok) return null;
  const attributes = names.value
    .toString('utf8')
    .split('\0')
    .filter((path) => path.endsWith('.gitattributes'));
  const inside = [...configsOf(basis), ...attributes].map((path) => contentHashOf(absolutePath(target.root, path)));
  return hashText(JSON.stringify([hashBytes(names.value), inside, outsideDigest(target, request, basis)]));
}

function openRows({ target }: Asked): Promise<BlockFile> {
  return openBlockFile(join(answersFolder(target.root), 'passed'), { format: FORMAT, smallestCap: CAP });
}

function basisKey({ request, target }: Asked): string {
  const parts = [
    ownBuild(),
    process.version,
    request.workflow ?? 'staged',
    request.configFile,
    target.repository.prefix,
  ];
  return hashText(JSON.stringify(parts)).slice(0, KEY_LENGTH);
}

const KEY_LENGTH = 32;

function rowKey(state: string, { path, mode, oid }: Passed): string {
  return hashText([state, path, mode, oid].join('\0')).slice(0, KEY_LENGTH);
}
