/**
 * Where Node found the modules of a tool is kept between starts. ESLint with typescript-eslint asks for a thousand modules,
 * and Node tries for each which of several files there is: 50 of the 400 ms in which it is loaded. What decided it are folders
 * and package.json files; as long as all of these are as they were, so is the answer.
 */
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import Module, { isBuiltin } from 'node:module';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { checksum } from './compiled-pack.js';
import { isOlderThan, stampOf } from './stamp.js';

export interface KeptPlaces {
  /** Writes down what is new. Never fails: without it, things are slower. */
  readonly keep: () => void;
}

type Resolve = (this: unknown, ...asked: Asked) => string;

/** What is asked for, by which module, whether it is the program itself, and `paths` of one's own. */
type Asked = readonly [
  request: string,
  parent: { readonly filename?: string | null } | null | undefined,
  isMain?: boolean,
  options?: object,
];

interface Loader {
  _resolveFilename: Resolve;
  readonly _nodeModulePaths: (folder: string) => readonly string[];
}

/** As it stands in the file, as JSON behind a line with its checksum. */
interface Written {
  /** What decided it, with its stamp. */
  readonly state: readonly (readonly [string, string])[];
  readonly files: readonly string[];
  /** Asked by this file, for this, found there: numbers of `files`. */
  readonly places: readonly (readonly [number, string, number])[];
}

interface Places {
  readonly file: string;
  readonly known: Map<string, string>;
  readonly state: Map<string, string>;
  readonly fresh: Map<string, Question & { readonly found: string }>;
}

interface Question {
  /** Absolute: the module that asks. */
  readonly from: string;
  readonly request: string;
}

/** What Node goes by besides files: with other settings, other places are found. */
export function searchSettings(): string {
  const { NODE_OPTIONS, NODE_PATH, NODE_PRESERVE_SYMLINKS } = process.env;
  return JSON.stringify([process.version, process.platform, NODE_OPTIONS, NODE_PATH, NODE_PRESERVE_SYMLINKS]);
}

/** From now on, for what modules of packages ask for; `file()`: where it is kept now, null: nowhere. */
export function keepPlaces(file: () => string | null): KeptPlaces {
  // Yarn's Plug'n'Play has its own way to find modules, in a table that is in memory already.
  if (process.versions.pnp !== undefined) return { keep: () => undefined };
  const began = performance.timeOrigin;
  const loader = Module as unknown as Loader;
  const byFile = new Map<string, Places>();
  const current = (): Places | null => {
    const name = file();
    if (name === null) return null;
    const places = byFile.get(name) ?? readPlaces(name);
    byFile.set(name, places);
    return places;
  };
  const own = loader._resolveFilename;
  loader._resolveFilename = function (...asked) {
    const question = questionOf(asked);
    const places = question === null ? null : current();
    if (question === null || places === null) return Reflect.apply(own, this, asked);
    const key = keyOf(question);
    const known = places.known.get(key);
    if (known !== undefined) return known;
    const found = Reflect.apply(own, this, asked);
    if (OF_A_PACKAGE.test(found)) places.fresh.set(key, { ...question, found });
    return found;
  };
  return {
    keep: () => {
      for (const places of byFile.values()) writePlaces(places, { loader, began });
    },
  };
}

export const OF_A_PACKAGE = /[/\\]node_modules[/\\]/;

/** null: it is for Node alone to answer. */
function questionOf([request, parent, , options]: Asked): Question | null {
  const from = parent?.filename;
  if (typeof from !== 'string' || !OF_A_PACKAGE.test(from)) return null;
  return options !== undefined || request.startsWith('#') || isBuiltin(request) ? null : { from, request };
}

function keyOf({ from, request }: Question): string {
  return `${from}\0${request}`;
}

function readPlaces(file: string): Places {
  const places: Places = { file, known: new Map(), state: new Map(), fresh: new Map() };
  try {
    const [sum, body = ''] = readFileSync(file, 'utf8').split('\n');
    if (sum !== checksum(body)) return places;
    const written = JSON.parse(body) as Written;
    if (written.state.some(([path, stamp]) => stampOf(path) !== stamp)) return places;
    for (const [path, stamp] of written.state) places.state.set(path, stamp);
    for (const [from, request, found] of written.places)
      places.known.set(keyOf({ from: written.files[from] ?? '', request }), written.files[found] ?? '');
  } catch {
    // None yet, or not whole.
  }
  return places;
}

function writePlaces(places: Places, { loader, began }: { readonly loader: Loader; readonly began: number }): void {
  if (places.fresh.size === 0) return;
  try {
    for (const [key, question] of places.fresh) {
      const deciding = decidedBy(question, loader);
      if (!deciding?.every((path) => isOlderThan(path, began))) continue;
      for (const path of deciding) if (!places.state.has(path)) places.state.set(path, stampOf(path));
      places.known.set(key, question.found);
    }
    places.fresh.clear();
    mkdirSync(dirname(places.file), { recursive: true });
    const written = `${places.file}.${String(process.pid)}`;
    const body = JSON.stringify(asWritten(places));
    writeFileSync(written, `${checksum(body)}\n${body}`);
    renameSync(written, places.file);
  } catch {
    // A full disk, a folder that may not be written: the next run looks again.
  }
}

function asWritten({ known, state }: Places): Written {
  const numbers = new Map<string, number>();
  const numberOf = (file: string): number => {
    const number = numbers.get(file) ?? numbers.size;
    numbers.set(file, number);
    return number;
  };
  const places = [...known].map(([key, found]) => {
    const end = key.indexOf('\0');
    return [numberOf(key.slice(0, end)), key.slice(end + 1), numberOf(found)] as const;
  });
  return { state: [...state], files: [...numbers.keys()], places };
}

/**
 * The paths whose state decides where a module is found, whether they are there or not (https://nodejs.org/api/modules.html,
 * "All together"); null where that is not all.
 */
function decidedBy(question: Question & { readonly found: string }, loader: Loader): readonly string[] | null {
  const { from, request, found } = question;
  if (/^\.{0,2}(?:[/\\]|$)/.test(request) || isAbsolute(request))
    return partsOf(resolve(dirname(from), request), found);
  const [, name = '', scope] = /^((@[^/]+)\/[^/]+|[^/]+)/.exec(request) ?? [];
  // A package may ask for itself by its name.
  const above = [...manifestsAbove(from)];
  for (const folder of loader._nodeModulePaths(dirname(from))) {
    const place = join(folder, name);
    above.push(folder, ...(scope === undefined ? [] : [join(folder, scope)]));
    if (stampOf(place) === '-') continue;
    const target = realpathSync(place);
    if (!found.startsWith(`${target}${sep}`)) return null;
    const below = join(target, request.slice(name.length));
    return [...above, join(target, 'package.json'), dirname(found), ...partsOf(below, found)];
  }
  return null;
}

/** A file by its name, with an ending that Node adds, or what a folder names as its main file. */
function partsOf(target: string, found: string): readonly string[] {
  const isFolder = found.startsWith(`${target}${sep}`);
  return [dirname(target), ...(isFolder ? [target, join(target, 'package.json'), dirname(found)] : [])];
}

/** From the module's own folder up to that of its package. */
function manifestsAbove(file: string): readonly string[] {
  const manifests: string[] = [];
  for (let folder = dirname(file); OF_A_PACKAGE.test(folder); folder = dirname(folder))
    manifests.push(join(folder, 'package.json'));
  return manifests;
}
