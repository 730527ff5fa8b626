/** Findings of a batch, given to the files they are about. */
import type { Diagnostic } from '../../model/diagnostic.js';
import type { FileOutcome, JobOutcome } from '../../model/job.js';

/** One outcome for each file of the batch; findings elsewhere are the job's own. */
export function distribute(
  files: readonly { readonly path: string; readonly hash: string }[],
  diagnostics: readonly Diagnostic[],
): Pick<JobOutcome, 'files' | 'diagnostics'> {
  const byPath = new Map<string | null, Diagnostic[]>(files.map((file) => [file.path, []]));
  const others: Diagnostic[] = [];
  for (const diagnostic of diagnostics) (byPath.get(diagnostic.path) ?? others).push(diagnostic);
  return {
    files: files.map(({ path, hash }): FileOutcome => ({
      path,
      hash,
      status: 'done',
      diagnostics: byPath.get(path) ?? [],
    })),
    diagnostics: others,
  };
}
