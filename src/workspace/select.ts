/** Files, folders and globs as a person types them on the command line. */
import picomatch from 'picomatch';
import { resolve, workspacePath } from '../host/paths.js';
import { realPathAsFarAsItExists } from '../host/quick-read.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';
import { nearest } from '../config/suggest.js';
import type { Workspace } from './types.js';

/**
 * The workspace files that these words mean, seen from `cwd`; no words mean all. `!glob` takes away. A word that names
 * only files that are left out selects nothing and is no failure (a shell expands `*` to them, too), unless nothing at
 * all is left.
 */
export function selectPaths(workspace: Workspace, words: readonly string[], cwd: string): Result<Set<string>> {
  const index = indexOf(workspace);
  const choice: Choice = { selected: new Set(), leftOut: new Set(), takenAway: [] };
  for (const word of words) if (!choose(index, word, cwd, choice)) return failed(nothingMatches(index, word, cwd));
  if (words.length === choice.takenAway.length) choice.selected = new Set(index.files);
  for (const path of choice.selected)
    if (choice.takenAway.some((matches) => matches(path))) choice.selected.delete(path);
  if (choice.selected.size === 0 && words.length > 0) return failed(nothingLeft(workspace, choice.leftOut));
  return success(choice.selected);
}

interface Choice {
  selected: Set<string>;
  readonly leftOut: Set<string>;
  readonly takenAway: Match[];
}

/** false when the word means nothing here. */
function choose(index: Index, word: string, cwd: string, choice: Choice): boolean {
  const match = matchOf(index, word, cwd);
  if (match === null && word.startsWith('!')) {
    choice.takenAway.push(globOf(index.root, word.slice(1), cwd) ?? (() => false));
    return true;
  }
  if (match === null) return false;
  const files = index.files.filter(match);
  const others = index.excluded.filter(match);
  for (const path of files) choice.selected.add(path);
  for (const path of others) choice.leftOut.add(path);
  return files.length + others.length > 0;
}

type Match = (path: string) => boolean;

interface Index {
  readonly root: string;
  readonly files: readonly string[];
  readonly excluded: readonly string[];
  /** All of them, and every folder above them. */
  readonly names: ReadonlySet<string>;
}

function indexOf(workspace: Workspace): Index {
  const files = workspace.files.map(({ path }) => path);
  const excluded = workspace.excluded.map(({ path }) => path);
  const names = new Set<string>(['']);
  for (const path of [...files, ...excluded])
    for (let end = path.length; end > 0 && !names.has(path.slice(0, end)); end = path.lastIndexOf('/', end - 1))
      names.add(path.slice(0, end));
  return { root: workspace.root, files, excluded, names };
}

/** A name that exists is that name, even where it looks like a glob: `[id].tsx`. */
function matchOf(index: Index, word: string, cwd: string): Match | null {
  const path = pathOf(index.root, word, cwd);
  if (path !== null && index.names.has(path))
    return (each) => path === '' || each === path || each.startsWith(`${path}/`);
  if (word.startsWith('!')) return null;
  return /[*?[\]{}()]/.test(word) ? globOf(index.root, word, cwd) : null;
}

function pathOf(root: string, word: string, cwd: string): string | null {
  return workspacePath(root, realPathAsFarAsItExists(resolve(cwd, word)));
}

/** The folders before the first wildcard are resolved like any path; what follows is the glob. */
function globOf(root: string, word: string, cwd: string): Match | null {
  const parts = word.split('/');
  const first = parts.findIndex((part) => /[*?[\]{}()]/.test(part));
  const cut = first < 0 ? parts.length - 1 : first;
  const base = pathOf(root, parts.slice(0, cut).join('/') || (word.startsWith('/') ? '/' : '.'), cwd);
  if (base === null) return null;
  const prefix = base === '' ? '' : `${base}/`;
  const glob = parts.slice(cut).join('/').replace(/\/+$/, '/**');
  const matches = picomatch(glob, { dot: true });
  return (path) => path.startsWith(prefix) && matches(path.slice(prefix.length));
}

function nothingMatches(index: Index, word: string, cwd: string): Failure {
  const path = pathOf(index.root, word, cwd);
  if (path === null)
    return {
      kind: 'target-invalid',
      message: `\`${word}\` lies outside the workspace`,
      detail: `The workspace is ${index.root}`,
    };
  const near = nearest(path, index.names);
  return {
    kind: 'target-invalid',
    message: `\`${word}\` matches no file of the workspace`,
    ...(near === null || near === ''
      ? { next: 'Name existing files or folders that git does not ignore, or a glob in quotes.' }
      : { next: `Did you mean \`${near}\`?` }),
  };
}

function nothingLeft(workspace: Workspace, leftOut: ReadonlySet<string>): Failure {
  const reasons = workspace.excluded.filter(({ path }) => leftOut.has(path)).slice(0, 10);
  return {
    kind: 'target-invalid',
    message: 'The paths given select no file',
    detail: reasons.map(({ path, reason, detail }) => `${path}: ${reason} (${detail})`).join('\n'),
  };
}
