/** What must hold of git, of locks and of snapshots at the end of every scenario. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Story, Violation, ViolationKind } from './check.js';
import { git } from './git.js';
import type { World } from './world.js';

/** Index, HEAD, refs, stash list, reflogs, config, what is in progress, and locks: byte for byte what they were. */
export function checkGit({ before, after, alone }: Pick<Story, 'before' | 'after' | 'alone'>): Violation[] {
  const paths = [...new Set([...before.git.keys(), ...after.git.keys()])];
  const changed = paths.filter(
    (path) => before.git.get(path) !== after.git.get(path) && (alone || !OF_A_COMMIT.test(path)),
  );
  const lost = [...before.objects].filter((path) => !after.objects.has(path));
  return [
    ...changed.map((path): Violation => ({ kind: kindOf(path), what: `${path} was changed in the git folder` })),
    ...lost.map((path): Violation => ({ kind: 'git', what: `object ${path} is gone` })),
  ];
}

/** Changed by every commit; looked at after each of them. */
const OF_A_COMMIT =
  /^(?:worktree:)?(?:worktrees\/[^/]+\/)?(?:index|HEAD|COMMIT_EDITMSG|logs\/HEAD|(?:logs\/)?refs\/heads\/.*)$/;

/** Everything that is named is there, in the index too. */
export function checkObjects({ top }: World): Violation[] {
  try {
    git(top, ['fsck', '--no-dangling', '--no-progress']);
    return [];
  } catch (error) {
    return [{ kind: 'git', what: `git fsck: ${String((error as { stderr?: string }).stderr ?? error).slice(0, 400)}` }];
  }
}

function kindOf(path: string): ViolationKind {
  if (path.endsWith('.lock')) return 'lock left';
  return /(?:^|:)index$/.test(path) ? 'index' : 'git';
}

export function checkLocks({ target, commonDir }: World): Violation[] {
  const folder = commonDir === null ? join(target, '.quality', 'lock') : join(commonDir, 'quality', 'lock');
  try {
    return readdirSync(folder).map((name) => ({ kind: 'lock left', what: `${name} in ${folder}` }));
  } catch {
    return [];
  }
}

/** A run that was not clean keeps its snapshot. */
export function checkSnapshots({ world, runs }: Pick<Story, 'world' | 'runs'>): Violation[] {
  return runs.flatMap(({ state, id, marked, openJournals }): Violation[] => {
    const left: Violation[] = [
      ...(marked ? [{ kind: 'tree', what: `run ${id} is still marked as unproven` } as const] : []),
      ...openJournals.map((name): Violation => ({ kind: 'tree', what: `journal ${name} of run ${id} is still open` })),
    ];
    if (state.snapshot === null || state.end?.status === 'clean') return left;
    try {
      const gitDir = world.commonDir ?? join(world.target, '.quality', 'snapshots.git');
      git(world.folder, [`--git-dir=${gitDir}`, 'cat-file', '-e', `${state.snapshot.ref}^{tree}`]);
      return left;
    } catch {
      return [...left, { kind: 'snapshot lost', what: `${state.snapshot.ref} of run ${id}` }];
    }
  });
}
