/** In which folders of a workspace a tool runs, from where the project calls and configures it. */
import { isWithin } from '../host/paths.js';
import type { FileFacts } from '../model/file.js';
import { namedBy, type CalledFiles } from './called-files.js';
import { memberFolders } from './members.js';
import type { ProjectView, ToolCall } from './tool.js';

export interface FolderQuestion {
  readonly project: ProjectView;
  readonly calls: readonly ToolCall[];
  /** What the calls that count name in this folder; empty where none counts. */
  readonly filesCalled: (dir: string) => readonly CalledFiles[];
  /** Folders with a configuration, or with whatever else asks for the tool. */
  readonly configured: readonly string[];
  /** Is it a kind of file that the tool works on? */
  readonly isTarget: (file: FileFacts) => boolean;
}

/** Projects that test tools keep sample packages; those are not looked at as packages of their own. */
export function isSample(dir: string): boolean {
  return /(?:^|\/)(?:_*fixtures?_*|_*tests?_*|testdata|test-data|templates?|node_modules|spec)(?:\/|$)/.test(dir);
}

/**
 * The root, where its scripts call the tool, or where it has a configuration and does not leave the work to the scripts of
 * its packages. Other folders: those with calls of their own for files that the root's calls leave out; and where the root
 * does not ask, those with a configuration.
 */
export async function foldersOfUse(question: FolderQuestion): Promise<string[]> {
  const { project, calls, filesCalled } = question;
  const elsewhere = [...new Set(calls.map(({ dir }) => dir))].filter((dir) => dir !== '' && !isSample(dir));
  const called = elsewhere.filter((dir) => addsFiles(question, dir));
  if (filesCalled('').length > 0) return ['', ...called];
  if (!question.configured.includes('')) {
    return [...new Set([...called, ...outermost(question.configured.filter((dir) => !isSample(dir)))])];
  }
  const members = await memberFolders(project);
  return called.some((dir) => members.has(dir)) ? called : ['', ...called];
}

/** Does the folder's own call name a file that the root's calls do not? */
function addsFiles({ project, filesCalled, isTarget }: FolderQuestion, dir: string): boolean {
  const root = filesCalled('');
  const own = filesCalled(dir);
  return project.files.some(
    (file) =>
      isWithin(dir, file.path) &&
      isTarget(file) &&
      own.some((files) => namedBy(files, dir, file.path) !== null) &&
      !root.some((files) => namedBy(files, '', file.path) !== null),
  );
}

/** Those that do not lie in another one. */
function outermost(dirs: readonly string[]): string[] {
  return dirs.filter((dir) => !dirs.some((other) => other !== dir && isWithin(other, dir)));
}
