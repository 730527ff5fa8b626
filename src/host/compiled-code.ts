/**
 * What V8 compiles of our own modules and of tools is kept between starts. Of the 400 ms in which ESLint with
 * typescript-eslint is loaded, 150 go into compiling; of the 250 in which our own command does nothing, 60. For
 * tools Node does this by itself from 22.1 on; before, it is done here for CommonJS modules, as v8-compile-cache did it. For
 * our own it is done here on every Node: Node's way forgets the functions that are compiled when they are called first
 * (Node 22: 0.26 s of processor time with it, 0.18 with this).
 */
import { isAscii } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import Module from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { type ImportsWhileRunning, type Pack, checksum, digest, prune, readPack, writePack } from './compiled-pack.js';
import { keepPlaces, searchSettings } from './kept-places.js';
import { ownBuild, ownCacheFolder, ownFolder } from './own-package.js';

export interface KeptCode {
  /** Writes down what is new. Never fails: without it, things are slower. */
  readonly keep: () => Promise<void>;
}

export interface ToolsCode extends KeptCode {
  /** What is loaded from now on belongs to the tool with this entry. */
  readonly turnTo: (entry: string) => void;
}

type Compile = (this: NodeJS.Module, text: string, path: string, ...rest: unknown[]) => unknown;

type Load = (this: unknown, module: { readonly _compile: Compile } & NodeJS.Module, path: string) => void;

interface Loader {
  readonly prototype: { _compile: Compile };
  readonly wrapper: readonly [string, string];
  readonly _extensions: Record<'.js', Load>;
  readonly _cache: unknown;
  readonly _resolveFilename: (request: string, parent: NodeJS.Module, isMain: boolean, options?: object) => string;
  readonly _resolveLookupPaths: (request: string, parent: NodeJS.Module) => string[] | null;
}

/** The one of our modules that imports while it runs, for all (build.mjs). */
const IMPORT_MODULE = 'import-module.js';

/** To be called before anything else is loaded. `entry`: which of our processes this is. */
export function keepOwnCode(entry: 'main' | 'worker'): KeptCode {
  const around = ownCacheFolder();
  const folder = join(around, 'compiled');
  if (!existsSync(around)) return { keep: () => makeUnlessForbidden(around) };
  const file = fileIn(folder, `${ownBuild()} ${entry}`);
  const known = readPack(file);
  // Commands load different parts: those that this one has no use for are kept as well.
  const pack: Pack = { known, used: new Set(known.keys()), fresh: [] };
  const modules = join(ownFolder(), 'dist') + sep;
  compileThrough({
    packOf: (path) => (path.startsWith(modules) && basename(path) !== IMPORT_MODULE ? pack : null),
    // The build says what stands in each file.
    keyOf: (path) => path,
    mayImport: () => false,
  });
  return { keep: () => writeDown(file, pack, () => Promise.resolve(false)) };
}

/**
 * `folder`: absolute; made when there is something to keep. Where the folder around it is not there either, nothing has run
 * here before, and perhaps nothing will again (CI): then what it takes to keep something is saved.
 */
export function keepToolsCode(folder: string, importsWhileRunning: ImportsWhileRunning): ToolsCode {
  if (!existsSync(dirname(folder))) return NOTHING_KEPT;
  const turn: { places: string | null } = { places: null };
  const places = keepPlaces(() => turn.places);
  const code = keptByNode(folder) ?? keptByUs(folder, importsWhileRunning);
  return {
    turnTo: (entry) => {
      turn.places = join(folder, digest(`${searchSettings()} ${entry}`));
      code.turnTo(entry);
    },
    keep: async () => {
      places.keep();
      await code.keep();
    },
  };
}

function keptByUs(folder: string, importsWhileRunning: ImportsWhileRunning): ToolsCode {
  const packs = new Map<string, ToolPack>();
  const turn: { pack: ToolPack | null } = { pack: null };
  const packOf = (path: string): ToolPack | null => (OF_A_PACKAGE.test(path) ? turn.pack : null);
  compileThrough({ packOf, keyOf: readThrough(packOf), mayImport });
  return {
    turnTo: (entry) => {
      const file = fileIn(folder, entry);
      turn.pack = packs.get(file) ?? readToolPack(file);
      packs.set(file, turn.pack);
    },
    keep: async () => {
      for (const [file, pack] of packs) await writeDown(file, pack, importsWhileRunning);
    },
  };
}

