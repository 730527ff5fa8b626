/**
 * What it takes to load a tool is kept between starts: what V8 compiles of it (compiled-code.ts), and where its modules were
 * found (kept-places.ts).
 */
import { isAscii } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { type Compile, type Compiling, type KeptCode, compileThrough, fileIn, writeDown } from './compiled-code.js';
import { type ImportsWhileRunning, type Pack, checksum, digest, readPack } from './compiled-pack.js';
import { OF_A_PACKAGE, keepPlaces, searchSettings } from './kept-places.js';

export interface ToolsCode extends KeptCode {
  /** What is loaded from now on belongs to the tool with this entry. */
  readonly turnTo: (entry: string) => void;
}

type Load = (this: unknown, module: { readonly _compile: Compile } & NodeJS.Module, path: string) => void;

interface Loader {
  readonly _extensions: Record<'.js', Load>;
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
      for (const [file, pack] of packs) if (isWorthWriting(pack)) await writeDown(file, pack, importsWhileRunning);
    },
  };
}

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

/** Characters of source: what is less is compiled faster than written down. */
const WORTH_WRITING = 64 * 1024;

function isWorthWriting({ fresh }: Pack): boolean {
  return fresh.reduce((sum, { text }) => sum + text.length, 0) >= WORTH_WRITING;
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

/** Before anybody listens to what is read: where packages are installed that is nobody's concern. */
const readUnheard = readFileSync;

function readQuickly(pack: ToolPack | null, path: string): Source | null {
  if (pack?.paths.has(path) !== true) return null;
  const bytes = readUnheard(path);
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

const COMMENTS = /^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)/gm;
/** Not in a string that begins with it (`"import("`), nor in a type (`typeof import("x")`), nor what is no more than named. */
const IMPORT = /(?<![\w$"'`]|typeof )import\s*(?:\((?!\))|\/)/;

/** A guess that is seldom wrong; `importFrom` is there for when it is. */
function mayImport(text: string): boolean {
  return IMPORT.test(text) && IMPORT.test(text.replaceAll(COMMENTS, ''));
}
