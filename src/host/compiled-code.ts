/**
 * In a worker: what V8 compiles of tools' modules is kept between runs. Of the 400 ms in which ESLint with
 * typescript-eslint is loaded, 150 go into compiling. Node does this by itself from 22.1 on; before, it is done here for
 * CommonJS modules out of `node_modules`, as v8-compile-cache did it.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

export interface CompiledCode {
  /** What is loaded from now on belongs to the tool with this entry. */
  readonly turnTo: (entry: string) => void;
  /** Writes down what is new. Never fails: without it, things are slower. */
  readonly keep: () => Promise<void>;
}

/** Does a module import others while it runs? Such code cannot be kept: V8 forgets where it came from. */
export type ImportsWhileRunning = (path: string, text: string) => Promise<boolean>;

interface Fresh {
  readonly key: string;
  readonly path: string;
  readonly text: string;
  readonly script: Script;
}

interface Pack {
  readonly known: ReadonlyMap<string, Buffer>;
  /** Keys of what was used, of `known`. */
  readonly used: Set<string>;
  readonly fresh: Fresh[];
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

/** `folder`: absolute; made when there is something to keep. */
export function keepCompiledCode(folder: string, importsWhileRunning: ImportsWhileRunning): CompiledCode {
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

/** A checksum, the places of the parts as JSON, and the parts; each behind the other on a line. */
function readPack(file: string): ReadonlyMap<string, Buffer> {
  try {
    const bytes = readFileSync(file);
    const sumEnd = bytes.indexOf('\n');
    const body = bytes.subarray(sumEnd + 1);
    if (bytes.toString('latin1', 0, sumEnd) !== digest(body)) return new Map();
    const placesEnd = body.indexOf('\n');
    const places = JSON.parse(body.toString('utf8', 0, placesEnd)) as readonly [string, number, number][];
    const parts = body.subarray(placesEnd + 1);
    return new Map(places.map(([key, start, length]) => [key, parts.subarray(start, start + length)]));
  } catch {
    return new Map();
  }
}

async function writePack(file: string, pack: Pack, importsWhileRunning: ImportsWhileRunning): Promise<void> {
  const parts: (readonly [string, Buffer])[] = [];
  for (const key of pack.used) parts.push([key, pack.known.get(key) ?? Buffer.alloc(0)]);
  for (const { key, path, text, script } of pack.fresh.splice(0)) {
    if (/\bimport\s*[(/]/.test(text) && (await importsWhileRunning(path, text))) continue;
    parts.push([key, script.createCachedData()]);
    pack.used.add(key);
  }
  const places: [string, number, number][] = [];
  parts.reduce((start, [key, part]) => {
    places.push([key, start, part.length]);
    return start + part.length;
  }, 0);
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(places)}\n`), ...parts.map(([, part]) => part)]);
  const written = `${file}.${String(process.pid)}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(written, Buffer.concat([Buffer.from(`${digest(body)}\n`), body]));
  renameSync(written, file);
}

/** Of other versions of Node and of tools that were updated, those go first that were written first. */
const MOST_PACKS = 12;

function prune(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const newestFirst = files
    .map((file) => ({ file, at: statSync(file).mtimeMs }))
    .sort((one, other) => other.at - one.at)
    .slice(MOST_PACKS);
  for (const { file } of newestFirst) rmSync(file, { force: true });
}

function digest(data: string | Buffer): string {
  return createHash('sha1').update(data).digest('hex');
}
