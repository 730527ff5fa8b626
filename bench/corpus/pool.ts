/**
 * The sources, prepared once: formatted, without anything to clean up, and without the few files that Prettier or ESLint
 * have something to say about. What a scenario wants to be found is put in by the scenario.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BENCH, KEPT, PACKAGES, quality, tool } from '../places.js';
import { configFiles } from './configs.js';
import { listSources } from './sources.js';

export interface Pool {
  readonly folder: string;
  readonly paths: readonly string[];
}

/** To be changed with the way in which sources are prepared. */
const PREPARATION = '1';
const LIST = 'list.json';

export function openPool(say: (text: string) => void): Pool {
  const lock = readFileSync(join(BENCH, 'package-lock.json'));
  const folder = join(KEPT, createHash('sha256').update(PREPARATION).update(lock).digest('hex').slice(0, 16));
  if (!existsSync(folder)) {
    say('Preparing the sources of the corpora: once, takes some minutes');
    prepare(`${folder}.new`);
    renameSync(`${folder}.new`, folder);
  }
  return { folder, paths: JSON.parse(readFileSync(join(folder, LIST), 'utf8')) as string[] };
}

function prepare(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const sources = listSources();
  for (const { from, path } of sources) write(join(folder, path), withoutDirectives(readFileSync(from, 'utf8')));
  for (const [path, text] of Object.entries(configFiles('lint'))) write(join(folder, path), text);
  symlinkSync(PACKAGES, join(folder, 'node_modules'), 'junction');
  call(folder, [...tool('prettier'), '--log-level=error', '--write', 'packages']);
  call(folder, quality('run', '--only', 'cleanup', '--gate', 'syntax', '--quiet'));
  const bad = new Set([...unformatted(folder), ...unlinted(folder)]);
  rmSync(join(folder, '.quality'), { recursive: true });
  write(join(folder, LIST), JSON.stringify(sources.map(({ path }) => path).filter((path) => !bad.has(path))));
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What a source says to a linter of its own names rules that are not here. */
function withoutDirectives(text: string): string {
  return text
    .replaceAll(/\beslint-(disable|enable|env)/g, 'lint-$1')
    .replaceAll(/\/\*\s*eslint\s/g, '/* lint ')
    .replaceAll('prettier-ignore', 'format-ignore');
}

function unformatted(folder: string): string[] {
  return call(folder, [...tool('prettier'), '--list-different', 'packages']).split('\n');
}

function unlinted(folder: string): string[] {
  const found = JSON.parse(call(folder, [...tool('eslint'), '--format', 'json', 'packages'])) as {
    readonly filePath: string;
    readonly messages: readonly unknown[];
  }[];
  return found.filter(({ messages }) => messages.length > 0).map(({ filePath }) => filePath.slice(folder.length + 1));
}

/** 1 says that something was found, which is asked for here. */
function call(folder: string, [program = '', ...words]: readonly string[]): string {
  try {
    return execFileSync(program, words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28, stdio: PIPED });
  } catch (error) {
    const { status, stdout } = error as { readonly status: number | null; readonly stdout: string };
    if (status !== 1) throw error;
    return stdout;
  }
}

const PIPED: ('ignore' | 'pipe' | 'inherit')[] = ['ignore', 'pipe', 'inherit'];
