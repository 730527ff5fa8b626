/**
 * What V8 compiles of our own modules and of tools is kept between starts. Of the 400 ms in which ESLint with
 * typescript-eslint is loaded, 150 go into compiling; of the 250 in which our own command does nothing, 60. For
 * tools Node does this by itself from 22.1 on; before, it is done here for CommonJS modules, as v8-compile-cache did it. For
 * our own it is done here on every Node: Node's way forgets the functions that are compiled when they are called first
 * (Node 22: 0.26 s of processor time with it, 0.18 with this).
 */
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { type ImportsWhileRunning, type Pack, digest, prune, writePack } from './compiled-pack.js';

export interface KeptCode {
  /** Writes down what is new. Never fails: without it, things are slower. */
  readonly keep: () => Promise<void>;
}

export type Compile = (this: NodeJS.Module, text: string, path: string, ...rest: unknown[]) => unknown;

interface Loader {
  readonly prototype: { _compile: Compile };
  readonly wrapper: readonly [string, string];
  readonly _extensions: unknown;
  readonly _cache: unknown;
  readonly _resolveFilename: (request: string, parent: NodeJS.Module, isMain: boolean, options?: object) => string;
  readonly _resolveLookupPaths: (request: string, parent: NodeJS.Module) => string[] | null;
}

/** Compiled code is good for one version of V8 under the same flags. */
export function fileIn(folder: string, name: string): string {
  return join(folder, digest(`${String(cachedDataVersionTag())} ${name}`));
}

/** Never fails: without it, things are slower. */
export async function writeDown(file: string, pack: Pack, importsWhileRunning: ImportsWhileRunning): Promise<void> {
  try {
    await writePack(file, pack, importsWhileRunning);
    prune(dirname(file));
  } catch {
    // A full disk, a folder that may not be written: the next run compiles again.
  }
}

export interface Compiling {
  /** null: not for us to compile. */
  readonly packOf: (path: string) => Pack | null;
  /** The same for the same text alone. */
  readonly keyOf: (path: string, text: string) => string;
  readonly mayImport: (text: string) => boolean;
}

export function compileThrough(compiling: Compiling): void {
  const loader = Module as unknown as Loader;
  const own = loader.prototype._compile;
  loader.prototype._compile = function (text, path, ...rest) {
    const pack = compiling.packOf(path);
    const script = pack === null ? null : scriptOf({ loader, pack, compiling }, text, path);
    return script === null ? own.call(this, text, path, ...rest) : evaluate(loader, this, { script, path });
  };
}

interface Kept {
  readonly loader: Loader;
  readonly pack: Pack;
  readonly compiling: Compiling;
}

/** null: it is for Node alone to compile, or to complain about. */
function scriptOf({ loader, pack, compiling }: Kept, text: string, path: string): Script | null {
  const key = compiling.keyOf(path, text);
  const cachedData = pack.known.get(key);
  if (cachedData === undefined && compiling.mayImport(text)) return null;
  const [before, after] = loader.wrapper;
  try {
    const script = new Script(`${before}${text.replace(/^#!.*/, '')}${after}`, {
      filename: path,
      columnOffset: -before.length,
      ...(cachedData === undefined
        ? { importModuleDynamically: (specifier: string) => importFrom(path, specifier) as never }
        : { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected === true) pack.fresh.push({ key, path, text, script });
    else pack.used.add(key);
    return script;
  } catch {
    return null;
  }
}

/** As Node does it, which has no way to be asked. */
function evaluate(
  loader: Loader,
  module: NodeJS.Module,
  { script, path }: { readonly script: Script; readonly path: string },
): unknown {
  const require = Object.assign((id: string): unknown => module.require(id), {
    resolve: Object.assign(
      (request: string, options?: object) => loader._resolveFilename(request, module, false, options),
      { paths: (request: string) => loader._resolveLookupPaths(request, module) },
    ),
    main: Reflect.get(process, 'mainModule'),
    extensions: loader._extensions,
    cache: loader._cache,
  });
  const wrapped = script.runInThisContext() as (...values: unknown[]) => unknown;
  return Reflect.apply(wrapped, module.exports, [module.exports, require, module, path, dirname(path)]);
}

function importFrom(path: string, specifier: string): Promise<unknown> {
  const resolved = specifier.startsWith('file:')
    ? specifier
    : pathToFileURL(Module.createRequire(path).resolve(specifier)).href;
  return import(resolved);
}
