/** Turborepo, Nx and Lerna: what a line of theirs comes to in the packages, and the tests that they know of. */
import { posix } from '../host/paths.js';
import { type Invocation, invocationsOf, scriptsOf } from '../tools/calls/scripts.js';
import type { ProjectView } from '../tools/tool.js';

/** `turbo run lint test`, `nx run-many -t lint`, `nx affected --target=lint`, `lerna run lint`: names of tasks. */
export function namedTasks(tool: string, words: readonly string[]): readonly string[] {
  const named = words.filter((word) => !word.startsWith('-'));
  if (tool === 'turbo') return named.filter((word, at) => at > 0 || word !== 'run');
  if (tool === 'lerna') return named[0] === 'run' ? named.slice(1, 2) : [];
  if (tool !== 'nx') return [];
  if (named[0] !== 'run-many' && named[0] !== 'affected') return named.slice(0, 1);
  return words.flatMap((word, at) => {
    const inline = /^(?:-t|--targets?)=(.+)$/.exec(word)?.[1];
    return (inline ?? (/^(?:-t|--targets?)$/.test(word) ? words[at + 1] : undefined))?.split(',') ?? [];
  });
}

/** All that these tasks start, in any package; null where nobody knows of one of them. */
export async function startedBy(tasks: readonly string[], view: ProjectView): Promise<readonly Invocation[] | null> {
  const started = await Promise.all(tasks.map((task) => startedByOne(task, view)));
  return started.length === 0 || started.some((one) => one.length === 0) ? null : started.flat();
}

async function startedByOne(task: string, view: ProjectView): Promise<Invocation[]> {
  const ofScripts = view.packages.flatMap((one) => {
    const scripts = scriptsOf(one);
    return invocationsOf(scripts.get(task) ?? '', one.dir, scripts);
  });
  return [...ofScripts, ...(await nxTargets(task, view))].filter(({ tool }) => !RUNNERS.has(tool));
}

const RUNNERS: ReadonlySet<string> = new Set(['turbo', 'nx', 'lerna']);

/** What executors and plugins of Nx start. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/eslint|\/linter/, 'eslint'],
  [/:tsc$|typescript/, 'tsc'],
  [/vite:test|vitest/, 'vitest'],
  [/jest/, 'jest'],
  [/playwright/, 'playwright'],
];

async function nxTargets(task: string, view: ProjectView): Promise<Invocation[]> {
  const own = await Promise.all(view.filesNamed('project.json').map((path) => targetIn(path, task, view)));
  const inferred = view.hasFile('nx.json') ? await inferredBy(task, view) : [];
  return [...own.flat(), ...inferred];
}

interface Target {
  readonly executor?: unknown;
  readonly command?: unknown;
  readonly options?: { readonly command?: unknown; readonly commands?: unknown; readonly cwd?: unknown };
}

async function targetIn(path: string, task: string, view: ProjectView): Promise<Invocation[]> {
  const project = (await readJson(path, view)) as { readonly targets?: Readonly<Record<string, Target>> } | null;
  const target = project?.targets?.[task];
  if (target === undefined) return [];
  const { options } = target;
  const several: unknown[] = Array.isArray(options?.commands) ? options.commands : [];
  const written = [target.command, options?.command, ...several];
  const lines = written.flatMap((one) => (typeof one === 'string' ? [one] : []));
  if (lines.length > 0) return lines.flatMap((line) => invocationsOf(line, ''));
  return programFor(String(target.executor), posix.dirname(path));
}

function programFor(executor: string, dir: string): Invocation[] {
  const tool = PROGRAMS.find(([sign]) => sign.test(executor))?.[1];
  return tool === undefined ? [] : [{ tool, args: [], env: {}, dir: dir === '.' ? '' : dir, repeated: false }];
}

/** Plugins make a target for every project that has the tool's config. */
async function inferredBy(task: string, view: ProjectView): Promise<Invocation[]> {
  const nx = (await readJson('nx.json', view)) as { readonly plugins?: unknown } | null;
  const plugins: unknown[] = Array.isArray(nx?.plugins) ? nx.plugins : [];
  return plugins.flatMap((plugin) => {
    const { plugin: name, options = {} } =
      typeof plugin === 'string' ? { plugin } : (plugin as { plugin?: unknown; options?: Record<string, unknown> });
    const targets = [...Object.values(options), ...(USUAL.find(([sign]) => sign.test(String(name)))?.[1] ?? [])];
    return targets.includes(task) ? programFor(String(name), '') : [];
  });
}

/** How plugins call their targets unless they are told otherwise. */
const USUAL: readonly (readonly [RegExp, readonly string[]])[] = [
  [/eslint/, ['lint']],
  [/vite|jest/, ['test']],
  [/typescript/, ['typecheck']],
];

async function readJson(path: string, view: ProjectView): Promise<unknown> {
  const { parse } = await import('jsonc-parser');
  return parse((await view.readText(path)) ?? 'null') as unknown;
}

/** The file that says so and the line that starts the task in all packages; null where there is no such task. */
export async function taskEverywhere(
  task: string,
  view: ProjectView,
): Promise<{ readonly from: string; readonly run: readonly string[] } | null> {
  if (view.hasFile('turbo.json')) {
    const turbo = (await readJson('turbo.json', view)) as Readonly<Record<string, object | undefined>> | null;
    const tasks = { ...turbo?.pipeline, ...turbo?.tasks };
    return Object.hasOwn(tasks, task) ? { from: `turbo.json ${task}`, run: ['turbo', 'run', task] } : null;
  }
  const isNx = view.hasFile('nx.json') && (await startedByOne(task, view)).length > 0;
  return isNx ? { from: `nx.json, target ${task}`, run: ['nx', 'run-many', '-t', task] } : null;
}
