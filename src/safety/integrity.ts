/** At the end of a run: is every difference between then and now an edit of the log, or the user's own? */
import { currentTree } from '../git/current-tree.js';
import { type RawPath, readablePath } from '../git/raw-path.js';
import type { Repository } from '../git/repository.js';
import type { Snapshot } from '../git/snapshot.js';
import { type TreeFile, readContents, readTree } from '../git/tree-files.js';
import { readIfThere, realpath } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { absolutePath, workspacePath } from '../host/paths.js';
import { forEachAtMost } from '../host/quick-read.js';
import type { EditRecord } from '../model/edit.js';
import { type Result, success } from '../model/result.js';

export interface IntegrityRequest {
  readonly root: string;
  readonly repository: Repository | null;
  /** How everything was: a snapshot, or the hashes of the files that are looked after, by path. */
  readonly baseline: Snapshot | ReadonlyMap<string, string>;
  /** What the run did and did not take back, oldest first; several for one file are one after the other. */
  readonly records: readonly Pick<EditRecord, 'path' | 'before' | 'after' | 'link'>[];
}

export interface Difference {
  /** Relative to the target; a path outside of it begins with `../`. */
  readonly path: string;
  readonly before: string | null;
  readonly now: string | null;
  /** `edit`: just what the edits made of it. `user`: no edit touched it. `both`: an edit did, and someone else, too. */
  readonly by: 'edit' | 'user' | 'both';
}

export interface Integrity {
  readonly differences: readonly Difference[];
  /** Files with an edit of which nothing is to be seen: what stood there before stands there again. */
  readonly undone: readonly string[];
}

export async function integrityCheck(request: IntegrityRequest): Promise<Result<Integrity>> {
  const { baseline, root, repository, records } = request;
  const changes =
    'ref' in baseline
      ? await sinceSnapshot(root, baseline, repository?.prefix ?? '')
      : success(await sinceHashes(root, baseline, records));
  if (!changes.ok) return changes;
  const net = await netRecords(root, records);
  const differences = changes.value.map((change): Difference => ({
    ...change,
    by: authorOf(change, net.get(change.path)),
  }));
  const differing = new Set(differences.map((one) => one.path));
  const undone = [...net].flatMap(([path, { before, after }]) =>
    before !== after && !differing.has(path) ? path : [],
  );
  return success({ differences: differences.sort((a, b) => (a.path < b.path ? -1 : 1)), undone: undone.sort() });
}

type Change = Omit<Difference, 'by'>;
type Net = Pick<EditRecord, 'before' | 'after'>;

function authorOf(change: Change, net: Net | undefined): Difference['by'] {
  if (net === undefined) return 'user';
  return net.before === change.before && net.after === change.now ? 'edit' : 'both';
}

/** From the first content to the last, by the file that was really written: an edit may have gone through a symlink. */
async function netRecords(root: string, records: IntegrityRequest['records']): Promise<Map<string, Net>> {
  const realRoot = await realpath(root);
  const net = new Map<string, Net>();
  for (const { path, before: content, after, link } of records) {
    // A snapshot holds the symlink itself, not what it led to.
    const before = link === undefined ? content : hashBytes(Buffer.from(link, 'utf8'));
    const real = await realpath(absolutePath(root, path)).catch(() => null);
    const place = (real === null ? null : workspacePath(realRoot, real)) ?? path;
    net.set(place, { before: net.has(place) ? (net.get(place)?.before ?? null) : before, after });
  }
  return net;
}

/** As large as any that a snapshot holds: what it left out, this leaves out as well. */
const MAX_FILE_BYTES = 64 * 1024 ** 2;

async function sinceSnapshot(root: string, snapshot: Snapshot, prefix: string): Promise<Result<Change[]>> {
  const [then, now] = await Promise.all([readTree(snapshot), currentTree(snapshot.place, MAX_FILE_BYTES)]);
  if (!then.ok) return then;
  if (!now.ok) return now;
  const paths = new Set([...then.value.keys(), ...now.value.keys()]);
  const differing = [...paths].filter((path) => then.value.get(path)?.oid !== now.value.get(path));
  const before = await hashesThen(snapshot, then.value, differing);
  const { workTree } = snapshot.place;
  const changes = differing.map(async (path): Promise<Change> => {
    const readable = readablePath(path);
    const bytes = now.value.has(path) ? await readIfThere(absolutePath(workTree, readable)) : null;
    return {
      path: fromTarget(prefix, readable),
      before: before.get(path) ?? null,
      now: bytes === null ? null : hashBytes(bytes),
    };
  });
  return success(await Promise.all(changes));
}

/** Repositories with other hashes than ours name the same bytes differently. */
async function hashesThen(
  { place }: Snapshot,
  then: ReadonlyMap<RawPath, TreeFile>,
  paths: readonly RawPath[],
): Promise<Map<RawPath, string>> {
  const files = paths.flatMap((path): [RawPath, TreeFile][] => {
    const file = then.get(path);
    return file === undefined ? [] : [[path, file]];
  });
  if (place.objectFormat === 'sha1') return new Map(files.map(([path, { oid }]) => [path, oid]));
  const hashes = new Map<RawPath, string>();
  for await (const { path, bytes } of readContents(place, files)) hashes.set(path, hashBytes(bytes));
  return hashes;
}

/** A path of the work tree as seen from the target, which may be a folder in it. */
function fromTarget(prefix: string, path: string): string {
  if (prefix === '') return path;
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : '../'.repeat(prefix.split('/').length) + path;
}

const LANES = 16;

async function sinceHashes(
  root: string,
  baseline: ReadonlyMap<string, string>,
  records: IntegrityRequest['records'],
): Promise<Change[]> {
  const changes: Change[] = [];
  await forEachAtMost(LANES, new Set([...baseline.keys(), ...records.map((one) => one.path)]), async (path) => {
    const bytes = await readIfThere(absolutePath(root, path));
    const before = baseline.get(path) ?? null;
    const now = bytes === null ? null : hashBytes(bytes);
    if (before !== now) changes.push({ path, before, now });
  });
  return changes;
}
