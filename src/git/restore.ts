/** Brings a snapshot back, byte for byte, touching only what differs; what would be lost by it is held by another snapshot first. */
import { errorCode } from '../host/disk.js';
import type { Failure } from '../model/failure.js';
import { type Result, success } from '../model/result.js';
import { putIndexBack } from './index-copy.js';
import { type RawPath, rawPath, readablePath } from './raw-path.js';
import { removeCreated, restoreFile } from './restore-file.js';
import { type Snapshot, type Target, takeSnapshotWith } from './snapshot.js';
import { nextSnapshotNumber } from './snapshot-list.js';
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
  /** How everything was just before; nothing is lost by a restore. */
  readonly before: Snapshot;
}

export async function restoreSnapshot(
  target: Target,
  snapshot: Snapshot,
  options: RestoreOptions,
): Promise<Result<Restored>> {
  const number = await nextSnapshotNumber(target, snapshot.run);
  if (!number.ok) return number;
  const then = await readTree(snapshot);
  if (!then.ok) return then;
  const message = `before ${snapshot.ref} was restored`;
  const request = { ...target, runId: snapshot.run, number: number.value, message };
  // What it is about to write over is held, even where git has come to ignore it since.
  const before = await takeSnapshotWith(request, [...then.value.keys()]);
  if (!before.ok) return before;
  const now = await readTree(before.value);
  if (!now.ok) return now;
  const work = await restoreFiles(snapshot, { then: then.value, now: now.value }, options);
  const failures = [...work.failures];
  if (options.index && !snapshot.place.own) {
    const index = await putIndexBack(snapshot.place, snapshot.indexFile);
    if (!index.ok) failures.push(index.failure);
  }
  return success({ ...work, failures, before: before.value });
}

interface Work {
  readonly restored: string[];
  readonly removed: string[];
  readonly leftAlone: string[];
  readonly failures: Failure[];
}

type Tree = ReadonlyMap<RawPath, TreeFile>;

async function restoreFiles(
  snapshot: Snapshot,
  trees: { readonly then: Tree; readonly now: Tree },
  options: RestoreOptions,
): Promise<Work> {
  const { place } = snapshot;
  const { then, now } = trees;
  const work: Work = { restored: [], removed: [], leftAlone: [], failures: [] };
  const attempt = async (path: RawPath, done: string[], act: () => Promise<boolean>): Promise<void> => {
    try {
      ((await act()) ? done : work.leftAlone).push(readablePath(path));
    } catch (error) {
      work.failures.push(restoreFailure(readablePath(path), error));
    }
  };
  // What was made goes first: it may stand where a folder of the snapshot has to be.
  for (const { path, bytes } of options.created ?? []) {
    const raw = rawPath(path);
    if (now.has(raw) && !then.has(raw)) await attempt(raw, work.removed, () => removeCreated(place, raw, bytes));
  }
  const wanted = (path: RawPath): boolean => options.only?.has(readablePath(path)) ?? true;
  const differing = [...then].filter(([path, file]) => wanted(path) && !same(file, now.get(path)));
  for await (const content of readContents(place, differing)) {
    const { path } = content;
    await attempt(path, work.restored, () => restoreFile(place, now.get(path), content));
  }
  return work;
}

function restoreFailure(path: string, error: unknown): Failure {
  const why = errorCode(error) ?? (error instanceof Error ? error.message : String(error));
  return { kind: 'restore-failed', path, message: `Could not be restored: ${why}` };
}

function same(a: TreeFile, b: TreeFile | undefined): boolean {
  return a.mode === b?.mode && a.oid === b.oid;
}
