/** Tools read their configuration from the disk. Where the commit has another one, that is said. */
import { unstagedNames } from '../git/diff-names.js';
import type { Repository } from '../git/repository.js';
import type { Target } from '../target.js';

const OURS = '.quality-config.json';

/** `configs`: workspace paths. A sentence for each that differs. */
export async function notesOnConfigs(
  target: Target & { readonly repository: Repository },
  configs: readonly string[],
): Promise<readonly string[]> {
  const names = await unstagedNames(target, [OURS, ...configs]);
  const differ = names.ok ? names.value : [];
  return differ.map((path) => `${path} was read as it stands on disk, which is not what is committed`);
}
