/** Folders under the system's temporary folder that say in their name whose they are. */
import { lstat, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDENTITY_TAG, identityTag, lifeOfTag } from './identity.js';

/** Work in a folder of its own; it is gone afterwards, whatever happens. Only where we are killed it stays: see the sweep. */
export async function withTemporaryFolder<T>(purpose: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `quality-${purpose}-${await identityTag()}-`)));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

const OURS = new RegExp(`^quality-[a-z]+-(${IDENTITY_TAG.source})-\\w{6}$`);

/** Removes those whose process is dead. What cannot be removed now may be later. */
export async function sweepTemporaryFolders(): Promise<void> {
  const parent = tmpdir();
  for (const name of await readdir(parent).catch(() => [])) {
    const tag = OURS.exec(name)?.[1];
    if (tag === undefined || (await lifeOfTag(tag)) !== 'dead') continue;
    const folder = join(parent, name);
    if (await isOwn(folder)) await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** Anybody may put anything into the temporary folder. */
async function isOwn(folder: string): Promise<boolean> {
  const stats = await lstat(folder).catch(() => null);
  return stats?.isDirectory() === true && stats.uid === (process.getuid?.() ?? stats.uid);
}
