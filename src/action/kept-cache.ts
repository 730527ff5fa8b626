/** What earlier runs have found out, kept from job to job by the cache of GitHub Actions. It is never worth a failure. */
import { isFeatureAvailable, restoreCache, saveCache } from '@actions/cache';
import { createHash } from 'node:crypto';
import { exists } from '../host/disk.js';
import { cacheFolder } from '../runs/run-folder.js';
import { say } from './log.js';

export interface KeptCache {
  readonly folder: string;
  readonly key: string;
  /** Its contents are those of this key already. */
  readonly isExact: boolean;
}

interface Wanted {
  readonly root: string;
  readonly version: string;
  readonly commit: string;
}

/** A key names a commit, since what is saved under a key never changes; without one of the commit the newest is taken. */
export async function restore({ root, version, commit }: Wanted): Promise<KeptCache | null> {
  if (!isFeatureAvailable()) return null;
  const folder = cacheFolder(root);
  const place = createHash('sha256')
    .update(JSON.stringify([root, version]))
    .digest('hex')
    .slice(0, 16);
  const family = `quality-${process.platform}-${process.arch}-${place}-`;
  const key = `${family}${commit}`;
  const found = await quietly(() => restoreCache([folder], key, [family]));
  if (found !== undefined) say(`What earlier runs have found out is here: ${found}`);
  return { folder, key, isExact: found === key };
}

export async function save({ folder, key, isExact }: KeptCache): Promise<void> {
  if (!isExact && (await exists(folder))) await quietly(() => saveCache([folder], key));
}

async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    say(`The cache of GitHub Actions: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
