/** Tools read their configuration from the disk. Where the commit has another one, that is said. */
import { gitOutput, splitNul } from '../git/git.js';
import type { Target } from '../target.js';

const OURS = '.quality-config.json';
const HOW = ['diff', '--name-only', '-z', '--relative', '--no-ext-diff', '--no-textconv', '--no-color'];

/** `configs`: workspace paths. A sentence for each that differs. */
export async function notesOnConfigs({ root }: Target, configs: readonly string[]): Promise<readonly string[]> {
  const asked = [OURS, ...configs].map((path) => `:(literal)${path}`);
  const names = await gitOutput(root, [...HOW, '--', ...asked]);
  const differ = names.ok ? splitNul(names.value) : [];
  return differ.map((path) => `${path} was read as it stands on disk, which is not what is committed`);
}
