/**
 * Where to look first for the edit that causes a finding: the file that it is in or that it names (a test says which file it
 * stands in), then what that imports, then what is imported from there. A guess: a wrong one costs a verification or two.
 */
import { readTextIfThere } from '../host/disk.js';
import { absolutePath, basename, dirname, join } from '../host/paths.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { RunContext } from './context.js';
import type { Layer } from './ledger.js';

export interface Hints {
  /** To be called with findings before they are asked about. */
  readonly prepare: (findings: readonly Diagnostic[]) => Promise<void>;
  /** 0: nothing speaks for it. */
  readonly suspicion: (finding: Diagnostic, layer: Layer) => number;
}

const NAMED = 3;
const IMPORTED = 2;
const REACHED = 1;

export function createHints({ root, tree }: Pick<RunContext, 'root' | 'tree'>): Hints {
  const world = createImports(
    root,
    [...tree.files()].map((file) => file.path),
  );
  const known = new Map<string, ReadonlyMap<string, number>>();
  return {
    prepare: async (findings) => {
      for (const finding of findings)
        if (!known.has(keyOf(finding))) known.set(keyOf(finding), await suspectsOf(finding, world));
    },
    suspicion: (finding, layer) => known.get(keyOf(finding))?.get(layer.path) ?? 0,
  };
}

function keyOf({ path, message }: Diagnostic): string {
  return `${path ?? ''}\0${message}`;
}

interface Imports {
  /** Files of the tree that a text names. */
  readonly namedIn: (text: string) => readonly string[];
  /** Files of the tree that a file seems to import. */
  readonly importsOf: (path: string) => Promise<readonly string[]>;
}

async function suspectsOf(
  { path, message }: Diagnostic,
  { namedIn, importsOf }: Imports,
): Promise<Map<string, number>> {
  const suspects = new Map<string, number>();
  const note = (paths: readonly string[], level: number): string[] => {
    const fresh = paths.filter((one) => !suspects.has(one));
    for (const one of fresh) suspects.set(one, level);
    return fresh;
  };
  let turn = note([...(path === null ? [] : [path]), ...namedIn(message)], NAMED);
  for (let level = IMPORTED; turn.length > 0; level = REACHED)
    turn = note((await Promise.all(turn.map(importsOf))).flat(), level);
  return suspects;
}

/** More files than this are not read for a guess. */
const MOST_READ = 400;

function createImports(root: string, paths: readonly string[]): Imports {
  const byStem = new Map<string, string[]>();
  for (const path of paths) byStem.set(stem(path), [...(byStem.get(stem(path)) ?? []), path]);
  const read = new Map<string, Promise<readonly string[]>>();
  const readImports = async (path: string): Promise<readonly string[]> => {
    const text = (await readTextIfThere(absolutePath(root, path)).catch(() => null)) ?? '';
    return importedNames(text).flatMap((name) => resolve(path, name, byStem.get(stem(name)) ?? []));
  };
  return {
    namedIn: (text) =>
      [...text.matchAll(FILE_NAME)].flatMap(([name]) =>
        (byStem.get(stem(name)) ?? []).filter((path) => `/${path}`.endsWith(`/${name.replace(/^\.\//, '')}`)),
      ),
    importsOf: (path) => {
      const answer = read.get(path) ?? (read.size < MOST_READ ? readImports(path) : Promise.resolve([]));
      read.set(path, answer);
      return answer;
    },
  };
}

const FILE_NAME = /[\w@.][\w@./-]*\.[A-Za-z]\w*/g;

/** In any language that puts it in quotes after one of these words, or that writes modules with dots. */
const QUOTED = /(?:from|import|require|include|use)\b\s*\(?\s*["']([^"'\n]+)["']/g;
const DOTTED = /^\s*(?:from\s+([\w.]+)\s+import|import\s+([\w.]+))/gm;

function importedNames(text: string): string[] {
  const quoted = [...text.matchAll(QUOTED)].map((match) => match[1] ?? '');
  const dotted = [...text.matchAll(DOTTED)].map((match) => (match[1] ?? match[2] ?? '').replaceAll('.', '/'));
  return [...quoted, ...dotted];
}

/** The one that a relative name leads to, where there is one; else all that are called like that. */
function resolve(from: string, name: string, candidates: readonly string[]): readonly string[] {
  const wanted = withoutEnding(join(dirname(from), name));
  const exact = candidates.filter((path) => withoutEnding(path) === wanted);
  return name.startsWith('.') && exact.length > 0 ? exact : candidates;
}

function withoutEnding(path: string): string {
  return path.replace(/\.[^./]*$/, '');
}

function stem(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
}
