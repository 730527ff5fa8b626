/** Names in the project's own calls of a tool that no file answers to. */
import picomatch from 'picomatch';
import { type Dirent, exists, readdir } from '../host/disk.js';
import { absolutePath, isWithin, join, posix, relativeTo } from '../host/paths.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { type NamedFiles, baseOf } from './called-files.js';
import type { Detection, ProjectView } from './tool.js';

export interface NamingCall {
  readonly from: string;
  /** As it is written. */
  readonly line: string;
  /** Relative to the folder of the call. */
  readonly names: readonly NamedFiles[];
}

export interface NamingCalls {
  readonly tool: string;
  readonly dir: string;
  readonly calls: readonly NamingCall[];
}

/**
 * The tool ends with an error at such a name, whatever else it is given. We say that error and still look at the rest: a
 * folder that is gone is no reason to lose sight of what is wrong in the others.
 */
export async function unmatchedIn(
  uses: readonly NamingCalls[],
  project: ProjectView,
): Promise<Pick<Detection, 'findings'>> {
  const asked = uses.flatMap(({ tool, dir, calls }) =>
    calls
      .filter(({ line }) => !line.includes('--no-error-on-unmatched-pattern'))
      .flatMap(({ from, names }) => names.map((name) => ({ tool, dir, from, name }))),
  );
  const found = await Promise.all(
    asked.map(async ({ tool, dir, from, name }): Promise<Diagnostic[]> => {
      if (await isMatched(name, dir, project)) return [];
      const message = `${from}: No files matching the pattern "${name.path}" were found.`;
      return [{ tool, rule: 'unmatched-pattern', severity: 'error', message, path: null }];
    }),
  );
  const findings = found.flat();
  return findings.length === 0 ? {} : { findings };
}

async function isMatched({ kind, path }: NamedFiles, dir: string, project: ProjectView): Promise<boolean> {
  if (kind === 'folder') return true;
  const whole = posix.join(dir, path);
  if (kind === 'file') return project.hasFile(whole) || exists(absolutePath(project.root, whole));
  const match = picomatch(path, { dot: true });
  const isMatch = (file: string): boolean =>
    match(isWithin(dir, file) ? relativeTo(dir, file) : posix.relative(dir, file));
  if (project.files.some((file) => isMatch(file.path))) return true;
  const base = posix.join(dir, baseOf(path)).replace(/^\.$/, '');
  return hasMatch(absolutePath(project.root, base), base, isMatch);
}

const PASSED_OVER = new Set(['node_modules', '.git']);

/** What git ignores is no file of the workspace, and the tool may find it all the same. */
async function hasMatch(folder: string, path: string, isMatch: (file: string) => boolean): Promise<boolean> {
  for (const entry of await entriesOf(folder)) {
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    if (!entry.isDirectory() && isMatch(below)) return true;
    if (!entry.isDirectory() || PASSED_OVER.has(entry.name)) continue;
    if (await hasMatch(join(folder, entry.name), below, isMatch)) return true;
  }
  return false;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
