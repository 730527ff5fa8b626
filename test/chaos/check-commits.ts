/** What must hold after every commit, however it has ended. */
import { join } from 'node:path';
import type { Violation } from './check.js';
import { checkFormatted } from './check-formatted.js';
import { type Attempt, type Seen, type Trouble, stagedBy } from './commit.js';
import { type RunEvidence, evidenceOf } from './evidence.js';
import { cleanedOid, diskFile, differing, modeOf, oidOf } from './index-state.js';
import type { Scenario } from './scenario.js';
import { git } from './git.js';

export interface CheckedCommit extends Seen {
  readonly violations: readonly Violation[];
}

export async function checkCommit(attempt: Attempt, scenario: Scenario): Promise<CheckedCommit> {
  const { commit, world } = attempt;
  const hasCommitted = attempt.before.head !== attempt.after.head;
  const landed = attempt.runs.filter((run) => isInPlace(run, attempt, hasCommitted));
  const seen: Seen = { attempt, hasCommitted, landed };
  const troubles: readonly Trouble[] = [
    ...checkEnd(seen),
    ...(hasCommitted ? checkNewHead(attempt) : []),
    ...checkIndex(seen),
    ...(await checkFormatted(seen, scenario)),
    ...attempt.locks.map((name): Trouble => ['lock left', name]),
    ...attempt.orphans.map(({ pid, words }): Trouble => ['orphan', `${String(pid)}: ${words}`]),
  ];
  const named = troubles.map(([kind, what]): Violation => ({
    kind,
    what: `commit ${commit.how}, ${world.top}: ${what}`,
  }));
  return { ...seen, violations: named };
}

const HOOK_CODES = new Set([0, 1, 2]);
const SIGNAL_CODES = new Set([129, 130, 137, 143]);

function checkEnd(seen: Seen): Trouble[] {
  const { git: ended, hookCode, wasLocked } = seen.attempt;
  const { code, done, err, hung } = ended;
  const isHit = done.some(({ kind }) => kind === 'kill' || kind === 'signal');
  const troubles = [
    ...(isHit ? [] : unlessHit(seen)),
    ...(code !== null && code > 1 && !wasLocked && !isHit ? [`git ended with ${String(code)}`] : []),
    ...(isDocumented(hookCode, isHit) ? [] : [`the hook ended with ${String(hookCode)}`]),
    ...(err.includes('This is a bug') ? ['a bug'] : []),
    ...(code === 0 && !seen.hasCommitted ? ['git has ended well, and committed nothing'] : []),
  ];
  const hang: Trouble[] = hung ? [['hang', 'git did not end']] : [];
  return [...hang, ...troubles.map((what): Trouble => ['exit code', `${what}; ${err.slice(-600)}`])];
}

function isDocumented(code: number | null, isHit: boolean): boolean {
  return code === null || HOOK_CODES.has(code) || (isHit && SIGNAL_CODES.has(code));
}

function unlessHit({ attempt: { git: ended }, hasCommitted }: Seen): string[] {
  const { code, signal } = ended;
  if (signal !== null) return [`git was ended by ${signal}`];
  return code !== 0 && hasCommitted ? [`git ended with ${String(code)}, and has committed`] : [];
}

/** A single commit on top of the one that was there, of the whole index, or of what was named. */
function checkNewHead({ world: { top }, before, after, adds, commit }: Attempt): Trouble[] {
  const parents = git(top, ['rev-list', '--parents', '-n', '1', 'HEAD']).trim().split(' ').slice(1).join(' ');
  const staged = new Set(adds.map(({ path }) => path));
  const isNamed = (path: string): boolean => commit.how !== 'only' || commit.paths.includes(path);
  const isIntent = (path: string): boolean => INTENT.test(after.index.get(path) ?? '') && !after.committed.has(path);
  const apart = differing(after.index, after.committed).filter((path) => isNamed(path) && !staged.has(path));
  const unnamed = differing(before.committed, after.committed).filter((path) => !isNamed(path));
  return [
    ...(parents === (before.head ?? '') ? [] : [['commit', `its parents are ${parents}`] as const]),
    ...apart
      .filter((path) => !isIntent(path))
      .map((path): Trouble => ['commit', `${JSON.stringify(path)} is not committed as it stands in the index`]),
    ...unnamed.map((path): Trouble => ['commit', `${JSON.stringify(path)} was not named, and is committed`]),
  ];
}

