/**
 * What git tells the hooks that it starts: which repository, which index. It is for our own calls of git. A tool, or a
 * test suite that makes repositories of its own, would take it for its own repository.
 */
import { resolve } from 'node:path';

/** As `git rev-parse --local-env-vars` lists them. */
const LOCAL = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_COUNT',
  'GIT_OBJECT_DIRECTORY',
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_REPLACE_REF_BASE',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_COMMON_DIR',
  'GIT_INTERNAL_SUPER_PREFIX',
];
const FILES = new Set(['GIT_OBJECT_DIRECTORY', 'GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR']);

const kept: Partial<Record<string, string>> = {};

/** Takes it out of the environment of this process, and keeps it for git. `cwd`: where git has started the hook. */
export function keepForGit(cwd: string): void {
  const numbered = Object.keys(process.env).filter((name) => /^GIT_CONFIG_(?:KEY|VALUE)_\d+$/.test(name));
  for (const name of [...LOCAL, ...numbered]) {
    const value = process.env[name];
    if (value === undefined) continue;
    kept[name] = FILES.has(name) ? resolve(cwd, value) : value;
    Reflect.deleteProperty(process.env, name);
  }
  // With a git folder and no work tree git takes the folder it is called in for the work tree; we call it in others, too.
  if (kept.GIT_DIR !== undefined) kept.GIT_WORK_TREE ??= cwd;
}

/** What was kept, file names absolute. */
export function forGit(): Readonly<Partial<Record<string, string>>> {
  return kept;
}