const OF_A_PACKAGE = /[/\\]node_modules[/\\]/;
const NOTHING_KEPT: ToolsCode = { turnTo: () => undefined, keep: () => Promise.resolve() };

/** null: this Node does not. */
function keptByNode(folder: string): ToolsCode | null {
  const { enableCompileCache, flushCompileCache } = Module as unknown as Record<
    'enableCompileCache' | 'flushCompileCache',
    ((folder?: string) => void) | undefined
  >;
  if (enableCompileCache === undefined) return null;
  enableCompileCache(folder);
  return { turnTo: () => undefined, keep: () => Promise.resolve(flushCompileCache?.()) };
}

async function makeUnlessForbidden(folder: string): Promise<void> {
  // Where somebody else has installed us.
  await mkdir(folder, { recursive: true }).catch(() => undefined);
}

function fileIn(folder: string, name: string): string {
  return join(folder, digest(`${String(cachedDataVersionTag())} ${name}`));
}

/** Characters of source: what is less is compiled faster than written down. */
const WORTH_WRITING = 64 * 1024;

async function writeDown(file: string, pack: Pack, importsWhileRunning: ImportsWhileRunning): Promise<void> {
  if (pack.fresh.reduce((sum, { text }) => sum + text.length, 0) < WORTH_WRITING) return;
  try {
    await writePack(file, pack, importsWhileRunning);
    prune(dirname(file));
  } catch {
    // A full disk, a folder that may not be written: the next run compiles again.
  }
}

interface Compiling {
  /** null: not for us to compile. */
  readonly packOf: (path: string) => Pack | null;
  /** The same for the same text alone. */
  readonly keyOf: (path: string, text: string) => string;
  readonly mayImport: (text: string) => boolean;
}

function compileThrough(compiling: Compiling): void {
  const loader = Module as unknown as Loader;
  const own = loader.prototype._compile;
  loader.prototype._compile = function (text, path, ...rest) {
    const pack = compiling.packOf(path);
    const script = pack === null ? null : scriptOf({ loader, pack, compiling }, text, path);
    return script === null ? own.call(this, text, path, ...rest) : evaluate(loader, this, { script, path });
  };
}

/**
 * Node 20 reads a source as UTF-8 in twice the time that it takes to read its bytes and to see that they are ASCII, as nearly
 * all are; and a checksum of bytes in half the time of one of a text. For what has been loaded before, of which it is known
 * that it is no ES module.
 */
function readThrough(packOf: (path: string) => ToolPack | null): Compiling['keyOf'] {
  const loader = Module as unknown as Loader;
  const own = loader._extensions['.js'];
  let last: Source | null = null;
  loader._extensions['.js'] = function (module, path) {
    last = readQuickly(packOf(path), path);
    if (last === null) Reflect.apply(own, this, [module, path]);
    else module._compile(last.text, path);
  };
  return (path, text) => (last?.path === path && last.text === text ? last.key : keyOfText(path, text));
}

interface Source {
  readonly path: string;
  readonly text: string;
  readonly key: string;
}

function readQuickly(pack: ToolPack | null, path: string): Source | null {
  if (pack?.paths.has(path) !== true) return null;
  const bytes = readFileSync(path);
  const key = keyOfText(path, bytes);
  return pack.known.has(key) && isAscii(bytes) ? { path, text: bytes.toString('latin1'), key } : null;
}

interface ToolPack extends Pack {
  /** Of all modules that are known. */
  readonly paths: ReadonlySet<string>;
}

function readToolPack(file: string): ToolPack {
  const known = readPack(file);
  const paths = new Set([...known.keys()].map((key) => key.slice(0, key.lastIndexOf(' '))));
  return { known, paths, used: new Set(), fresh: [] };
}

function keyOfText(path: string, text: string | Buffer): string {
  return `${path} ${checksum(text)}`;
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