/** Intent to add: git's name for no content at all. */
const INTENT = /^\d+ e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0$/;

/** All of it, as far as the user has staged nothing else since. */
function isInPlace(run: RunEvidence, { adds, after }: Attempt, hasCommitted: boolean): boolean {
  const users = stagedBy(adds);
  const mine = run.changes.filter(({ path }) => !users.has(path));
  const where = hasCommitted ? after.committed : after.index;
  return mine.length > 0 && mine.every((one) => oidOf(where.get(one.path)) === one.after);
}

/** The index is as it was, or as the hook has made it as a whole; and what the user has staged meanwhile is the user's. */
function checkIndex({ attempt, hasCommitted, landed }: Seen): Trouble[] {
  const { before, after, adds, commit, runs } = attempt;
  const users = stagedBy(adds);
  const changed = new Set([...differing(before.index, after.index), ...users.keys()]);
  return [...changed].flatMap((path): Trouble[] => {
    const now = after.index.get(path);
    const was = users.has(path) ? (users.get(path) ?? undefined) : before.index.get(path);
    const makers = users.has(path) ? runs : landed;
    const isMade = makers.some((run) => run.changes.some((one) => one.path === path && makes(one, was, now)));
    const isTaken = hasCommitted && (commit.how === 'all' || commit.paths.includes(path)) && stoodThere(path, attempt);
    if (now === was || isMade || isTaken) return [];
    return [['index', `${JSON.stringify(path)} is ${now ?? 'gone'} in the index, and was ${was ?? 'not there'}`]];
  });
}

interface Made {
  readonly before: string | null;
  readonly after: string | null;
}

function makes({ before, after }: Made, was: string | undefined, now: string | undefined): boolean {
  return oidOf(was) === before && oidOf(now) === after && modeOf(was ?? now) === modeOf(now);
}

/** `--all` and `--only` stage what is on disk: as it was, or as any run, the hook or the user has made it meanwhile. */
function stoodThere(path: string, { world, after, runs, diskBefore }: Attempt): boolean {
  const clean = (file: Parameters<typeof cleanedOid>[2]): string | null => cleanedOid(world.top, path, file);
  const all = evidenceOf(world, '');
  const contents = new Set([clean(diskBefore.get(path) ?? null), clean(diskFile(join(world.top, path)))]);
  for (const { path: edited, bytes } of world.deeds.edits)
    if (edited === path) contents.add(bytes === null ? null : clean({ bytes, isLink: false }));
  for (const { folder, touched } of all)
    for (const one of touched)
      for (const hash of one.path === path ? [one.before, one.after] : [])
        contents.add(hash === null ? null : clean(diskFile(join(folder, 'blobs', hash))));
  const made = runs.flatMap(({ changes }) => changes).filter((one) => one.path === path && contents.has(one.before));
  for (const one of made) contents.add(one.after);
  return contents.has(oidOf(after.index.get(path)));
}

/** Once the next command has looked: files on disk go with the index. */
export function checkLanded({ attempt, landed, hasCommitted }: CheckedCommit): Violation[] {
  const { world, commit, runs, adds } = attempt;
  const later = new Map(evidenceOf(world, '').map((run) => [run.id, run]));
  const isKept = ({ id }: RunEvidence): boolean => keeps(later.get(id));
  const users = stagedBy(adds);
  // What git has thrown away with an index of its own stays on disk.
  const isThrownAway = commit.how !== 'staged' && !hasCommitted;
  const astray = runs.filter(
    (run) => isKept(run) && !landed.includes(run) && run.changes.some(({ path }) => !users.has(path)) && !isThrownAway,
  );
  const isBack = landed.length > 0 && landed.some(({ id }) => wrote(later.get(id))) && !landed.some(isKept);
  const name = `commit ${commit.how}, ${world.top}`;
  return [
    ...(isBack ? [{ kind: 'tree', what: `${name}: its fixes are in the index, and taken back on disk` } as const] : []),
    ...astray.map(({ id }): Violation => ({
      kind: 'tree',
      what: `${name}: fixes of ${id} are on disk, not in the index`,
    })),
  ];
}

function wrote(run: RunEvidence | undefined): boolean {
  return run !== undefined && [...run.closed, ...run.takenBack].includes('staged');
}

function keeps(run: RunEvidence | undefined): boolean {
  return run?.closed.includes('staged') === true && !run.closed.includes('undo');
}
