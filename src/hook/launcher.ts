/** The script beside the hooks that finds node and quality: `bin/hook-launcher.sh` of this package, as it is. */
import { readTextIfThere, rm } from '../host/disk.js';
import { ownFolder } from '../host/own-package.js';
import { join } from '../host/paths.js';
import { putFile } from '../host/put-file.js';
import { LAUNCHER_NAME } from './install-block.js';

export type LauncherState = 'current' | 'outdated' | 'missing' | 'foreign';

export const launcherPath = (folder: string): string => join(folder, LAUNCHER_NAME);

const OURS = '# Starts quality for a git hook';

export async function launcherState(folder: string): Promise<LauncherState> {
  const text = await readTextIfThere(launcherPath(folder));
  if (text === null) return 'missing';
  if (!text.includes(OURS)) return 'foreign';
  return text === (await launcherText()) ? 'current' : 'outdated';
}

/** `foreign`: nothing was done, a file of that name is somebody else's. */
export async function writeLauncher(folder: string): Promise<LauncherState> {
  const before = await launcherState(folder);
  if (before === 'missing' || before === 'outdated') await putFile(launcherPath(folder), await launcherText(), 0o755);
  return before;
}

export async function removeLauncher(folder: string): Promise<void> {
  const state = await launcherState(folder);
  if (state === 'current' || state === 'outdated') await rm(launcherPath(folder));
}

async function launcherText(): Promise<string> {
  const text = await readTextIfThere(join(ownFolder(), 'bin', 'hook-launcher.sh'));
  if (text === null) throw new Error('bin/hook-launcher.sh of quality-orchestrator is missing');
  return text;
}
