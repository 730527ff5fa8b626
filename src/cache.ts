/** What is kept between runs: how much it is, and ways to make it less. */
import { rm } from './host/disk.js';
import { join } from './host/paths.js';
import type { Failure } from './model/failure.js';
import { type Result, success } from './model/result.js';
import { guarded } from './recovery.js';
import { ANSWERS_FORMAT, ANSWER_FILES } from './jobs/cache/answers.js';
import { compactBlockFile, measureBlockFile } from './runs/block-file.js';
import { answersFolder, cacheFolder } from './runs/run-folder.js';
import type { Target } from './target.js';
import { FACTS_FILE, FACTS_FORMAT } from './workspace/facts-cache.js';

export interface CachePart {
  /** `answers`, `facts`… */
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
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
  return parts.flat();
}

/** Everything that can be found out again: answers, facts about files, the tools' own state. */
export async function clearCache(target: Target): Promise<Result<null, readonly Failure[]>> {
  return guarded(target, { mode: 'write', what: 'quality cache clear' }, async () => {
    await rm(cacheFolder(target.root), { recursive: true, force: true });
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
