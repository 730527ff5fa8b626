/** Which of the lines that run before a commit quality does as well, and which have to stay. */
import { invocationsOf, scriptsOf } from '../tools/calls/scripts.js';
import { PRESETS } from '../tools/presets/all.js';
import { TOOLS } from '../tools/all.js';
import type { CommitLine } from './commit-lines.js';
import { namedTasks, startedBy } from './monorepo.js';
import { type OwnCommand, ownCommandOf, unlikeOthers } from './own-command.js';
import { type Project, doesWorkOf, rolesOf } from './project.js';

/** What a line comes to: tools that quality runs itself, the project's tests, or something that only it can do. */
export type Meaning =
  | { readonly kind: 'tools'; readonly tools: readonly string[]; readonly types: boolean }
  | { readonly kind: 'tests' }
  /** A command of the project's own that the config will have. */
  | { readonly kind: 'own'; readonly command: OwnCommand }
  /** It starts what reads a list of its own: the lines of that list stand for it. */
  | { readonly kind: 'list' }
  | { readonly kind: 'other'; readonly programs: readonly string[] };

export interface TakenOver extends CommitLine {
  readonly meaning: Meaning;
}

interface Called {
  readonly tool: string;
  readonly words: string;
}

export async function meaningOf(line: CommitLine, project: Project, isTested: boolean): Promise<Meaning> {
  if (line.line === null) return { kind: 'other', programs: [] };
  if (isTested && /^(?:npm|pnpm|yarn|bun)(?: run)? (?:test|t)$/.test(line.line)) return { kind: 'tests' };
  const called = (await calledBy(line.line, line.dir, project)).filter(
    ({ tool, words }) => !IDLE.test(`${tool} ${words}`),
  );
  if (called.length === 0) return unreadable(line, project);
  if (called.every(({ tool }) => LISTS.has(tool))) return { kind: 'list' };
  const tools = called.map((one) => toolNamesOf(one).filter((name) => doesWorkOf(name, project)));
  const others = called.flatMap(({ tool }, at) => (tools[at]?.length === 0 ? [tool] : []));
  if (others.length > 0) return asOwn(line, project) ?? { kind: 'other', programs: others };
  const names = [...new Set(tools.flat())];
  return { kind: 'tools', tools: names, types: names.some((name) => rolesOf(name).includes('types')) };
}

/** Every program that the line comes to; what runs tasks in all packages stands for what it starts there. */
async function calledBy(line: string, dir: string, { view }: Project): Promise<readonly Called[]> {
  const root = view.packages.find((one) => one.dir === '');
  const called = invocationsOf(line, dir, root === undefined ? undefined : scriptsOf(root));
  const expanded = await Promise.all(
    called.map(async (one) => {
      const tasks = namedTasks(
        one.tool,
        one.args.map(({ text }) => text),
      );
      return (await startedBy(tasks, view)) ?? [one];
    }),
  );
  return expanded.flat().map(({ tool, args }) => ({ tool, words: args.map(({ text }) => text).join(' ') }));
}

/** They start what a list of their own says. */
const LISTS = new Set(['lint-staged', 'nano-staged', 'lefthook', 'pre-commit', 'husky']);
/** The hook adds what it has changed by itself. */
const IDLE = /^(?:git (?:add|update-index)\b|echo\b|true\b|exit\b)/;

function unreadable(line: CommitLine, project: Project): Meaning {
  const words = line.line ?? '';
  return IDLE.test(words) ? { kind: 'list' } : (asOwn(line, project) ?? { kind: 'other', programs: [words] });
}

function asOwn(line: CommitLine, project: Project): Meaning | null {
  const command = ownCommandOf(line, project);
  return command === null ? null : { kind: 'own', command };
}

/** No two commands have one name. */
export function withOwnNames(lines: readonly TakenOver[]): readonly TakenOver[] {
  const kept = lines.map((line) => (stagesOthers(line, lines) ? { ...line, meaning: asItIs(line) } : line));
  const commands = [...unlikeOthers(kept.flatMap(({ meaning }) => (meaning.kind === 'own' ? meaning.command : [])))];
  return kept.map((line) => {
    const command = line.meaning.kind === 'own' ? commands.shift() : undefined;
    return command === undefined ? line : { ...line, meaning: { kind: 'own', command } };
  });
}

/** The list adds files by name: what it starts writes others than those that it is given. */
function stagesOthers({ meaning, from, glob }: TakenOver, lines: readonly TakenOver[]): boolean {
  if (meaning.kind !== 'own') return false;
  const list = lines.filter((line) => line.from === from && line.glob === glob);
  return list.some(({ line }) => /^git add\s+(?:--\s+)?[^-.\s]/.test(line ?? ''));
}

function asItIs({ line }: CommitLine): Meaning {
  return { kind: 'other', programs: line === null ? [] : [line] };
}

/** What a program and its words are called here. */
function toolNamesOf({ tool, words }: Called): string[] {
  if (tool === 'vue-tsc' || tool === 'tsgo') return ['tsc'];
  const presets = PRESETS.filter(({ evidence }) =>
    evidence.calls?.some((call) => call.tool === tool && call.args?.test(words) !== false),
  ).map(({ name }) => name);
  return presets.length > 0 ? presets : TOOLS.filter(({ name }) => name === tool).map(({ name }) => name);
}
