/** Digests of the tree as the run sees it: what answers depend on besides their own file. */
import { hashText } from '../host/hash.js';
import { absolutePath, isAbsolute, isWithin, relativeTo } from '../host/paths.js';
import { contentHashOf, entriesOf } from '../host/stamp.js';
import type { Dependencies, JobFile } from '../model/job.js';
import type { Tree } from './tree.js';

export interface TreeDigests {
  readonly of: (dependsOn: Dependencies) => string;
  /** Of all files below a folder. */
  readonly below: (dir: string) => string;
}

const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx|json)$/;

export function treeDigests(root: string, tree: Tree): TreeDigests {
  const known = new Map<string, string>();
  const state = { version: tree.version() };
  const once = (key: string, make: () => string): string => {
    if (state.version !== tree.version()) known.clear();
    state.version = tree.version();
    const digest = known.get(key) ?? make();
    known.set(key, digest);
    return digest;
  };
  const all = (line: (file: JobFile) => string): string => hashText([...tree.files()].map(line).sort().join('\n'));
  return {
    of: (dependsOn) => {
      if (dependsOn === 'workspace') return once('*', () => all(whole));
      // Any file may be imported: of those that are no sources it counts that they are there.
      if (dependsOn === 'scripts')
        return once('s', () => all((file) => (SCRIPT.test(file.path) ? whole(file) : file.path)));
      return once(JSON.stringify(dependsOn), () => hashText(dependsOn.map((name) => one(root, name, tree)).join('\n')));
    },
    below: (dir) => once(`${dir}/`, () => all((file) => (isWithin(dir, file.path) ? whole(file) : ''))),
  };
}

function whole({ path, hash }: JobFile): string {
  return `${path} ${hash}`;
}

/** Of a file or, with `/` behind it, of the names in a folder. Files that git ignores are read. */
function one(root: string, name: string, tree: Tree): string {
  if (!name.endsWith('/'))
    return `${name} ${tree.get(name)?.hash ?? contentHashOf(isAbsolute(name) ? name : absolutePath(root, name))}`;
  const folder = isAbsolute(name) ? name : absolutePath(root, name === './' ? '' : name);
  const names = entriesOf(folder).map((entry) => entry.name);
  const edited = [...tree.files()].filter(
    ({ path, content }) => content !== undefined && isWithin(name.slice(0, -1), path),
  );
  return `${name} ${hashText(JSON.stringify([names, edited.map(({ path }) => relativeTo(name.slice(0, -1), path))]))}`;
}
