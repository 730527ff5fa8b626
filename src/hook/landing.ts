/**
 * Fixed contents go to where they came from: new blobs, a new index, the files on disk; all of it, or nothing. The files
 * are written first, journalled; the moment in which the new index takes its place is the one that counts (recover.ts).
 */
import {
  type Entry,
  type IndexFile,
  type IndexStep,
  bringIndex,
  draftIndex,
  dropIndexStep,
  entriesIn,
  putIndex,
  readIndexFile,
  refreshIndex,
} from '../git/index-step.js';
import { isHeld, nextIndexOf, putHeldIndex } from '../git/held-index.js';
import { storeFiles } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { basename, join } from '../host/paths.js';
import type { EditRecord } from '../model/edit.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import { blobPath, readBlob } from '../safety/blobs.js';
import { markIndexRun, unmarkRun } from '../safety/run-mark.js';
import { applyEdits } from '../safety/transaction.js';
import { isDiskFull } from '../safety/trouble.js';
import { undoRun } from '../safety/undo.js';
import type { Staged } from './staged-files.js';
import { type LeftAlone, type StagedChange, followUp } from './work-tree.js';

/** Everything that can be made before anything changes. */
export interface Landing {
  readonly staged: Staged;
  readonly root: string;
  /** Of the run. */
  readonly folder: string;
  readonly entries: readonly Entry[];
  readonly changes: readonly StagedChange[];
  /** The new index, in the run's folder. */
  readonly draft: string;
  readonly step: IndexStep;
  /** The next state of the real index, where git commits from one of its own. */
  readonly next: Next | null;
}

interface Next {
  readonly draft: string;
  readonly step: IndexStep;
  readonly before: IndexFile;
}

export interface LandingRequest {
  readonly staged: Staged;
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly repository: Repository;
  readonly root: string;
  readonly folder: string;
  readonly edits: readonly EditRecord[];
}

export async function prepareLanding(request: LandingRequest): Promise<Result<Landing>> {
  const { staged, repository, root, folder } = request;
  const made = await entriesOf(request);
  if (!made.ok) return made;
  const entries = made.value;
  const { file } = staged.index;
  const draft = await draftIndex(staged.place, staged.index, { draft: join(folder, 'index'), entries });
  if (!draft.ok) return draft;
  const next = await prepareNext(staged, await nextIndexOf(repository), { folder, entries });
  if (!next.ok) return next;
  const other = next.value === null ? {} : { other: next.value.step.ready };
  const step = { file, ready: readyName(file, folder), entries, ...other };
  const changes = await changesOf(request);
  return success({ staged, root, folder, entries, changes, draft: draft.value, step, next: next.value });
}

/** On the same file system, so that it can take the place of the index. */
function readyName(index: string, folder: string): string {
  return `${index}.quality-${basename(folder)}`;
}

async function entriesOf({ staged, folder, edits }: LandingRequest): Promise<Result<readonly Entry[]>> {
  const files = edits.map(({ after }) => blobPath(folder, after ?? ''));
  const oids = await storeFiles(staged.place, files);
  if (!oids.ok) return oids;
  return success(
    edits.flatMap(({ path }, number): Entry[] => {
      const file = staged.files.get(path);
      const oid = oids.value[number];
      return file === undefined || oid === undefined ? [] : [{ raw: file.raw, mode: file.index.mode, oid }];
    }),
  );
}

function changesOf({ contents, folder, edits }: LandingRequest): Promise<StagedChange[]> {
  return Promise.all(
    edits.map(async ({ path, after }) => ({
      path,
      before: contents.get(path) ?? Buffer.alloc(0),
      after: await readBlob(folder, after ?? ''),
    })),
  );
}

async function prepareNext(
  { place, files }: Staged,
  file: string | null,
  { folder, entries }: Pick<Landing, 'folder' | 'entries'>,
): Promise<Result<Landing['next']>> {
  const before = file === null ? null : await readIndexFile(file);
  if (before === null) return success(null);
  const standing = await entriesIn(place, before.file, new Set(entries.map(({ raw }) => raw)));
  if (!standing.ok) return standing;
  const staged = new Map([...files.values()].map((one) => [one.raw, one.index.oid]));
  const same = entries.filter(({ raw }) => standing.value.get(raw)?.oid === staged.get(raw));
  const draft = await draftIndex(place, before, { draft: join(folder, 'index-next'), entries: same });
  if (!draft.ok) return draft;
  const step = { file: before.file, ready: readyName(before.file, folder), entries: same };
  return success({ draft: draft.value, step, before });
}

/** The commit would be empty: everything staged is what the last commit has already. */
export function leavesNothing({ all }: Staged, entries: readonly Entry[]): boolean {
  const after = new Map(entries.map(({ raw, oid }) => [raw, oid]));
  return all.every(({ raw, head, index }) => index.mode === head.mode && (after.get(raw) ?? index.oid) === head.oid);
}

export interface Landed {
  /** The index was changed by someone else: nothing was done. */
  readonly isOutdated: boolean;
  readonly leftAlone: readonly LeftAlone[];
}

export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export const DISK_FULL: Failure = { kind: 'disk-full', message: 'The disk is full: what is staged cannot be fixed' };

/** To be called while holding the write lock. */
export async function land(landing: Landing, patience: Patience): Promise<Result<Landed, readonly Failure[]>> {
  try {
    return await landAll(landing, patience);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return takeBack(landing, [DISK_FULL]);
  }
}

async function landAll(landing: Landing, patience: Patience): Promise<Result<Landed, readonly Failure[]>> {
  const { root, folder, step, staged, next } = landing;
  await markIndexRun(folder, step);
  await bringIndex(landing.draft, step.ready);
  if (next !== null) await bringIndex(next.draft, next.step.ready);
  const { edits, leftAlone } = await followUp(root, landing.changes);
  const { applied, changedMeanwhile, failures } = await applyEdits({ root, runDir: folder, name: 'staged' }, edits);
  if (failures.some(({ kind }) => kind === 'disk-full')) return takeBack(landing, failures);
  if (changedMeanwhile.length > 0) return takeBack(landing, null);
  if (applied.length > 0) await refreshIndex(staged.place, step);
  const put = await putAll(landing, patience);
  if (!put.ok) return takeBack(landing, [put.failure]);
  if (!put.value) return takeBack(landing, null);
  await finish(landing);
  const unwritable = failures.map(({ path = '', message }) => ({ path, reason: message }));
  return success({ isOutdated: false, leftAlone: [...leftAlone, ...unwritable] });
}

/** The one that git commits from comes last: it is what counts. */
async function putAll({ step, next, staged }: Landing, patience: Patience): Promise<Result<boolean>> {
  if (next !== null && !(await putHeldIndex(next.step.ready, next.before))) return success(false);
  if (isHeld(step.file)) return success(await putHeldIndex(step.ready, staged.index));
  return putIndex(step, staged.index, patience);
}

/** `outdated` null: everything is begun anew. */
async function takeBack(
  landing: Landing,
  outdated: readonly Failure[] | null,
): Promise<Result<Landed, readonly Failure[]>> {
  const { root, folder } = landing;
  const { failures } = await undoRun({ root, runDir: folder });
  if (failures.length > 0) return failed(failures);
  await finish(landing);
  return outdated === null ? success({ isOutdated: true, leftAlone: [] }) : failed(outdated);
}

async function finish({ step, folder }: Landing): Promise<void> {
  await dropIndexStep(step);
  await unmarkRun(folder);
}
