/** What stands in a working copy, as git would name it: equal hashes, equal files. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

export function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...ALONE } }).trim();
}

/** Hash of the tree with all changes; git's own index is left as it is. */
export function treeOf(folder: string): string {
  const index = join(folder, '.git', 'bench-index');
  const env = { ...process.env, ...ALONE, GIT_INDEX_FILE: index };
  try {
    execFileSync('git', ['add', '--all'], { cwd: folder, env });
    return execFileSync('git', ['write-tree'], { cwd: folder, env, encoding: 'utf8' }).trim();
  } finally {
    rmSync(index, { force: true });
  }
}

const ALONE = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.invalid',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.invalid',
};
