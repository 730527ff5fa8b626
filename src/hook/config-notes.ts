/** Tools read their configuration from the disk. Where the commit has another one, that is said. */
import { diffNames } from '../git/diff-names.js';
import type { Repository } from '../git/repository.js';
import type { Prepared } from '../open.js';
import type { Target } from '../target.js';

const OURS = '.quality-config.json';

/** A sentence for each that differs. Mostly git has said already that none does. */
export async function notesOnConfigs(
  target: Target & { readonly repository: Repository },
  { configs, workspace: { sources } }: Pick<Prepared, 'configs' | 'workspace'>,
): Promise<readonly string[]> {
  const perhaps = [OURS, ...configs].filter((path) => sources.changed.has(path));
  if (perhaps.length === 0) return [];
  const names = await diffNames(target, ['--', ...perhaps.map((path) => `:(literal)${path}`)]);
  const differ = names.ok ? names.value : [];
  return differ.map((path) => `${path} was read as it stands on disk, which is not what is committed`);
}
