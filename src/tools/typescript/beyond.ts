/** What a compiler's answer hangs on besides the files of the workspace: generated code that git ignores, above all. */
import { readTextIfThere } from '../../host/disk.js';
import { dirname, folderOf, isAbsolute, posix, resolve, workspacePath } from '../../host/paths.js';
import type { Diagnostic } from '../../model/diagnostic.js';

export interface Answered {
  /** Absolute path of the workspace root. */
  readonly root: string;
  /** Where the compiler has kept its incremental state; absolute. */
  readonly state: string;
  /** Workspace paths of what it was asked about. */
  readonly sources: readonly string[];
  readonly found: readonly Diagnostic[];
}

/** Files by name, and folders whose names matter with `/` behind them: workspace paths, absolute outside. */
export async function namesBeyond({ root, state, sources, found }: Answered): Promise<readonly string[]> {
  const text = (await readTextIfThere(state)) ?? '';
  const own = new Set(sources);
  const read = listIn(text).flatMap((name) => {
    const path = isAbsolute(name) ? name : resolve(dirname(state), name);
    const known = workspacePath(root, path) ?? path;
    return own.has(known) || NOBODYS.test(known) ? [] : [known];
  });
  return [...new Set([...read, ...found.flatMap(missingFolder)])].sort();
}

/** What is installed is told by its versions. */
const NOBODYS = /(?:^|[/\\])(?:node_modules|\.git|\.quality)(?:[/\\]|$)/;

/** The first list of its state, without reading all of it as JSON: that is megabytes. */
function listIn(text: string): readonly string[] {
  const list = /"fileNames":(\[(?:"(?:[^"\\]|\\.)*",?)*\])/.exec(text)?.[1];
  return list === undefined ? [] : (JSON.parse(list) as string[]);
}

/** `Cannot find module '../made/it'`: it may be made later. */
function missingFolder({ rule, path, message }: Diagnostic): string[] {
  if (path === null || rule === null || !MISSING.has(rule)) return [];
  const module = /'(\.{1,2}\/[^']*)'/.exec(message)?.[1];
  if (module === undefined) return [];
  const folder = posix.join(folderOf(path), posix.dirname(module));
  return folder.startsWith('..') ? [] : [`${folder}/`];
}

const MISSING: ReadonlySet<string> = new Set(['TS2307', 'TS2732', 'TS2792', 'TS7016']);
