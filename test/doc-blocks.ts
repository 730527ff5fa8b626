/** Code blocks of the README and the docs, and a project on which their commands are run. */
import { cpSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Ended, PACKAGE_FOLDER, quality } from './quality.js';
import { git, temporaryFolder } from './rig.js';

export interface Block {
  /** The file that it stands in, relative to the package. */
  readonly file: string;
  readonly language: string;
  readonly text: string;
}

export const DOCS = readdirSync(join(PACKAGE_FOLDER, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => `docs/${name}`);

export function textOf(file: string): string {
  return readFileSync(join(PACKAGE_FOLDER, file), 'utf8');
}

export function blocksOf(file: string): Block[] {
  return [...textOf(file).matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    file,
    language,
    text,
  }));
}

/** Lines of all blocks of this language. */
export function linesOf(blocks: readonly Block[], language: string): string[] {
  return blocks
    .filter((block) => block.language === language)
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => line.trim() !== '');
}

/** The sample of the package as a repository of two commits. */
export function sample(): string {
  const folder = temporaryFolder();
  cpSync(join(PACKAGE_FOLDER, 'fixtures/sample'), folder, { recursive: true });
  symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'));
  // Reports are no files of the project.
  writeFileSync(join(folder, '.gitignore'), 'node_modules\nout.*\na.html\nreport\n');
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=start');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message=again');
  return folder;
}

/** `quality diff 20261121-101500-ab12  # comment`: runs it, on a run that there is, and expects that it does its work. */
export function runLine(folder: string, line: string): Ended {
  const words = line.split('#')[0]?.trim().split(/\s+/).slice(1) ?? [];
  const isRun = /^\d{8}(-\d{6}-\w{4})?$/;
  const runs = words.some((word) => isRun.test(word)) ? readdirSync(join(folder, '.quality/runs')).sort() : [];
  const ended = quality(folder, ...words.map((word) => (isRun.test(word) ? (runs.at(-1) ?? word) : word)));
  expect({ line, code: ended.code, err: ended.err }).toMatchObject({ line, code: ended.code === 0 ? 0 : 1 });
  expect({ line, err: ended.err }).not.toMatchObject({
    err: expect.stringMatching(/^(error|This is a bug)/m) as string,
  });
  return ended;
}
