/** What the launcher knows of this machine: a file in git's own folder, never committed, shared by linked work trees. */
import { makeFolder, readTextIfThere, rm, rmdir } from '../host/disk.js';
import { ownFolder } from '../host/own-package.js';
import { dirname, join } from '../host/paths.js';
import { putFile } from '../host/put-file.js';
import type { HookPlace } from './install-place.js';

interface Facts {
  /** Hooks of this repository that are quality's. */
  readonly hooks: readonly string[];
  /** The folder of the hooks was not there before. */
  readonly madeFolder: boolean;
}

const MADE = 'made the folder';

const factsFile = ({ repository }: HookPlace): string => join(repository.commonDir, 'quality', 'hooks');

export async function readFacts(place: HookPlace): Promise<Facts> {
  const [, , hooks = '', made] = ((await readTextIfThere(factsFile(place))) ?? '').split('\n');
  return { hooks: hooks.split(' ').filter((name) => name !== ''), madeFolder: made === MADE };
}

/** True where something else was known of this machine. */
export async function writeFacts(place: HookPlace, { hooks, madeFolder }: Facts): Promise<boolean> {
  const file = factsFile(place);
  const found = [process.execPath, join(ownFolder(), 'bin', 'quality.js')].map(forShell);
  const text = [...found, [...hooks].sort().join(' '), madeFolder ? MADE : '', ''].join('\n');
  const before = await readTextIfThere(file);
  if (before === text) return false;
  await makeFolder(dirname(file));
  await putFile(file, text);
  return before !== null && !before.startsWith(`${found.join('\n')}\n`);
}

export async function forgetFacts(place: HookPlace): Promise<void> {
  await rm(factsFile(place), { force: true });
  // Snapshots may be kept there as well.
  await rmdir(dirname(factsFile(place))).catch(() => undefined);
}

/** As a POSIX shell on Windows writes it; a path that is no single line is not remembered. */
function forShell(path: string): string {
  if (path.includes('\n')) return '';
  if (process.platform !== 'win32') return path;
  return path.replaceAll('\\', '/').replace(/^([A-Za-z]):/, (_, drive: string) => `/${drive.toLowerCase()}`);
}
