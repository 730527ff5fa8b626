/** Which module loads which, as far as relative paths say; what they do not say is doubt. */
import { posix } from '../../host/paths.js';
import type { Link, Module } from './module.js';
import { isPureModule } from './purity.js';

/** What is loaded along with a module, itself included. */
export interface Reach {
  readonly modules: ReadonlySet<string>;
  /** Packages, by specifier. */
  readonly packages: ReadonlySet<string>;
  /** Modules that do something when they are loaded. */
  readonly impure: ReadonlySet<string>;
  /** Something was met that could lead anywhere. */
  readonly isOpen: boolean;
}

export interface Graph {
  /** Path of the module that a specifier leads to from a folder; null where it leads out of the known ones. */
  readonly resolve: (folder: string, specifier: string) => string | null;
  readonly reach: (path: string, kind: 'all' | 'runtime') => Reach;
  /** A link that an edit will add. */
  readonly connect: (from: string, to: string, runtime: boolean) => void;
  /** Does any module take all exports of this one, by name or by `export *`? */
  readonly isTakenWhole: (path: string) => boolean;
}

const ENDINGS = ['.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs'];
/** Written with the ending of the output. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
};
/** These import nothing of ours. */
const DATA =
  /\.(?:json5?|css|scss|sass|less|styl|svg|png|jpe?g|gif|webp|avif|ico|woff2?|txt|md|html|wasm|graphql|gql)(?:\?.*)?$/;

type Target = { readonly module: string } | { readonly package: string } | 'data' | 'unknown';

export interface GraphInput {
  readonly modules: ReadonlyMap<string, Module>;
  /** Is this specifier the name of an installed package (or of Node's own) and nothing else? */
  readonly isPackage: (specifier: string) => boolean;
}

export function createGraph({ modules, isPackage }: GraphInput): Graph {
  const added = new Map<string, { to: string; runtime: boolean }[]>();
  const known = new Map<string, Reach>();

  const resolve = (folder: string, specifier: string): string | null => {
    if (!/^\.{1,2}(?:\/|$)/.test(specifier)) return null;
    const path = posix.join(folder, specifier).replace(/\/$/, '');
    return possibleFiles(path).find((file) => modules.has(file)) ?? null;
  };
  const targetOf = (folder: string, specifier: string): Target => {
    const module = resolve(folder, specifier);
    if (module !== null) return { module };
    if (DATA.test(specifier)) return 'data';
    return isPackage(specifier) ? { package: specifier } : 'unknown';
  };
  const targets = new Map(
    [...modules].map(([path, module]) => [
      path,
      module.links.map((link) => ({ link, target: targetOf(module.folder, link.specifier) })),
    ]),
  );
  const wholes = new Set([...targets.values()].flatMap((links) => links.flatMap(takenWhole)));

  const reach: Graph['reach'] = (start, kind) => {
    const key = `${kind}\0${start}`;
    const answer = known.get(key) ?? walkFrom(start, kind);
    known.set(key, answer);
    return answer;
  };
  const walkFrom = (start: string, kind: 'all' | 'runtime'): Reach => {
    const found = { modules: new Set<string>(), packages: new Set<string>(), impure: new Set<string>(), isOpen: false };
    const queue = [start];
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      const module = modules.get(path);
      if (module === undefined || found.modules.has(path)) continue;
      found.modules.add(path);
      if (!isPureModule(module)) found.impure.add(path);
      const followed = (targets.get(path) ?? []).filter(({ link }) => kind === 'all' || link.runtime);
      found.isOpen ||= followed.some(({ target }) => target === 'unknown');
      for (const { target } of followed) {
        if (typeof target === 'string') continue;
        if ('module' in target) queue.push(target.module);
        else found.packages.add(target.package);
      }
      queue.push(...(added.get(path) ?? []).filter(({ runtime }) => kind === 'all' || runtime).map(({ to }) => to));
    }
    return found;
  };
  return {
    resolve,
    reach,
    connect: (from, to, runtime) => {
      added.set(from, [...(added.get(from) ?? []), { to, runtime }]);
      known.clear();
    },
    isTakenWhole: (path) => wholes.has(path),
  };
}

function takenWhole({ link, target }: { link: Link; target: Target }): string[] {
  return (link.all || link.whole) && typeof target === 'object' && 'module' in target ? [target.module] : [];
}

function possibleFiles(path: string): string[] {
  const ending = posix.extname(path);
  const bare = path.slice(0, path.length - ending.length);
  const written = (SOURCES[ending] ?? []).map((source) => bare + source);
  return [path, ...written, ...ENDINGS.map((end) => path + end), ...ENDINGS.map((end) => `${path}/index${end}`)];
}
