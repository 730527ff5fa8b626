/** What is kept between runs: how much it is, and ways to make it less. */
import { readdir, rm, stat } from './host/disk.js';
import { basename, join } from './host/paths.js';
import type { Failure } from './model/failure.js';
import { type Result, success } from './model/result.js';
import { guarded } from './recovery.js';
import { ANSWERS_FORMAT, ANSWER_FILES } from './jobs/cache/answers.js';
import { compactBlockFile, measureBlockFile } from './runs/block-file.js';
import { answersFolder, cacheFolder, localFolder } from './runs/run-folder.js';
import type { Target } from './target.js';
import { FACTS_FILE, FACTS_FORMAT } from './workspace/facts-cache.js';

export interface CachePart {
  /** `answers`, `facts`, `compiled`… */
  readonly name: string;
  /** Absolute path of a file, or of a folder. */
  readonly file: string;
  /** Rows, or files in the folder. */
  readonly rows: number;
  readonly bytes: number;
  /** Bytes that do not pass their checksum. */
  readonly damaged: number;
}

export async function measureCache({ root }: Target): Promise<readonly CachePart[]> {
  const parts = await Promise.all(
    filesOf(root).map(async ({ name, file, format }) => {
      const measured = await measureBlockFile(file, format);
      return measured === null ? [] : [{ name, file, ...measured }];
    }),
  );
  const compiled = await measureFolder(join(localFolder(root), COMPILED));
  return [...parts.flat(), ...(compiled === null ? [] : [compiled])];
}

const COMPILED = 'compiled';

/** null: there is none. */
async function measureFolder(folder: string): Promise<CachePart | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return files.length === 0 ? null : { name: basename(folder), file: folder, rows: files.length, bytes, damaged: 0 };
}

/** Everything that can be found out again: answers, facts about files, the tools' own state and compiled code. */
export async function clearCache(target: Target): Promise<Result<null, readonly Failure[]>> {
  return guarded(target, { mode: 'write', what: 'quality cache clear' }, async () => {
    for (const folder of [cacheFolder(target.root), localFolder(target.root)])
      await rm(folder, { recursive: true, force: true });
    return success(null);
  });
}

/** Drops rows that newer ones replace, and what is damaged. */
export async function optimizeCache(target: Target): Promise<Result<null, readonly Failure[]>> {
  return guarded(target, { mode: 'write', what: 'quality cache optimize' }, async () => {
    for (const { file, format } of filesOf(target.root)) await compactBlockFile(file, format);
    return success(null);
  });
}

function filesOf(root: string): { readonly name: string; readonly file: string; readonly format: string }[] {
  return [
    ...ANSWER_FILES.map((name) => ({ name, file: join(answersFolder(root), name), format: ANSWERS_FORMAT })),
    { name: FACTS_FILE, file: join(cacheFolder(root), FACTS_FILE), format: FACTS_FORMAT },
  ];
}
