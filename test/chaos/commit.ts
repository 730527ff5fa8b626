/** One `git commit`, from the moment when it is begun until nothing of it is at work any more. */
import { existsSync, lstatSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ViolationKind } from './check.js';
import type { Commit } from './disturbances.js';
import { type RunEvidence, evidenceOf } from './evidence.js';
import { type DiskFile, type IndexState, diskFiles, indexStateOf } from './index-state.js';
import { type Marked, orphansAfter } from './processes.js';
import { type Disturbed, callDisturbed } from './start.js';
import type { DoneAdd } from './user-edit.js';
import type { World } from './world.js';

export interface Attempt {
  readonly commit: Commit;
  readonly world: World;
  readonly git: Disturbed;
  /** Exit code of the hook, as git has seen it; null where git was no longer there, or has started none. */
  readonly hookCode: number | null;
  readonly before: IndexState;
  /** What stood on disk of the files in the index; asked only where git takes it from there. */
  readonly diskBefore: ReadonlyMap<string, DiskFile | null>;
  readonly after: IndexState;
  /** What the user has staged meanwhile. */
  readonly adds: readonly DoneAdd[];
  /** Of the hook; another one for each time that it has looked. */
  readonly runs: readonly RunEvidence[];
  /** Still at work long after git has ended. */
  readonly orphans: readonly Marked[];
  /** Files of git that lock something, and are neither ours nor left by a git that was killed. */
  readonly locks: readonly string[];
  /** There was a lock before it had begun. */
  readonly wasLocked: boolean;
}

/** What has become of it. */
export interface Seen {
  readonly attempt: Attempt;
  readonly hasCommitted: boolean;
  /** Runs of the hook whose edits are in the index, or in the commit: several, when it has looked twice at the same. */
  readonly landed: readonly RunEvidence[];
}

export type Trouble = readonly [ViolationKind, string];

/** The hook waits for the lock of a run that is under way. */
const GRACE_MS = 45_000;

export async function attemptCommit(commit: Commit, world: World, mark: string): Promise<Attempt> {
  const known = new Set(evidenceOf(world, '').map(({ id }) => id));
  const before = indexStateOf(world.top);
  const diskBefore = diskFiles(world.top, commit.how === 'staged' ? [] : [...before.index.keys(), ...commit.paths]);
  const wasLocked = locksIn(world).length > 0;
  const addsBefore = world.deeds.adds.length;
  const trace = join(world.folder, `trace-${mark}`);
  const words = ['git', 'commit', '--quiet', '-m', 'a commit', ...flagsOf(commit)] as const;
  const env = { GIT_TRACE2_EVENT: trace, GIT_LITERAL_PATHSPECS: '1' };
  const git = await callDisturbed({ words, world, mark, env }, commit.disturbances);
  const orphans = await orphansAfter(mark, GRACE_MS);
  const wasKilled = git.signal === 'SIGKILL';
  if (wasKilled) removeLocksOfGit(world);
  return {
    commit,
    world,
    git,
    hookCode: hookCodeIn(trace),
    before,
    diskBefore,
    after: indexStateOf(world.top),
    adds: world.deeds.adds.slice(addsBefore),
    runs: evidenceOf(world, '').filter(({ id, state }) => !known.has(id) && state.mode === 'staged'),
    orphans,
    locks: wasLocked ? [] : locksIn(world).filter((name) => !isOurs(world, name)),
    wasLocked,
  };
}

function flagsOf({ how, paths }: Commit): readonly string[] {
  if (how === 'all') return ['--all'];
  return how === 'only' ? ['--only', '--', ...paths] : [];
}

function locksIn({ gitDir }: World): string[] {
  return gitDir === null ? [] : readdirSync(gitDir).filter((name) => name.endsWith('.lock'));
}

/** As git tells people to do when it has died. */
function removeLocksOfGit(world: World): void {
  for (const name of locksIn(world)) if (!isOurs(world, name)) rmSync(join(world.gitDir ?? '', name), { force: true });
}

/** A lock that we hold is a second name of the new index. */
function isOurs({ gitDir }: World, name: string): boolean {
  const folder = gitDir ?? '';
  const inode = inodeOf(join(folder, name));
  return readdirSync(folder).some((other) => other.includes('.quality') && inodeOf(join(folder, other)) === inode);
}

function inodeOf(path: string): number | null {
  return lstatSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

function hookCodeIn(trace: string): number | null {
  if (!existsSync(trace)) return null;
  const events = readFileSync(trace, 'utf8').split('\n').flatMap(parsed);
  const start = events.find(({ event, hook_name: name }) => event === 'child_start' && name === 'pre-commit');
  const ofGit = events.filter(({ sid }) => sid === start?.sid);
  return ofGit.find(({ event, child_id: id }) => event === 'child_exit' && id === start?.child_id)?.code ?? null;
}

interface TraceEvent {
  readonly event: string;
  readonly sid: string;
  readonly child_id?: number;
  readonly hook_name?: string;
  readonly code?: number;
}

function parsed(line: string): TraceEvent[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as TraceEvent];
  } catch {
    return [];
  }
}

/** What the user has staged last, by path. */
export function stagedBy(adds: Attempt['adds']): Map<string, string | null> {
  return new Map(adds.flatMap(({ path, refused, entry }) => (refused ? [] : [[path, entry] as const])));
}
