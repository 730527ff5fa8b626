/** What typescript-eslint keeps for as long as its process lives: whole programs, made once for each tsconfig. */
import { createRequire } from 'node:module';
import type { SourceText } from '../tool.js';

const { cache } = createRequire(import.meta.url);
const PARSER = /[/\\]@typescript-eslint[/\\]typescript-estree[/\\]dist[/\\]index\.js$/;

interface Parser {
  readonly clearCaches?: () => void;
}

/** Every version that the project's configurations have loaded into this process. */
function releasePrograms(): void {
  for (const [path, module] of Object.entries(cache)) {
    if (PARSER.test(path)) (module?.exports as Parser | undefined)?.clearCaches?.();
  }
}

/** Contents on disk as an engine has last seen them. */
export type Seen = Map<string, string>;

/** One engine at a time holds programs: those of thirty packages at once are more memory than a process may have. */
const holder: { seen: Seen; drop: () => void } = { seen: new Map(), drop: () => undefined };

/**
 * Before each job. Types come from other files than the one that is linted, and the programs do not look at the disk
 * again: when a file is seen with another content than before, all are made anew. True: what there was has been dropped.
 */
export function refreshPrograms(seen: Seen, files: readonly SourceText[], drop: () => void): boolean {
  const onDisk = files.filter((file) => !file.virtual);
  const isStale = onDisk.some(({ path, hash }) => (seen.get(path) ?? hash) !== hash);
  const isOver = holder.seen !== seen || isStale;
  if (isOver) {
    holder.drop();
    releasePrograms();
    seen.clear();
    Object.assign(holder, { seen, drop });
  }
  for (const { path, hash } of onDisk) seen.set(path, hash);
  return isOver;
}
