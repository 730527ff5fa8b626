/** What the project's ignore files leave out, told without loading Prettier; when it runs, its own word counts. */
import createIgnore from 'ignore';
import { basename, folderOf, isWithin, posix, relativeTo } from '../../host/paths.js';
import type { ProjectView } from '../tool.js';
import type { PrettierCall } from './calls.js';

/** Lines of ignore files, by workspace path; in the options of a use. */
export type IgnoreFiles = Readonly<Record<string, string>>;

/** Names of the ignore files that a call heeds, relative to its folder. Prettier 2 heeds the last one named. */
export function ignoreNames({ ignorePaths }: PrettierCall, version: string): readonly string[] {
  if (version.startsWith('2.')) return (ignorePaths ?? ['.prettierignore']).slice(-1);
  return ignorePaths ?? ['.gitignore', '.prettierignore'];
}

/** Without .gitignore: hardly a file of the workspace is ignored by git, and each rule costs a look at each file. */
export async function readIgnoreFiles(project: ProjectView, paths: readonly string[]): Promise<IgnoreFiles> {
  const telling = [...new Set(paths)].filter((path) => basename(path) !== '.gitignore');
  const entries = await Promise.all(
    telling.map(async (path) => [path, lines((await project.readText(path)) ?? '')] as const),
  );
  return Object.fromEntries(entries.filter(([, text]) => text !== ''));
}

function lines(text: string): string {
  const telling = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return telling.join('\n');
}

export function isIgnored(file: string, paths: readonly string[], texts: IgnoreFiles): boolean {
  return paths.some((path) => {
    const text = texts[path];
    return text !== undefined && matcherOf(text)(seenFrom(folderOf(path), file));
  });
}

function seenFrom(folder: string, file: string): string {
  return isWithin(folder, file) ? relativeTo(folder, file) : posix.relative(folder, file);
}

type Matcher = (path: string) => boolean;

const matchers = new Map<string, Matcher>();

function matcherOf(text: string): Matcher {
  const matcher = matchers.get(text) ?? createMatcher(text);
  matchers.set(text, matcher);
  return matcher;
}

/** Each step of a plan asks about each file again. */
function createMatcher(text: string): Matcher {
  const rules = createIgnore({ allowRelativePaths: true }).add(text);
  const answers = new Map<string, boolean>();
  return (path) => {
    const answer = answers.get(path) ?? rules.ignores(path);
    answers.set(path, answer);
    return answer;
  };
}
