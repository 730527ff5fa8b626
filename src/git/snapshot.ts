/**
 * Snapshots: the whole tree and index as a commit that git's own tools can read, made without touching the work tree, the
 * index, HEAD, the stash list or any hook. Contents are raw bytes: no filter stands between them and the blob.
 */
import { now } from '../host/clock.js';
import { copyFile, exists, rm, writeFile } from '../host/disk.js';
import { hashAsGit } from '../host/git-hash.js';
import { join } from '../host/paths.js';
import { type Result, success } from '../model/result.js';
import { type Capture, capture } from './capture.js';
import { plainStream, stashStream } from './commit-stream.js';
import { copyIndex } from './index-copy.js';
import { parsePlainLines } from './index-lines.js';
import { type KeptModes, executablesIn, executablesOf, keepModes } from './kept-modes.js';
import { refreshOwnIndex } from './own-index.js';
import { type Place, SNAPSHOT_REFS, copyFolder, gitAt, lineAt, outputAt, placeOf, prepareRawGit } from './place.js';
import { type RawPath, rawPath, readablePath } from './raw-path.js';
import type { Repository } from './repository.js';

export interface Target {
  readonly root: string;
  readonly repository: Repository | null;
}

export interface SnapshotRequest extends Target {
  readonly runId: string;
  /** Counts from 1 within the run. */
  readonly number: number;
  readonly message: string;
  /** Ignored files to hold as well, relative to the root. */
  readonly extraPaths?: readonly string[];
  /** Larger files are left out, and listed; 64 MiB unless told. */
  readonly maxFileBytes?: number;
}

export interface Snapshot {
  readonly run: string;
  readonly number: number;
  /** `refs/quality/snapshots/<run>/<n>` */
  readonly ref: string;
  readonly commit: string;
  /** Commits whose trees together hold all files: the work tree's own, that of the untracked files; empty ones left out. */
  readonly trees: readonly string[];
  /** The repository's own git folder, or `.quality/snapshots.git` in a target that is no repository. */
  readonly gitDir: string;
  readonly place: Place;
  /** Copy of the raw index, absolute; null when there was none. */
  readonly indexFile: string | null;
  readonly modes: KeptModes;
  /** The target that it was taken for, absolute: work trees of a repository, and folders in it, share their snapshots' place. */
  readonly root: string | null;
  /** Seconds since 1970. */
  readonly takenAt: number;
  /** Not in it, because unreadable or too large; a restore does not touch them. Known only to who took it. */
  readonly skipped: readonly string[];
}

/** Beside the copy of the index: whose snapshot it is. */
export const TARGET = 'target';
const MAX_FILE_BYTES = 64 * 1024 ** 2;
/** A file that goes while it is read makes git stop: then all is looked at again. */
const ATTEMPTS = 3;

export async function takeSnapshot(request: SnapshotRequest): Promise<Result<Snapshot>> {
  const { repository, extraPaths = [] } = request;
  const prefix = repository === null || repository.prefix === '' ? '' : `${repository.prefix}/`;
  return takeSnapshotWith(
    request,
    extraPaths.map((path) => rawPath(prefix + path)),
  );
}

/** The same, with the extra paths as git has them: relative to the top of the work tree. */
export async function takeSnapshotWith(asked: SnapshotRequest, extra: readonly RawPath[]): Promise<Result<Snapshot>> {
  const request: Asked = { ...asked, extra, maxFileBytes: asked.maxFileBytes ?? MAX_FILE_BYTES };
  const place = placeOf(request.root, request.repository);
  const ready = await prepareRawGit(place);
  if (!ready.ok) return ready;
  let result = await attempt(request, place);
  for (let more = 1; more < ATTEMPTS && !result.ok && result.failure.kind === 'tool-crashed'; more++)
    result = await attempt(request, place);
  if (!result.ok) await rm(copyFolder(place, request.runId, request.number), { recursive: true, force: true });
  return result;
}

interface Asked extends SnapshotRequest {
  readonly extra: readonly RawPath[];
  readonly maxFileBytes: number;
}

function attempt(request: Asked, place: Place): Promise<Result<Snapshot>> {
  return place.own ? snapshotFolder(request, place) : snapshotRepository(request, place);
}

