/**
 * Entries of the index replaced all at once: a new index is made beside it, and takes its place under git's own lock, if the
 * index still is what it was. The lock is a second name of the new index, so that one whom we leave behind when we are killed
 * can be told from anybody else's.
 */
import { now, sleep } from '../host/clock.js';
import {
  exists,
  isSameFile,
  link,
  readIfThere,
  rename,
  rm,
  stat,
  unlessThere,
  utimes,
  writeFile,
} from '../host/disk.js';
import { forGit } from '../host/git-environment.js';
import { join } from '../host/paths.js';
import { type Result, failed, success } from '../model/result.js';
import { gitFailure } from './git.js';
import { isHeld } from './held-index.js';
import { copyKeepingTime } from './index-copy.js';
import { type Place, gitAt, outputAt } from './place.js';
import { type RawPath, rawInput, rawList } from './raw-path.js';
import type { Repository } from './repository.js';
import type { Version } from './staged.js';

export interface IndexFile {
  /** Absolute. */
  readonly file: string;
  /** As it was when it was looked at. */
  readonly bytes: Buffer;
  /** Rounded down: files as young as the index may have changed without a trace, and git looks into these. */
  readonly time: number;
}

export interface Entry extends Version {
  readonly raw: RawPath;
}

/** All that recovery needs to know about a replacement that may have been cut off. */
export interface IndexStep {
  readonly file: string;
  /** The new index, complete, beside it. */
  readonly ready: string;
  readonly entries: readonly Entry[];
  /** Another new index that waits for its place, and goes where this one goes. */
  readonly other?: string;
}

/** The index that git commits from: in a hook it may be another one than the repository's own. */
export function indexFileOf({ gitDir }: Repository): string {
  return forGit().GIT_INDEX_FILE ?? join(gitDir, 'index');
}

export async function readIndexFile(file: string): Promise<IndexFile | null> {
  const bytes = await readIfThere(file);
  return bytes === null ? null : { file, bytes, time: Math.floor((await stat(file)).mtimeMs) / 1000 };
}

/** Makes the new index, as this file. */
export async function draftIndex(
  place: Place,
  index: IndexFile,
  { draft, entries }: { readonly draft: string; readonly entries: readonly Entry[] },
): Promise<Result<string>> {
  await writeFile(draft, index.bytes);
  await utimes(draft, index.time, index.time);
  const input = rawInput(
    entries.map(({ mode, oid, raw }) => `${mode} ${oid}\t${raw}`),
    '\0',
  );
  const updated = await outputAt(place, ['update-index', '-z', '--index-info'], { input, indexFile: draft });
  return updated.ok ? success(draft) : updated;
}

/** From now on there is something to take away. */
export async function bringIndex(draft: string, ready: string): Promise<void> {
  await copyKeepingTime(draft, ready);
}

/** What files on disk look like now is noted in the new index, so that nobody has to read them for that. */
export async function refreshIndex(place: Place, { ready }: IndexStep): Promise<void> {
  await gitAt(place, ['update-index', '-q', '--refresh'], { indexFile: ready });
}

const PAUSE_MS = 20;

/** Of the repository's own index; false when it is not what it was any more: then nothing was changed. */
export async function putIndex(
  step: IndexStep,
  before: IndexFile,
  wait: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Result<boolean>> {
  const lock = `${step.file}.lock`;
  const deadline = now() + wait.timeoutMs;
  while (!(await unlessThere(() => link(step.ready, lock)))) {
    if (now() >= deadline || wait.signal.aborted) return failed(lockHeld(lock, wait.timeoutMs));
    await sleep(PAUSE_MS);
  }
  if ((await readIfThere(step.file))?.equals(before.bytes) !== true) {
    await rm(lock, { force: true });
    return success(false);
  }
  await rename(lock, step.file);
  return success(true);
}

function lockHeld(lock: string, waitedMs: number) {
  return {
    kind: 'git-state',
    message: `Another program holds the lock of git's index`,
    detail: `${lock}\nWaited ${String(waitedMs / 1000)} s for it.`,
    next: 'Commit again when it is done; where no git is at work any more, delete that file.',
  } as const;
}

/** These entries as an index has them now; none for those that it does not have. */
export async function entriesIn(
  place: Place,
  file: string,
  raws: ReadonlySet<RawPath>,
): Promise<Result<ReadonlyMap<RawPath, Version>>> {
  const found = new Map<RawPath, Version>();
  if (!(await exists(file))) return success(found);
  const output = await gitAt(place, ['ls-files', '-z', '--stage'], { indexFile: file });
  if (output.end !== 'exit' || output.exitCode !== 0) return failed(gitFailure(output));
  for (const line of rawList(output.stdout)) {
    const tab = line.indexOf('\t');
    const [mode = '', oid = '', stage] = line.slice(0, tab).split(' ');
    if (stage === '0' && raws.has(line.slice(tab + 1))) found.set(line.slice(tab + 1), { mode, oid });
  }
  return success(found);
}

export async function dropIndexStep({ ready, other }: IndexStep): Promise<void> {
  for (const file of [ready, ...(other === undefined ? [] : [other])]) await rm(file, { force: true });
}

/** Did the new index come into its place? What we left of it on the way is taken away. */
export async function settleIndexStep(place: Place, step: IndexStep): Promise<boolean> {
  const lock = `${step.file}.lock`;
  const isDone = await isSameFile(step.file, step.ready);
  if (await isSameFile(lock, step.ready)) await rm(lock, { force: true });
  await dropIndexStep(step);
  // The index that a commit made for itself went with it; the commit may have been begun anew since.
  const isLasting = !isHeld(step.file);
  const files = isLasting ? [step.file] : [join(place.gitDir, 'index'), ...[forGit().GIT_INDEX_FILE ?? []].flat()];
  if (isDone && isLasting) return true;
  for (const file of files) if (await holdsAll(place, file, step.entries)) return true;
  return false;
}

async function holdsAll(place: Place, file: string, entries: readonly Entry[]): Promise<boolean> {
  const found = await entriesIn(place, file, new Set(entries.map(({ raw }) => raw)));
  if (!found.ok) return false;
  return entries.every(
    ({ raw, mode, oid }) => found.value.get(raw)?.oid === oid && found.value.get(raw)?.mode === mode,
  );
}
