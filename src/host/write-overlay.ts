/** Lets a Node program run without writing where it wants to: what it writes goes to a folder of ours, where it finds it again. */
import type * as Fs from 'node:fs';
import type * as Path from 'node:path';

/** Source of a CommonJS module for `node --require`: from then on everything written lands below `folder`. */
export function overlayPreload(folder: string): string {
  const names: Names = { readers: READERS, writers: WRITERS, refused: REFUSED, folder };
  return `(${redirectWrites.toString()})(require('node:fs'), require('node:path'), ${JSON.stringify(names)});\n`;
}

type AnyFunction = (...args: unknown[]) => unknown;

const READERS = ['statSync', 'lstatSync', 'existsSync', 'readFileSync', 'accessSync'] as const;
const WRITERS = ['writeFileSync', 'appendFileSync'] as const;
const REFUSED = [
  'renameSync',
  'rmSync',
  'rmdirSync',
  'copyFileSync',
  'symlinkSync',
  'linkSync',
  'truncateSync',
] as const;

type Changer = 'openSync' | 'mkdirSync' | 'unlinkSync' | 'utimesSync' | 'readdirSync' | 'realpathSync';

interface Names {
  readonly readers: typeof READERS;
  readonly writers: typeof WRITERS;
  readonly refused: typeof REFUSED;
  readonly folder: string;
}

type Patched = Record<Changer | (typeof READERS | typeof WRITERS | typeof REFUSED)[number], AnyFunction>;

/**
 * Its text is what the other process runs, so it refers to nothing but its parameters. Files below `folder` stand for
 * the paths that were written to, and hide what is there on disk; deleting and touching what is not ours does nothing.
 * Covers the synchronous calls, which are those that compilers make; the others that write are refused.
 */
function redirectWrites(fs: typeof Fs, path: typeof Path, { readers, writers, refused, folder }: Names): void {
  const own = { ...fs };
  const realpath = own.realpathSync.native;
  const target = fs as unknown as Patched;
  const folders = new Map<string, string>();
  const written = new Map<string, Set<string>>();

  const realFolder = (dir: string): string => {
    const known = folders.get(dir);
    if (known !== undefined) return known;
    let real = dir;
    try {
      real = realpath(dir);
    } catch {
      const parent = path.dirname(dir);
      // Not kept: a folder that is not there now may come to be.
      return parent === dir ? dir : path.join(realFolder(parent), path.basename(dir));
    }
    folders.set(dir, real);
    return real;
  };
  const realPath = (file: string): string => {
    const absolute = path.resolve(file);
    return path.join(realFolder(path.dirname(absolute)), path.basename(absolute));
  };
  const place = (real: string): string => path.join(folder, real.replace(/^([A-Za-z]):/, '$1'));
  const remember = (real: string): void => {
    for (let child = real; ; child = path.dirname(child)) {
      const parent = path.dirname(child);
      if (parent === child) return;
      const names = written.get(parent) ?? new Set();
      written.set(parent, names.add(path.basename(child)));
    }
  };
  const isOurs = (real: string): boolean => written.get(path.dirname(real))?.has(path.basename(real)) ?? false;
  const isOurFile = (real: string): boolean => isOurs(real) && !written.has(real);
  const load = (dir: string, real: string): void => {
    for (const entry of own.readdirSync(dir, { withFileTypes: true })) {
      const name = path.join(real, entry.name);
      if (entry.isDirectory()) load(path.join(dir, entry.name), name);
      else remember(name);
    }
  };
  const prepare = (file: string): string => {
    const real = realPath(file);
    own.mkdirSync(path.dirname(place(real)), { recursive: true });
    remember(real);
    return place(real);
  };
  /** Where to read: ours, when it was written; a folder that is on disk stays what it is. */
  const source = (file: unknown): unknown => {
    if (typeof file !== 'string') return file;
    const real = realPath(file);
    if (isOurFile(real)) return place(real);
    return written.has(real) && !own.existsSync(file) ? place(real) : file;
  };

  for (const name of readers) {
    const original = target[name];
    target[name] = (file, ...rest) => original(source(file), ...rest);
  }
  const openSync = own.openSync as AnyFunction;
  target.openSync = (file, flags, mode) =>
    typeof flags === 'string' && /[wa+]/.test(flags)
      ? openSync(prepare(String(file)), flags, mode)
      : openSync(source(file), flags, mode);
  for (const name of writers) {
    const original = target[name];
    target[name] = (file, ...rest) => original(typeof file === 'string' ? prepare(file) : file, ...rest);
  }
  target.mkdirSync = (dir) => {
    const real = realPath(String(dir));
    own.mkdirSync(place(real), { recursive: true });
    if (!written.has(real)) written.set(real, new Set());
    remember(real);
  };
  target.unlinkSync = (file) => {
    const real = realPath(String(file));
    if (!isOurFile(real)) return;
    own.unlinkSync(place(real));
    written.get(path.dirname(real))?.delete(path.basename(real));
  };
  target.utimesSync = (file, ...times) => {
    const real = realPath(String(file));
    if (isOurFile(real)) (own.utimesSync as AnyFunction)(place(real), ...times);
  };
  const readdirSync = own.readdirSync as AnyFunction;
  const entryName = (entry: unknown): string => (typeof entry === 'string' ? entry : (entry as Fs.Dirent).name);
  target.readdirSync = (dir, options) => {
    const real = realPath(String(dir));
    if (!written.has(real)) return readdirSync(dir, options);
    const there = own.existsSync(String(dir)) ? (readdirSync(dir, options) as unknown[]) : [];
    const known = new Set(there.map(entryName));
    const more = own.existsSync(place(real)) ? (readdirSync(place(real), options) as unknown[]) : [];
    return [...there, ...more.filter((entry) => !known.has(entryName(entry)))];
  };
  const realpathOf = (file: unknown): string => {
    const real = realPath(String(file));
    return isOurs(real) && !own.existsSync(String(file)) ? real : realpath(String(file));
  };
  target.realpathSync = Object.assign(realpathOf, { native: realpathOf });
  for (const name of refused) {
    target[name] = () => {
      throw Object.assign(new Error(`EROFS: ${name} is not possible here`), { code: 'EROFS' });
    };
  }
  own.mkdirSync(folder, { recursive: true });
  load(folder, path.parse(path.resolve(folder)).root);
}
