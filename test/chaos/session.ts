/** Those who commit beside the command: one commit after the other in each work tree. */
import { type CheckedCommit, checkCommit } from './check-commits.js';
import { attemptCommit } from './commit.js';
import type { Commit } from './disturbances.js';
import type { Scenario } from './scenario.js';
import { call, words } from './start.js';
import type { World } from './world.js';

export interface Session {
  readonly begin: (commit: Commit) => void;
  readonly end: () => Promise<readonly CheckedCommit[]>;
  /** In words. */
  readonly story: () => readonly string[];
}

export async function installHook(command: string, world: World): Promise<void> {
  const { code, err } = await call({ words: words(command, ['hook', 'install']), world, mark: 'install' });
  if (code !== 0) throw new Error(`The hook was not installed: ${err}`);
}

export function createSession(world: World, scenario: Scenario, mark: string): Session {
  const done: CheckedCommit[] = [];
  const queues = new Map<World, Promise<void>>();
  const state = { begun: 0 };
  return {
    begin: (commit) => {
      const place = commit.where === 'sibling' ? (world.sibling ?? world) : world;
      const name = `${mark}-c${String((state.begun += 1))}`;
      const turn = async (): Promise<void> => {
        done.push(await checkCommit(await attemptCommit(commit, place, name), scenario));
      };
      queues.set(place, (queues.get(place) ?? Promise.resolve()).then(turn));
    },
    end: async () => {
      await Promise.all(queues.values());
      return done;
    },
    story: () => done.map(inWords),
  };
}

function inWords({
  attempt: { commit, git, hookCode, runs, world, adds },
  hasCommitted,
  landed,
}: CheckedCommit): string {
  const ended = `${String(git.code ?? git.signal)}, hook ${String(hookCode)}, ${hasCommitted ? 'committed' : 'not committed'}`;
  const ids = runs.map((run) => `${run.id}${landed.includes(run) ? ' landed' : ''}`).join(' ');
  const words = git.err.trim().slice(-300).replaceAll('\n', ' | ');
  const happened = JSON.stringify([...git.done, ...adds]);
  return `git commit ${commit.how} ${commit.paths.join(' ')} in ${world.top}: ${ended}; runs ${ids}; happened ${happened}; ${words}`;
}
