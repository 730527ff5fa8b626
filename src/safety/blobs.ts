/** Contents by hash in a run's folder, so that undo, recovery and `quality diff` need no git. */
import { randomUUID } from 'node:crypto';
import { exists, open, readFile, rename, rm } from '../host/disk.js';
import { makeFolderDurably, syncFile, syncFolder } from '../host/durable.js';
import { hashBytes } from '../host/hash.js';
import { join } from '../host/paths.js';
import { forEachAtMost } from '../host/quick-read.js';

export function blobPath(runDir: string, hash: string): string {
  return join(runDir, 'blobs', hash);
}

/** Throws when the bytes are not there, or are not those any more: nothing is ever restored from anything else. */
export async function readBlob(runDir: string, hash: string): Promise<Uint8Array> {
  const bytes = await readFile(blobPath(runDir, hash));
  if (hashBytes(bytes) !== hash) throw new Error(`The copy ${hash} in ${runDir} is damaged`);
  return bytes;
}

/** Collects contents; `keep` gives them their names once those that must last are with the system's disk. */
export interface BlobWriter {
  /** `lasting`: survives a power cut; what is needed only while this process lives, or can be had again, need not. */
  readonly add: (hash: string, bytes: Uint8Array, lasting?: boolean) => Promise<void>;
  readonly keep: () => Promise<void>;
  /** Takes away what was not kept. */
  readonly drop: () => Promise<void>;
}

/** All are written first and then synced one after the other: less than half the cost of syncing each as it comes. */
export async function openBlobWriter(runDir: string): Promise<BlobWriter> {
  const folder = join(runDir, 'blobs');
  await makeFolderDurably(folder);
  const temps = new Map<string, string>();
  const lasting = new Set<string>();
  return {
    add: async (hash, bytes, lasts = true) => {
      if (lasts) lasting.add(hash);
      if (temps.has(hash)) return;
      const temp = blobPath(runDir, `new-${randomUUID()}`);
      temps.set(hash, temp);
      if (await exists(blobPath(runDir, hash))) temps.delete(hash);
      else await writeNew(temp, bytes);
    },
    keep: async () => {
      await forEachAtMost(
        LANES,
        [...temps].filter(([hash]) => lasting.has(hash)),
        ([, temp]) => syncFile(temp),
      );
      await forEachAtMost(LANES, temps, ([hash, temp]) => rename(temp, blobPath(runDir, hash)));
      await syncFolder(folder);
    },
    drop: () => forEachAtMost(LANES, temps.values(), (temp) => rm(temp, { force: true })),
  };
}

const LANES = 16;

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}
