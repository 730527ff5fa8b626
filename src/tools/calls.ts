/** The calls of tools that a project writes down: scripts, lint-staged lists, pre-commit and lefthook hooks, recipes. */
import picomatch from 'picomatch';
import { isWithin, posix, relativeTo } from '../host/paths.js';
import { compareText } from '../model/diagnostic.js';
import { hookCommands } from './calls/hooks.js';
import { stagedCommands } from './calls/lists.js';
import { recipeLines } from './calls/recipes.js';
import { invocationsOf, scriptsOf, type Invocation } from './calls/scripts.js';
import type { Word } from './calls/shell.js';
import { packageManagerOf } from './packages.js';
import type { ProjectView, ToolCall } from './tool.js';

type View = Pick<ProjectView, 'files' | 'packages' | 'hasFile' | 'filesNamed' | 'readText'>;

/** What a call has beside what its line says. */
type Origin = Pick<ToolCall, 'from' | 'glob' | 'script'>;

/** All calls by tool. Within a tool: scripts first, package by package, then lists, hooks and recipes. */
export async function readCalls(view: View): Promise<ReadonlyMap<string, readonly ToolCall[]>> {
  const toCall = callMaker(view);
  const [staged, hooks, recipes] = await Promise.all([stagedCommands(view), hookCommands(view), recipeLines(view)]);
  const root = view.packages.find(({ dir }) => dir === '');
  const rootScripts = root === undefined ? undefined : scriptsOf(root);
  const calls = [
    ...view.packages.flatMap((facts) => scriptCalls(facts, toCall)),
    ...staged.flatMap(({ command, dir, from, glob }) =>
      invocationsOf(command, dir).map((one) => toCall(one, { from, glob })),
    ),
    ...hooks.flatMap(({ line, from, glob }) =>
      invocationsOf(line, '', rootScripts).map((one) => toCall(one, { from, ...(glob === undefined ? {} : { glob }) })),
    ),
    ...recipes.flatMap(({ line, dir, from, target }) =>
      invocationsOf(line, dir).map((one) => toCall(one, { from, script: target })),
    ),
  ];
  return byTool(calls.filter((call) => call !== null));
}

function scriptCalls(facts: ProjectView['packages'][number], toCall: CallMaker): (ToolCall | null)[] {
  const scripts = scriptsOf(facts);
  const manifest = facts.dir === '' ? 'package.json' : `${facts.dir}/package.json`;
  return [...scripts].flatMap(([script, line]) =>
    invocationsOf(line, facts.dir, scripts)
      .filter((invocation) => !invocation.repeated)
      .map((invocation) => toCall(invocation, { from: `${manifest} scripts.${script}`, script })),
  );
}

type CallMaker = (invocation: Invocation, origin: Origin) => ToolCall | null;

/** A call whose arguments a command substitution fills in (`eslint $(git diff …)`) says nothing about the files: null. */
function callMaker(view: View): CallMaker {
  const asShell = !hasOwnShell(view);
  const folders = new Set(view.files.flatMap(({ path }) => foldersAbove(path)));
  const paths = [...folders, ...view.files.map(({ path }) => path)];
  return ({ tool, args, env, dir, home }, origin) => {
    const words = args.filter(({ text }) => !/^\$[@*]$/.test(text));
    if (words.some(({ text, dynamic }) => dynamic && /\$\(|`|\$@/.test(text))) return null;
    const expand = (word: Word): string[] => (asShell ? shellGlob(word, dir, { paths, folders }) : [word.text]);
    const variables = Object.keys(env).length === 0 ? {} : { env };
    return { tool, args: words.flatMap(expand), dir, ...elsewhere(dir, home), ...variables, ...origin };
  };
}

/** Paths that lead out of the workspace lead nowhere. */
function elsewhere(dir: string, home: string | undefined): Pick<ToolCall, 'home'> {
  const folder = posix.join(dir, home ?? '').replace(/^\.$|\/$/, '');
  return folder === dir || posix.isAbsolute(folder) || folder.startsWith('..') ? {} : { home: folder };
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** Bun and the newer yarn run scripts in a shell of their own that knows `**`. */
function hasOwnShell(view: View): boolean {
  return packageManagerOf(view) === 'bun' || view.hasFile('.yarnrc.yml');
}

interface Disk {
  readonly paths: readonly string[];
  readonly folders: ReadonlySet<string>;
}

/**
 * Without quotes a glob is the shell's: `packages/*\/src` becomes those folders, and sh reads `**` as `*`. Files alone stay
 * a glob, which is shorter and says the same. Only when nothing matches does the tool get the glob as it is written.
 */
function shellGlob({ text, glob, dynamic }: Word, dir: string, { paths, folders }: Disk): string[] {
  if (!glob || dynamic || text.startsWith('-')) return [text];
  const single = text.replace(/\*{2,}/g, '*');
  const isMatch = picomatch(single.replace(/^\.\//, ''), { nobrace: true, noextglob: true, noglobstar: true });
  const matches = paths.filter((path) => path !== dir && isWithin(dir, path) && isMatch(relativeTo(dir, path)));
  if (matches.length === 0) return [text];
  return matches.some((path) => folders.has(path))
    ? matches.map((path) => relativeTo(dir, path)).sort(compareText)
    : [single];
}

function byTool(calls: readonly ToolCall[]): ReadonlyMap<string, readonly ToolCall[]> {
  const map = new Map<string, ToolCall[]>();
  for (const call of calls) {
    const same = map.get(call.tool);
    if (same === undefined) map.set(call.tool, [call]);
    else if (!same.some((other) => isSame(other, call))) same.push(call);
  }
  return map;
}

function isSame(a: ToolCall, b: ToolCall): boolean {
  const key = ({ args, dir, glob, script, env }: ToolCall): string => JSON.stringify([args, dir, glob, script, env]);
  return key(a) === key(b);
}
