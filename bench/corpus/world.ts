/** Working copies of corpora: real repositories in temporary folders. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from '../measure/tree.js';
import { PACKAGES } from '../places.js';
import { type Kind, configFiles } from './configs.js';
import { type Pool, write } from './pool.js';

export interface World {
  readonly folder: string;
  /** For what tools keep between runs: beside the working copy, so that it is no part of it. */
  readonly scratch: string;
  /** Sources, relative to the folder. */
  readonly paths: readonly string[];
}

export interface Wanted {
  readonly size: number;
  readonly kind: Kind;
  /** What is to be found by the run, by path; the sources as they are without it. */
  readonly spoil?: (path: string, text: string, number: number) => string;
  /** Further files. */
  readonly files?: Readonly<Record<string, string>>;
}

const made: string[] = [];

export function makeWorld(pool: Pool, { size, kind, spoil, files }: Wanted): World {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'quality-bench-')));
  made.push(home);
  const world = { folder: join(home, 'corpus'), scratch: join(home, 'scratch'), paths: pathsOf(pool, size) };
  mkdirSync(world.scratch);
  world.paths.forEach((path, number) => {
    const text = sourceOf(pool, path);
    write(join(world.folder, path), spoil === undefined ? text : spoil(path, text, number));
  });
  for (const [path, text] of Object.entries({ ...configFiles(kind), ...files })) write(join(world.folder, path), text);
  symlinkSync(PACKAGES, join(world.folder, 'node_modules'), 'junction');
  git(world.folder, 'init', '--quiet', '--initial-branch=main');
  git(world.folder, 'add', '--all');
  git(world.folder, 'commit', '--quiet', '--message=corpus');
  return world;
}

/** As it was committed, and as if no tool had ever run there. */
export function startAgain(world: World): void {
  git(world.folder, 'reset', '--quiet', '--hard');
  git(world.folder, 'clean', '--quiet', '-ffd');
  forget(world);
}

/** Takes away what tools have kept. */
function forget({ folder, scratch }: World): void {
  rmSync(join(folder, '.quality'), { recursive: true, force: true });
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
}

export function removeWorlds(): void {
  for (const home of made.splice(0)) rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}

const COPY = /^copy-(\d+)\//;

/** Beyond the sources that there are, copies of them follow, each with another first line: no content is there twice. */
function pathsOf({ paths }: Pool, size: number): string[] {
  return Array.from({ length: size }, (_, number) => {
    const path = paths[number % paths.length] ?? '';
    const copy = Math.floor(number / paths.length);
    return copy === 0 ? path : `copy-${String(copy)}/${path}`;
  });
}

function sourceOf({ folder }: Pool, path: string): string {
  const copy = COPY.exec(path);
  const text = readFileSync(join(folder, path.replace(COPY, '')), 'utf8');
  return copy === null ? text : `// copy ${copy[1] ?? ''}\n${text}`;
}
