/**
 * In a worker: what V8 compiles of tools' modules is kept between runs. Of the 400 ms in which ESLint with
 * typescript-eslint is loaded, 150 go into compiling. Node does this by itself from 22.1 on; before, it is done here for
 * CommonJS modules out of `node_modules`, as v8-compile-cache did it.
 */
import { existsSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import {
  type Fresh,
  type ImportsWhileRunning,
  type Pack,
  digest,
  prune,
  readPack,
  writePack,
} from './compiled-pack.js';

export interface CompiledCode {
  /** What is loaded from now on belongs to the tool with this entry. */
  readonly turnTo: (entry: string) => void;
  /** Writes down what is new. Never fails: without it, things are slower. */
  readonly keep: () => Promise<void>;
}

type Compile = (this: NodeJS.Module, text: string, path: string, ...rest: unknown[]) => unknown;

interface Loader {
  readonly prototype: { _compile: Compile };
  readonly wrapper: readonly [string, string];
  readonly _extensions: unknown;
  readonly _cache: unknown;
  readonly _resolveFilename: (request: string, parent: NodeJS.Module, isMain: boolean, options?: object) => string;
  readonly _resolveLookupPaths: (request: string, parent: NodeJS.Module) => string[] | null;
}

/**
 * `folder`: absolute; made when there is something to keep. Where the folder around it is not there either, nothing has run
 * here before, and perhaps nothing will again (CI): then what it takes to keep something is saved.
 */
export function keepCompiledCode(folder: string, importsWhileRunning: ImportsWhileRunning): CompiledCode {
  if (!existsSync(dirname(folder))) return NOTHING_KEPT;
  const { enableCompileCache, flushCompileCache } = Module as unknown as Record<
    'enableCompileCache' | 'flushCompileCache',
    ((folder?: string) => void) | undefined
  >;
  if (enableCompileCache === undefined) return ownCompiledCode(folder, importsWhileRunning);
  enableCompileCache(folder);
  return {
    turnTo: () => undefined,
    keep: () => {
      flushCompileCache?.();
      return Promise.resolve();
    },
  };
}

/** Characters of source: what is less is compiled faster than written down. */
const WORTH_WRITING = 64 * 1024;

const NOTHING_KEPT: CompiledCode = { turnTo: () => undefined, keep: () => Promise.resolve() };

function ownCompiledCode(folder: string, importsWhileRunning: ImportsWhileRunning): CompiledCode {
  const packs = new Map<string, Pack>();
  const turn: { pack: Pack | null } = { pack: null };
  const fileOf = (entry: string): string => join(folder, digest(`${String(cachedDataVersionTag())} ${entry}`));
  compileThrough(() => turn.pack);
  return {
    turnTo: (entry) => {
      const file = fileOf(entry);
      turn.pack = packs.get(file) ?? { known: readPack(file), used: new Set(), fresh: [] };
      packs.set(file, turn.pack);
    },
    keep: async () => {
      for (const [file, pack] of packs) {
        if (pack.fresh.reduce((sum, { text }) => sum + text.length, 0) < WORTH_WRITING) continue;
        try {
          await writePack(file, pack, importsWhileRunning);
          prune(folder);
        } catch {
          // A full disk, a folder that may not be written: the next run compiles again.
        }
      }
    },
  };
}

const OF_A_PACKAGE = /[/\\]node_modules[/\\]/;

function compileThrough(packOf: () => Pack | null): void {
  const loader = Module as unknown as Loader;
  const own = loader.prototype._compile;
  loader.prototype._compile = function (text, path, ...rest) {
    const pack = packOf();
    const script = pack === null || !OF_A_PACKAGE.test(path) ? null : scriptOf(loader, pack, { text, path });
    return script === null ? own.call(this, text, path, ...rest) : evaluate(loader, this, { script, path });
  };
}

/** null: it is for Node alone to compile, or to complain about. */
function scriptOf(loader: Loader, pack: Pack, { text, path }: Pick<Fresh, 'text' | 'path'>): Script | null {
  const key = digest(`${path}\0${text}`);
  const cachedData = pack.known.get(key);
  if (cachedData === undefined && mayImport(text)) return null;
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

const COMMENTS = /^[ \t]*\/\*[\s\S]*?\*\//gm;
/** Not in a string that begins with it (`"import("`), nor in a type (`typeof import("x")`). */
const IMPORT = /(?<![\w$"'`]|typeof )import\s*[(/]/;

/** A guess that is seldom wrong; `importFrom` is there for when it is. */
function mayImport(text: string): boolean {
  return IMPORT.test(text) && IMPORT.test(text.replaceAll(COMMENTS, ''));
}

function importFrom(path: string, specifier: string): Promise<unknown> {
  const resolved = specifier.startsWith('file:')
    ? specifier
    : pathToFileURL(Module.createRequire(path).resolve(specifier)).href;
  return import(resolved);
}
