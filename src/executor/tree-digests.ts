/** Digests of the tree as the run sees it: what answers depend on besides their own file. */
import { randomUUID } from 'node:crypto';
import { hashText } from '../host/hash.js';
import { absolutePath, isAbsolute, isWithin, relativeTo } from '../host/paths.js';
import { contentHashOf, entriesOf, isOlderThan } from '../host/stamp.js';
import type { Dependencies, JobFile } from '../model/job.js';
import type { Tree } from './tree.js';

export interface TreeDigests {
  readonly of: (dependsOn: Dependencies) => string;
  /** Without the names of files that its reach covers. */
  readonly beyond: (dependsOn: Dependencies | undefined) => Dependencies | undefined;
  /** False of a file that was written since the run began: nobody knows in which state a tool has seen it. */
  readonly isKnown: (name: string) => boolean;
  /** Of all files below a folder. */
  readonly below: (dir: string) => string;
}

const SCRIPT = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx|json)$/;

export function treeDigests(root: string, tree: Tree): TreeDigests {
  const began = Date.now();
  const known = new Map<string, string>();
  const at = { version: tree.version() };
  const once = (key: string, make: () => string): string => {
    if (at.version !== tree.version()) known.clear();
    at.version = tree.version();
    const digest = known.get(key) ?? make();
    known.set(key, digest);
    return digest;
  };
  const isKnown = (name: string): boolean =>
    name.endsWith('/') || tree.get(name) !== null || isOlderThan(absoluteOf(root, name), began);
  const state = (name: string): string =>
    once(`named ${name}`, () => (isKnown(name) ? stateOf(root, name, tree) : randomUUID()));
  const all = (line: (file: JobFile) => string): string => hashText([...tree.files()].map(line).sort().join('\n'));
  const reached = {
    workspace: () => once('*', () => all(whole)),
    // Any file may be imported: of those that are no sources it counts that they are there.
    scripts: () => once('s', () => all((file) => (SCRIPT.test(file.path) ? whole(file) : file.path))),
  };
  return {
    of: (dependsOn) =>
      once(JSON.stringify(dependsOn), () => {
        const { reach, named } = dependsOn;
        return hashText([reach === undefined ? '' : reached[reach](), ...named.map(state)].join('\n'));
      }),
    beyond: (dependsOn) => {
      if (dependsOn?.reach === undefined) return dependsOn;
      const isCovered = (name: string): boolean =>
        tree.get(name) !== null && (dependsOn.reach === 'workspace' || SCRIPT.test(name));
      return { ...dependsOn, named: dependsOn.named.filter((name) => !isCovered(name)) };
    },
    isKnown,
    below: (dir) => once(`${dir}/`, () => all((file) => (isWithin(dir, file.path) ? whole(file) : ''))),
  };
}

function whole({ path, hash }: JobFile): string {
  return `${path} ${hash}`;
}

/** Of a file or, with `/` behind it, of the names in a folder. Files that git ignores are read. */
function stateOf(root: string, name: string, tree: Tree): string {
  if (!name.endsWith('/')) return `${name} ${tree.get(name)?.hash ?? contentHashOf(absoluteOf(root, name))}`;
  const folder = absoluteOf(root, name);
  const names = entriesOf(folder).map((entry) => entry.name);
  const edited = [...tree.files()].filter(
    ({ path, content }) => content !== undefined && isWithin(name.slice(0, -1), path),
  );
  return `${name} ${hashText(JSON.stringify([names, edited.map(({ path }) => relativeTo(name.slice(0, -1), path))]))}`;
}

function absoluteOf(root: string, name: string): string {
  return isAbsolute(name) ? name : absolutePath(root, name === './' ? '' : name);
}
