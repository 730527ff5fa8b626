import type { Config } from '../config/schema.js';
import { isAbsent, readIfThere, realpath } from '../host/disk.js';
import { absolutePath, workspacePath } from '../host/paths.js';
import { compareText } from '../model/diagnostic.js';
import type { FileFacts, PackageFacts } from '../model/file.js';
import { readCalls } from './calls.js';
import { askVersion, findPackage, findProgram } from './packages.js';
import type { ProjectView } from './tool.js';

export interface ProjectFacts {
  /** Absolute path of the workspace root. */
  readonly root: string;
  readonly config: Config;
  /** Tracked files, and untracked ones that are not ignored. */
  readonly files: readonly FileFacts[];
  readonly packages: readonly PackageFacts[];
  /** Told of every file whose text is asked for. */
  readonly onRead?: (path: string) => void;
}

/** What adapters see of the project. Every answer that costs something is asked for once. */
export function createProjectView({ root, config, files, packages, onRead }: ProjectFacts): ProjectView {
  const sorted = [...files].sort((a, b) => compareText(a.path, b.path));
  const paths = new Set(sorted.map((file) => file.path));
  const byName = once(() => indexByName(sorted));
  const text = memo((path: string) => {
    onRead?.(path);
    return readWithin(root, path);
  });
  const view: ProjectView = {
    root,
    config,
    packages,
    files: sorted,
    hasFile: (path) => paths.has(path),
    filesNamed: (...names) => [...new Set(names)].flatMap((name) => byName().get(name) ?? []).sort(compareText),
    readText: text,
    resolvePackage: memo((name: string, dir: string) => findPackage(name, absolutePath(root, dir))),
    findExecutable: memo((name: string, dir: string) => findProgram(name, absolutePath(root, dir))),
    executableVersion: memo((program: string, args: readonly string[]) => askVersion(program, args, root)),
    callsOf: async (tool) => (await calls()).get(tool) ?? [],
  };
  const calls = once(() => readCalls(view));
  return view;
}

function indexByName(files: readonly FileFacts[]): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const { path } of files) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const same = index.get(name);
    if (same === undefined) index.set(name, [path]);
    else same.push(path);
  }
  return index;
}

/** Text of a file inside the root, links that lead out of it not followed. */
async function readWithin(root: string, path: string): Promise<string | null> {
  const absolute = absolutePath(root, path);
  const inside = workspacePath(root, absolute);
  if (inside === null || inside === '') return null;
  try {
    if (workspacePath(await realpath(root), await realpath(absolute)) === null) return null;
    return (await readIfThere(absolute))?.toString('utf8') ?? null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function once<T>(make: () => T): () => T {
  const made: T[] = [];
  return () => {
    if (made.length === 0) made.push(make());
    return made[0] as T;
  };
}

function memo<Args extends readonly (string | readonly string[])[], T>(
  ask: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const answer = answers.get(key) ?? ask(...args);
    answers.set(key, answer);
    return answer;
  };
}
