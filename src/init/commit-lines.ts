/** What runs before a commit today: lint-staged lists, and the hooks of husky, simple-git-hooks, lefthook, pre-commit. */
import { folderOf } from '../host/paths.js';
import { hookCommands } from '../tools/calls/hooks.js';
import { stagedCommands } from '../tools/calls/lists.js';
import type { ProjectView } from '../tools/tool.js';

export interface CommitLine {
  /** For people: "package.json lint-staged", ".husky/pre-commit". */
  readonly from: string;
  /** As a line of shell; null where the hook's own repository knows it. */
  readonly line: string | null;
  /** What it is called there. */
  readonly name: string;
  /** Workspace folder where it runs. */
  readonly dir: string;
  /** Globs of the files that it is for. */
  readonly glob?: string;
  /** Runs at a commit for certain: lefthook's file holds other hooks too. */
  readonly atCommit: boolean;
}

export const PRE_COMMIT_FILE = '.pre-commit-config.yaml';

export async function commitLines(view: ProjectView): Promise<readonly CommitLine[]> {
  const [staged, hooks, husky] = await Promise.all([stagedCommands(view), hookCommands(view), huskyLines(view)]);
  const unread = await unreadLists(view, new Set(staged.map(({ from }) => from)));
  const lists = staged.map(({ glob, command, from, dir }) => ({
    ...lineOf(from, command, dir),
    glob,
    name: `${glob}: ${command}`,
  }));
  const lefthook = hooks
    .filter(({ from }) => !from.startsWith(PRE_COMMIT_FILE))
    .map(({ line, from }) => ({ ...lineOf(from, line, ''), atCommit: false }));
  const known = hooks.filter(({ from }) => from.startsWith(PRE_COMMIT_FILE));
  return [...lists, ...unread, ...husky, ...manifestLines(view), ...lefthook, ...(await preCommitLines(view, known))];
}

const LIST_SCRIPT = /(?:^|\/)(?:lint-staged\.config|\.lintstagedrc)\.[cm]?[jt]s$/;

/** A list that is a program: what its functions start, only running it would tell. */
async function unreadLists(view: ProjectView, read: ReadonlySet<string>): Promise<CommitLine[]> {
  const scripts = view.files.map(({ path }) => path).filter((path) => LIST_SCRIPT.test(path));
  const texts = await Promise.all(scripts.map(async (path) => ({ path, text: (await view.readText(path)) ?? '' })));
  return texts
    .filter(({ path, text }) => !read.has(path) || /=>|\bfunction\b|\.\.\.|\brequire\b|^import\s/m.test(text))
    .map(({ path }) => ({
      from: path,
      line: null,
      name: 'what it computes',
      dir: folderOf(path),
      glob: '*',
      atCommit: true,
    }));
}

function lineOf(from: string, line: string, dir: string): CommitLine {
  return { from, line, name: line, dir, atCommit: true };
}

/** What every hook of husky begins with, and what sets the scene. */
const SCENERY = /^(?:#|\.\s|source\s|set\s|export\s|exit\b|if\b|then$|else$|fi$|\[|cd\s|echo\s|$)/;

async function huskyLines(view: ProjectView): Promise<CommitLine[]> {
  const files = view.filesNamed('pre-commit').filter((path) => /(?:^|\/)\.husky$/.test(folderOf(path)));
  const texts = await Promise.all(files.map(async (path) => ({ path, text: (await view.readText(path)) ?? '' })));
  return texts.flatMap(({ path, text }) => shellLines(withoutOurs(text)).map((line) => lineOf(path, line, '')));
}

function withoutOurs(text: string): string {
  return text.replace(/^# >>> quality[^]*?^# <<< quality.*$/m, '');
}

function shellLines(text: string): string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => !SCENERY.test(line));
}

/** husky 4 and simple-git-hooks. */
function manifestLines({ packages }: ProjectView): CommitLine[] {
  const manifest = packages.find(({ dir }) => dir === '')?.manifest;
  const places: readonly (readonly [string, unknown])[] = [
    ['package.json husky', (manifest?.husky as { hooks?: unknown } | undefined)?.hooks],
    ['package.json simple-git-hooks', manifest?.['simple-git-hooks']],
  ];
  return places.flatMap(([from, hooks]) => {
    const line = (hooks as Readonly<Record<string, unknown>> | null | undefined)?.['pre-commit'];
    return typeof line === 'string' ? shellLines(line).map((one) => lineOf(from, one, '')) : [];
  });
}

/** Every hook by its id, with the line of those that are known. */
async function preCommitLines(
  view: ProjectView,
  known: readonly { readonly line: string; readonly from: string }[],
): Promise<CommitLine[]> {
  const text = view.hasFile(PRE_COMMIT_FILE) ? ((await view.readText(PRE_COMMIT_FILE)) ?? '') : '';
  const ids = [...text.matchAll(/^\s*-\s+id:\s*['"]?([\w./-]+)/gm)].map((match) => match[1] ?? '');
  return [...new Set(ids)].flatMap((id): CommitLine[] => {
    if (id === 'quality') return [];
    const line = known.find(({ from }) => from === `${PRE_COMMIT_FILE} ${id}`)?.line ?? null;
    return [{ from: PRE_COMMIT_FILE, line, name: id, dir: '', atCommit: true }];
  });
}
