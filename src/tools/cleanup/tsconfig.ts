import { folderOf, posix } from '../../host/paths.js';

/** What the project's compiler settings say about one file. Where they say nothing, the careful answer. */
export interface CompilerFacts {
  /** `automatic`: the JSX runtime is imported by the compiler. `classic`: JSX stands for calls of a name in the file. */
  readonly jsx: 'automatic' | 'classic' | 'unknown';
  /** Names that JSX stands for: of `jsxFactory`, `jsxFragmentFactory`, `reactNamespace`. */
  readonly factories: readonly string[];
  readonly allowUnreachableCode: boolean;
}

/** Text of a workspace file, or null. */
export type ReadText = (path: string) => Promise<string | null>;

interface Settings {
  readonly [key: string]: unknown;
}

interface ConfigFile {
  readonly options: Settings;
  readonly references: readonly string[];
}

const NAMES = ['tsconfig.json', 'jsconfig.json'];
const NO_CONFIG: ConfigFile = { options: {}, references: [] };

/** Answers for one file after the other; each config file is read once. */
export function compilerFacts(readText: ReadText): (path: string) => Promise<CompilerFacts> {
  const configs = new Map<string, Promise<ConfigFile | null>>();
  const nearest = new Map<string, Promise<ConfigFile>>();

  /** `chain` are the configs that led here: one that extends itself extends nothing. */
  function configAt(path: string, chain: readonly string[] = []): Promise<ConfigFile | null> {
    if (chain.includes(path)) return Promise.resolve(null);
    const known = configs.get(path);
    if (known !== undefined) return known;
    const config = readConfig(path, [...chain, path]);
    configs.set(path, config);
    return config;
  }

  async function readConfig(path: string, chain: readonly string[]): Promise<ConfigFile | null> {
    const text = await readText(path);
    if (text === null) return null;
    const content = await parseSettings(text);
    let options: Settings = {};
    for (const parent of extendedBy(content, path))
      options = { ...options, ...((await configAt(parent, chain)) ?? NO_CONFIG).options };
    return {
      options: { ...options, ...asSettings(content.compilerOptions) },
      references: referencesOf(content, path),
    };
  }

  function nearestTo(folder: string): Promise<ConfigFile> {
    const known = nearest.get(folder);
    if (known !== undefined) return known;
    const found = findFrom(folder);
    nearest.set(folder, found);
    return found;
  }

  async function findFrom(folder: string): Promise<ConfigFile> {
    for (const name of NAMES) {
      const config = await configAt(posix.join(folder, name));
      if (config !== null) return withReferences(config);
    }
    return folder === '' ? NO_CONFIG : nearestTo(folderOf(folder));
  }

  /** A "solution" that only points to other configs says nothing itself: what they agree on holds. */
  async function withReferences(config: ConfigFile): Promise<ConfigFile> {
    if (config.options.jsx !== undefined || config.references.length === 0) return config;
    const others = await Promise.all(config.references.map((path) => configAt(path)));
    const settings = others.flatMap((other) => (other?.options.jsx === undefined ? [] : [other.options]));
    const [first] = settings;
    if (first === undefined || settings.some(({ jsx }) => jsx !== first.jsx)) return config;
    return { ...config, options: { ...first, ...config.options } };
  }

  /** A config further up may compile the file as well, and need the name that the nearest one does not. */
  async function isClassicAbove(folder: string): Promise<boolean> {
    const here = await Promise.all(NAMES.map((name) => configAt(posix.join(folder, name))));
    if (here.some((config) => jsxFrom(config?.options.jsx) === 'classic')) return true;
    return folder !== '' && isClassicAbove(folderOf(folder));
  }

  return async (path) => {
    const facts = factsFrom((await nearestTo(folderOf(path))).options, path);
    const isSafe = facts.jsx !== 'automatic' || !(await isClassicAbove(folderOf(path)));
    return isSafe ? facts : { ...facts, jsx: 'classic' };
  };
}

function factsFrom(options: Settings, path: string): CompilerFacts {
  // TypeScript's settings bind a JavaScript file only where TypeScript compiles it.
  const binding = /\.[cm]?tsx?$/.test(path) || options.allowJs === true || options.checkJs === true;
  const factories = ['jsxFactory', 'jsxFragmentFactory', 'reactNamespace'].flatMap((key) => {
    const value = options[key];
    return typeof value === 'string' ? [value.split('.')[0] ?? value] : [];
  });
  return {
    jsx: binding ? jsxFrom(options.jsx) : 'unknown',
    factories,
    allowUnreachableCode: options.allowUnreachableCode === true,
  };
}

function jsxFrom(value: unknown): CompilerFacts['jsx'] {
  if (typeof value !== 'string') return 'unknown';
  return /^react-jsx(dev)?$/i.test(value) ? 'automatic' : 'classic';
}

async function parseSettings(text: string): Promise<Settings> {
  const { parse } = await import('jsonc-parser');
  return asSettings(parse(text, [], { allowTrailingComma: true }));
}

function asSettings(value: unknown): Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Settings) : {};
}

/** The configs that this one builds on, by relative path; those of packages are not followed. */
function extendedBy(content: Settings, path: string): string[] {
  const value = content.extends;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((entry) => {
    if (typeof entry !== 'string' || !entry.startsWith('.')) return [];
    const target = posix.join(folderOf(path), entry);
    return [target.endsWith('.json') ? target : `${target}.json`];
  });
}

function referencesOf(content: Settings, path: string): string[] {
  const value = content.references;
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap((entry) => {
    const target = asSettings(entry).path;
    if (typeof target !== 'string') return [];
    const joined = posix.join(folderOf(path), target);
    return [joined.endsWith('.json') ? joined : posix.join(joined, 'tsconfig.json')];
  });
}

/** Every config file that the answers may depend on: those with the usual names, and what they build on. */
export async function compilerConfigFiles(paths: readonly string[], readText: ReadText): Promise<string[]> {
  const seen = new Set<string>();
  const queue = paths.filter((path) => /(^|\/)[jt]sconfig[^/]*\.json$/.test(path));
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    const text = await readText(path);
    if (text === null) continue;
    seen.add(path);
    const content = await parseSettings(text);
    queue.push(...extendedBy(content, path), ...referencesOf(content, path));
  }
  return [...seen].sort();
}
