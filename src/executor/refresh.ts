import { readIfThere } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { absolutePath } from '../host/paths.js';
import type { RunContext } from './context.js';

/** Looks again at files that someone else changed. */
export async function refreshTree(paths: readonly string[], context: RunContext): Promise<void> {
  await Promise.all(
    paths.map(async (path) => {
      const bytes = await readIfThere(absolutePath(context.root, path));
      if (bytes === null) context.tree.remove(path);
      else context.tree.put({ path, hash: hashBytes(bytes) });
    }),
  );
}
