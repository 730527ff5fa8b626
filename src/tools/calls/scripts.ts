/** Tool calls in the scripts of a package.json, one script calling another resolved. */
import type { PackageFacts } from '../../model/file.js';
import { posix } from '../../host/paths.js';
import { launchOf, type Environment, type Launch } from './launchers.js';
import { parseShell, type ShellItem, type Word } from './shell.js';

/** A program with its words, as one line of a script comes to. */
export interface Invocation {
  readonly tool: string;
  readonly args: readonly Word[];
  readonly env: Environment;
  /** Workspace folder where it would run. */
  readonly dir: string;
  /** As it is written: the folder whose node_modules the program is named in. */
  readonly home?: string;
  /** Reached through another script, with nothing added: that script has it already. */
  readonly repeated: boolean;
}

export type Scripts = ReadonlyMap<string, string>;

/** Scripts that call each other are followed no deeper than this; a circle ends here too. */
const DEEPEST = 6;

export function scriptsOf({ manifest }: PackageFacts): Scripts {
  const wireit = record(manifest?.wireit);
  const entries = Object.entries(record(manifest?.scripts)).flatMap(([name, value]) => {
    const command = value === 'wireit' ? record(wireit[name]).command : value;
    return typeof command === 'string' ? [[name, command] as const] : [];
  });
  return new Map(entries);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

interface Place {
  readonly dir: string;
  /** Folder of the package.json that the scripts are in. */
  readonly home: string;
  readonly scripts: Scripts;
  /** How many scripts have led here. */
  readonly depth: number;
  readonly env: Environment;
  /** A script on the way added arguments or environment. */
  readonly added: boolean;
}

/** Every program that a line of shell starts in this workspace folder. */
export function invocationsOf(line: string, dir: string, scripts: Scripts = new Map()): Invocation[] {
  return readItems(parseShell(line), { dir, home: dir, scripts, depth: 0, env: {}, added: false });
}

function readItems(items: readonly ShellItem[], place: Place): Invocation[] {
  const names = new Set(place.scripts.keys());
  const folders: (string | null)[] = [];
  let dir: string | null = place.dir;
  return items.flatMap((item) => {
    if (item === 'open') folders.push(dir);
    else if (item === 'close') dir = folders.pop() ?? place.dir;
    else if (item.words[0]?.text === 'cd') dir = dir === null ? null : enter(dir, item.words[1]);
    else if (dir !== null) return readLaunch(launchOf(item.words, names), { ...place, dir });
    return [];
  });
}

/** null when it leads out of the workspace, or nobody knows where. */
function enter(dir: string, word: Word | undefined): string | null {
  if (word === undefined || word.dynamic || word.text.startsWith('/') || word.text.startsWith('~')) return null;
  const path = posix.join(dir, word.text).replace(/\/$/, '');
  return path === '.' ? '' : path === '..' || path.startsWith('../') ? null : path;
}

function readLaunch(launch: Launch | null, place: Place): Invocation[] {
  if (launch === null || place.depth > DEEPEST) return [];
  const env = { ...place.env, ...launch.env };
  const { dir, depth, added } = place;
  switch (launch.kind) {
    case 'program': {
      const home = launch.home === undefined ? {} : { home: launch.home };
      return [{ tool: launch.name, args: launch.args, env, dir, ...home, repeated: depth > 0 && !added }];
    }
    case 'lines':
      return launch.lines.flatMap((line) => readItems(parseShell(line), { ...place, env }));
    case 'script': {
      if (dir !== place.home) return [];
      const inner = { ...place, env, depth: depth + 1 };
      const adds = added || launch.args.length > 0 || Object.keys(env).length > 0;
      return matching(launch.name, place.scripts).flatMap((script) =>
        readItems(withArguments(parseShell(script), launch.args), { ...inner, added: adds }),
      );
    }
  }
}

/** Scripts by name; `lint:*` takes one more part of a name, `lint:**` any. */
function matching(name: string, scripts: Scripts): string[] {
  if (!name.includes('*')) return scripts.has(name) ? [scripts.get(name) ?? ''] : [];
  const source = name
    .split(/(\*+)/)
    .map((part) =>
      part.startsWith('*') ? (part === '*' ? '[^:]*' : '.*') : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  const pattern = new RegExp(`^${source}$`);
  return [...scripts].filter(([key]) => pattern.test(key)).map(([, script]) => script);
}

/** Arguments handed to a script go to the last command of its line. */
function withArguments(items: readonly ShellItem[], args: readonly Word[]): ShellItem[] {
  const last = items.findLastIndex((item) => typeof item === 'object');
  return items.map((item, at) =>
    at === last && typeof item === 'object' ? { words: [...item.words, ...args] } : item,
  );
}
