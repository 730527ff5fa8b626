/** `.quality/`: ours, ignores itself, can be deleted whenever no run is active (DESIGN, on disk). */
import { exists, makeFolder, namesNow, removeSmallFolder, rm, writeFile } from '../host/disk.js';
import { join } from '../host/paths.js';

/** `20261121-051500-ab12`: sorts by time. */
const RUN_ID = /^\d{8}-\d{6}-[0-9a-z]{4}$/;

export function stateFolder(root: string): string {
  return join(root, '.quality');
}

export function cacheFolder(root: string): string {
  return join(stateFolder(root), 'cache');
}

/**
 * What makes starts faster, on this machine alone. Apart from the cache, which people carry from one machine to another:
 * whoever writes here decides what is executed.
 */
export function localFolder(root: string): string {
  return join(stateFolder(root), 'local');
}

/** Where answers of earlier runs are. */
export function answersFolder(root: string): string {
  return join(cacheFolder(root), 'answers');
}

export function runFolder(root: string, run: string): string {
  return join(stateFolder(root), 'runs', run);
}

/** How many tails there are for each millisecond of a second: runs that follow each other within it are in order too. */
const TAILS = Math.floor(36 ** 4 / 1000);

export function newRunId(now: number, random: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  const tail = Math.floor(((now % 1000) + random) * TAILS)
    .toString(36)
    .padStart(4, '0');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${tail}`;
}

/** Prettier reads the ignore file of the root alone; an empty range makes it leave everything in here as it is. */
const OWN_FILES: Readonly<Record<string, string>> = {
  '.gitignore': '# Made by quality; everything here can be deleted when no run is active.\n*\n',
  '.prettierrc': '{ "rangeEnd": 0 }\n',
};

/** Makes `.quality` with a `.gitignore` that ignores all of it, so that no repository needs to know about it. */
export async function prepareStateFolder(root: string): Promise<void> {
  const folder = stateFolder(root);
  await makeFolder(folder);
  for (const [name, text] of Object.entries(OWN_FILES)) {
    const file = join(folder, name);
    if (!(await exists(file))) await writeFile(file, text);
  }
}

export async function createRunFolder(root: string, run: string): Promise<string> {
  await prepareStateFolder(root);
  const folder = runFolder(root, run);
  await makeFolder(join(folder, 'steps'));
  return folder;
}

/** Ids of the runs that are kept here, oldest first. */
export function listRuns(root: string): readonly string[] {
  return namesNow(join(stateFolder(root), 'runs'))
    .filter((name) => RUN_ID.test(name))
    .sort();
}

export async function removeRun(root: string, run: string): Promise<void> {
  const folder = runFolder(root, run);
  // One that changed nothing holds a handful of files.
  const isSmall = namesNow(folder).every((name) => name !== CONTENTS);
  await (isSmall ? removeSmallFolder(folder) : rm(folder, { recursive: true, force: true }));
}

/** What a run has changed, before and after. */
const CONTENTS = 'blobs';
