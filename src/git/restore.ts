/** Brings a snapshot back, byte for byte, touching only what differs; what would be lost by it is held by another snapshot first. */
import { chmod, errorCode } from '../host/disk.js';
import { hashAsGit } from '../host/git-hash.js';
import { permissionsAt } from '../host/permissions.js';
import type { Failure } from '../model/failure.js';
import { type Result, success } from '../model/result.js';
import { putIndexBack } from './index-copy.js';
import { type ModeThen, isExecutable, readModes } from './kept-modes.js';
import type { Place } from './place.js';
import { type RawPath, filePath, rawPath, readablePath } from './raw-path.js';
import { dropLeftovers, permissionsLike, removeCreated, restoreFile } from './restore-file.js';
import { type Snapshot, type Target, takeSnapshotWith } from './snapshot.js';
import { nextSnapshotNumber } from './snapshot-list.js';
import { above } from './standing.js';
import { type TreeFile, readContents, readTree } from './tree-files.js';

export interface RestoreOptions {
  /** Bring the index back, too. */
  readonly index: boolean;
  /** Files that the run has made, relative to the top of the work tree: deleted, if they still have this content. */
  readonly created?: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** Only these paths, relative to the top of the work tree; all of the snapshot when absent. */
  readonly only?: ReadonlySet<string>;
}

export interface Restored {
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  /** Changed while this went on, or in the way of a file that should come back: not touched. */
  readonly leftAlone: readonly string[];
  readonly failures: readonly Failure[];
}

/** How everything is just before a restore; nothing is lost by it. */
export async function holdBefore(target: Target, snapshot: Snapshot): Promise<Result<Snapshot>> {
  const number = await nextSnapshotNumber(target, snapshot.run);
  if (!number.ok) return number;
  const then = await readTree(snapshot);
  if (!then.ok) return then;
  const message = `before ${snapshot.ref} was restored`;
  const request = { ...target, runId: snapshot.run, number: number.value, message };
  // What it is about to write over is held, even where git has come to ignore it since.
  return takeSnapshotWith(request, [...then.value.keys()]);
}

/** `before` tells what the restore began with. Cut off, it can be called again with the same one, and goes on. */
export async function restoreSnapshot(
  snapshot: Snapshot,
  before: Snapshot,
  options: RestoreOptions,
): Promise<Result<Restored>> {
  const [then, now, modeThen] = await Promise.all([readTree(snapshot), readTree(before), readModes(snapshot.modes)]);
  if (!then.ok) return then;
  if (!now.ok) return now;
  const { place, indexFile } = snapshot;
  const work: Work = { restored: new Set(), removed: [], leftAlone: [], failures: [] };
  await restoreFiles({ place, then: then.value, now: now.value, modeThen, work }, options);
  if (options.index && !place.own) {
    const index = await putIndexBack(place, indexFile);
    if (!index.ok) work.failures.push(index.failure);
  }
  return success({ ...work, restored: [...work.restored] });
}

interface Work {
  /** In order, each once. */
  readonly restored: Set<string>;
  readonly removed: string[];
  readonly leftAlone: string[];
  readonly failures: Failure[];
}

type Tree = ReadonlyMap<RawPath, TreeFile>;

interface Going {
  readonly place: Place;
  readonly then: Tree;
  readonly now: Tree;
  readonly modeThen: ModeThen;
  readonly work: Work;
}

async function restoreFiles(going: Going, { created = [], only }: RestoreOptions): Promise<void> {
  const { place, then, now, work } = going;
  const differing = [...then].filter(([path, file]) => isWanted(path, only) && !same(file, now.get(path)));
  await dropAllLeftovers(going, [...differing.map(([path]) => path), ...created.map(({ path }) => rawPath(path))]);
  // What was made goes first: it may stand where a folder of the snapshot has to be.
  for (const { path, bytes } of created) {
    const raw = rawPath(path);
    if (!now.has(raw) || then.has(raw)) continue;
    if (await attempt(raw, work, () => removeCreated(place, raw, bytes))) work.removed.push(path);
  }
  for await (const content of readContents(place, differing)) {
    const { path, file } = content;
    const way = { now: now.get(path), permissions: going.modeThen(path, isExecutable(file.mode)) };
    if (await attempt(path, work, () => restoreFile(place, content, way))) work.restored.add(readablePath(path));
  }
  await restoreModes(
    going,
    [...then].filter(([path]) => isWanted(path, only)),
  );
}

function isWanted(path: RawPath, only: RestoreOptions['only']): boolean {
  return only?.has(readablePath(path)) ?? true;
}

/** Of an earlier try that was cut off: once for each folder. */
async function dropAllLeftovers({ place, then, now }: Going, paths: readonly RawPath[]): Promise<void> {
  const held = new Set([...then.values(), ...now.values()].map((file) => file.oid));
  const isHeld = (bytes: Buffer): boolean => held.has(hashAsGit(place.objectFormat, bytes));
  const folders = new Map(paths.map((path) => [above(path), path]));
  for (const path of folders.values()) await dropLeftovers(place, path, isHeld);
}

/** Of files that have the right content, whether that came back or was there. */
async function restoreModes({ place, modeThen, work }: Going, files: readonly [RawPath, TreeFile][]): Promise<void> {
  const stuck = new Set([...work.leftAlone, ...work.failures.flatMap((failure) => failure.path ?? [])]);
  for (const [path, { mode }] of files) {
    const target = filePath(place.workTree, path);
    const standing = permissionsAt(target);
    const wanted = modeThen(path, isExecutable(mode)) ?? permissionsLike(target, isExecutable(mode));
    const isRight = mode === '120000' || standing === null || wanted === null || wanted === standing;
    if (isRight || stuck.has(readablePath(path))) continue;
    if (await attempt(path, work, () => chmod(target, wanted).then(() => true))) work.restored.add(readablePath(path));
  }
}

async function attempt(path: RawPath, work: Work, act: () => Promise<boolean>): Promise<boolean> {
  const name = readablePath(path);
  try {
    const done = await act();
    if (!done) work.leftAlone.push(name);
    return done;
  } catch (error) {
    work.failures.push(restoreFailure(name, error));
    return false;
  }
}

function restoreFailure(path: string, error: unknown): Failure {
  const why = errorCode(error) ?? (error instanceof Error ? error.message : String(error));
  return { kind: 'restore-failed', path, message: `Could not be restored: ${why}` };
}

function same(a: TreeFile, b: TreeFile | undefined): boolean {
  return a.mode === b?.mode && a.oid === b.oid;
}
