import { join, workspacePath } from '../host/paths.js';
import type { HookPlace } from './install-place.js';

/** What became of one hook. */
export interface InstallOutcome {
  readonly hook: string;
  /** `left`: a person has to do something. `absent`: there was nothing to take away. */
  readonly done: 'installed' | 'changed' | 'unchanged' | 'removed' | 'absent' | 'left';
  /** One line. */
  readonly detail: string;
  /** To be added by hand. */
  readonly lines?: readonly string[];
}

export interface InstallOutcomes {
  readonly outcomes: readonly InstallOutcome[];
  readonly notices: readonly string[];
}

/** One after the other: they may write to the same file. */
export async function each<N, T>(names: readonly N[], work: (name: N) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (const name of names) done.push(await work(name));
  return done;
}

export function leftAlone(hook: string, detail: string, ...lines: readonly string[]): InstallOutcome {
  return { hook, done: 'left', detail, ...(lines.length === 0 ? {} : { lines }) };
}

/** As seen from the top of the work tree, where it is below that. */
export function showPlace({ folder, repository }: Pick<HookPlace, 'folder' | 'repository'>, name: string): string {
  const path = join(folder, name);
  return workspacePath(repository.workTree, path) ?? path;
}
