/** What stands in the way of writing: an operation of git that is not finished. */
import { diffNames } from '../git/diff-names.js';
import { gitOutput, splitNul } from '../git/git.js';
import type { Repository } from '../git/repository.js';
import { exists } from '../host/disk.js';
import { join } from '../host/paths.js';
import { type Result, success } from '../model/result.js';
import type { ConflictMarker, Workspace } from './types.js';

/** In this order: while a rebase stops at a conflict there is a CHERRY_PICK_HEAD, too. */
const TRACES: readonly (readonly [trace: string, operation: string])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['sequencer', 'cherry-pick'],
  ['BISECT_LOG', 'bisect'],
];

/** "merge", "rebase", "am", "cherry-pick", "revert" or "bisect"; null when nothing is in progress. */
export async function gitOperationInProgress(repository: Repository): Promise<string | null> {
  for (const [trace, operation] of TRACES) if (await exists(join(repository.gitDir, trace))) return operation;
  return null;
}

/** Paths of the workspace that a merge left with more than one version in the index. */
export async function unmergedPaths(workspace: Workspace): Promise<Result<readonly string[]>> {
  if (workspace.repository === null) return success([]);
  const output = await gitOutput(workspace.root, ['ls-files', '-z', '--unmerged']);
  if (!output.ok) return output;
  return success([...new Set(splitNul(output.value).map((line) => line.slice(line.indexOf('\t') + 1)))]);
}

/**
 * Files with conflict markers that are not in the last commit in this form: a test fixture that was committed with
 * markers stands in nobody's way.
 */
export async function conflictMarkers(workspace: Workspace): Promise<Result<readonly ConflictMarker[]>> {
  const { root, repository, conflicts } = workspace;
  if (conflicts.length === 0 || repository === null) return success(conflicts);
  const paths = conflicts.map(({ path }) => `:(literal)${path}`);
  const clean = await gitOutput(root, ['ls-files', '-z', '--', ...paths]);
  if (!clean.ok) return clean;
  const tracked = new Set(splitNul(clean.value));
  const changed = await changedAgainstHead({ root, repository }, paths);
  if (!changed.ok) return changed;
  return success(conflicts.filter(({ path }) => !tracked.has(path) || changed.value(path)));
}

async function changedAgainstHead(
  target: { readonly root: string; readonly repository: Repository },
  paths: readonly string[],
): Promise<Result<(path: string) => boolean>> {
  const born = await gitOutput(target.root, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (!born.ok) return success(() => true);
  const changed = await diffNames(target, ['HEAD', '--', ...paths]);
  if (!changed.ok) return changed;
  const names = new Set(changed.value);
  return success((path) => names.has(path));
}