async function snapshotRepository(request: Asked, place: Place): Promise<Result<Snapshot>> {
  const folder = copyFolder(place, request.runId, request.number);
  const copy = await copyIndex(place, folder);
  if (!copy.ok) return copy;
  await writeFile(join(folder, TARGET), request.root);
  const indexFile = copy.value ?? join(folder, 'no-index');
  const [captured, head, tree] = await Promise.all([
    capture(place, { extra: request.extra, maxFileBytes: request.maxFileBytes, indexFile, store: true }),
    headOf(place),
    writeIndexTree(place, folder),
  ]);
  if (!captured.ok) return captured;
  if (!tree.ok) return tree;
  const parts = {
    ...partsOf(request),
    message: `${request.message} (${whatIn(captured.value)})`,
    head,
    indexTree: tree.value,
    capture: captured.value,
  };
  const [commits, modes] = await Promise.all([
    importStream(place, stashStream(parts)),
    keepModes(place, executablesOf(captured.value), folder),
  ]);
  if (!commits.ok) return commits;
  const [untracked, commit] = commits.value.length === 3 ? commits.value.slice(1) : [undefined, commits.value[1]];
  return success({
    ...identity(request, place, parts.at),
    commit: commit ?? '',
    trees: treesOf(whatIn(captured.value), commit ?? '', untracked),
    indexFile: copy.value,
    modes,
    skipped: captured.value.skipped.map(readablePath),
  });
}

const IN_WORK_TREE = 'work tree';
const UNTRACKED = 'untracked files';

/** Part of the message, so that it is known of old snapshots, too: restoring from an empty tree is an error to git. */
function whatIn({ index, tracked, untracked }: Capture): string {
  const files = index.filter((line) => line.mode !== '160000');
  const some = files.some((line) => tracked.get(line.path) !== null);
  const parts = [...(some ? [IN_WORK_TREE] : []), ...(untracked.size > 0 ? [UNTRACKED] : [])];
  return parts.length === 0 ? 'no files' : parts.join(' and ');
}

export function treesOf(message: string, commit: string, untracked: string | undefined): readonly string[] {
  return [
    ...(message.includes(IN_WORK_TREE) ? [commit] : []),
    ...(message.includes(UNTRACKED) && untracked !== undefined ? [untracked] : []),
  ];
}

function partsOf(request: SnapshotRequest): { ref: string; at: number } {
  return { ref: refOf(request), at: Math.floor(now() / 1000) };
}

function identity(
  request: SnapshotRequest,
  place: Place,
  takenAt: number,
): Pick<Snapshot, 'run' | 'number' | 'ref' | 'gitDir' | 'place' | 'root' | 'takenAt'> {
  const { runId: run, number, root } = request;
  return { run, number, ref: refOf(request), gitDir: place.gitDir, place, root, takenAt };
}

function refOf({ runId, number }: SnapshotRequest): string {
  return `${SNAPSHOT_REFS}${runId}/${String(number)}`;
}

async function headOf(place: Place): Promise<string | null> {
  const head = await gitAt(place, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  return head.end === 'exit' && head.exitCode === 0 ? head.stdout.toString('utf8').trim() : null;
}

/** `write-tree` writes into the index that it reads, so it gets a copy of the copy. */
async function writeIndexTree(place: Place, folder: string): Promise<Result<string>> {
  const indexFile = join(folder, 'index.work');
  if (await exists(join(folder, 'index'))) await copyFile(join(folder, 'index'), indexFile);
  const tree = await lineAt(place, ['write-tree', '--missing-ok'], { indexFile });
  await rm(indexFile, { force: true });
  return tree;
}

async function importStream(place: Place, stream: Buffer): Promise<Result<string[]>> {
  const args = ['-c', 'core.ignoreCase=false', 'fast-import', '--quiet', '--done', '--date-format=raw'];
  const output = await outputAt(place, args, { input: stream });
  return output.ok ? success(output.value.toString('latin1').trim().split('\n')) : output;
}

async function snapshotFolder(request: Asked, place: Place): Promise<Result<Snapshot>> {
  const refreshed = await refreshOwnIndex(place, request.maxFileBytes, request.extra);
  if (!refreshed.ok) return refreshed;
  const tree = await lineAt(place, ['write-tree']);
  if (!tree.ok) return tree;
  const what = tree.value === hashAsGit(place.objectFormat, new Uint8Array(), 'tree') ? 'no files' : IN_WORK_TREE;
  const parts = { ...partsOf(request), message: `${request.message} (${what})`, indexTree: tree.value };
  const listed = await outputAt(place, ['ls-files', '-z', '--stage']);
  if (!listed.ok) return listed;
  const [commits, modes] = await Promise.all([
    importStream(place, plainStream(parts)),
    keepModes(place, executablesIn(parsePlainLines(listed.value)), copyFolder(place, request.runId, request.number)),
  ]);
  if (!commits.ok) return commits;
  const [commit = ''] = commits.value;
  const skipped = refreshed.value.map(readablePath);
  return success({
    ...identity(request, place, parts.at),
    commit,
    trees: treesOf(what, commit, undefined),
    indexFile: null,
    modes,
    skipped,
  });
}
