/** The tools that scenarios share. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../corpus/world.js';
import type { Command } from '../measure/command.js';
import type { Contender } from '../measure/contest.js';
import { quality, tool } from '../places.js';

export const prettierCheck = (...paths: readonly string[]): Command => ({
  words: [...tool('prettier'), '--check', ...paths],
});

export const eslint = (...words: readonly string[]): Command => ({ words: [...tool('eslint'), ...words] });

/** Prettier's experimental command line: faster than its own cache. */
export function prettierCached({ scratch }: World): Command {
  return {
    words: [...tool('prettier'), '--check', '--cache-location', join(scratch, 'prettier.json'), '.'],
    env: { PRETTIER_EXPERIMENTAL_CLI: '1' },
  };
}

export function eslintCached({ scratch }: World): Command {
  return eslint('--cache', '--cache-location', join(scratch, 'eslint.json'), '.');
}

export function ours(world: World, ...words: readonly string[]): Contender {
  return { name: 'quality', folder: world.folder, commands: [{ words: quality(...words) }] };
}

/** As if it had never run there. */
export const coldOurs = (world: World, ...words: readonly string[]): Contender => ({
  ...ours(world, ...words),
  before: () => rmSync(join(world.folder, '.quality'), { recursive: true, force: true }),
});

export const nodeAlone = (world: World): Contender => ({
  name: 'node -e 0',
  folder: world.folder,
  commands: [{ words: [process.execPath, '-e', '0'] }],
});

export const gitStatus = (world: World): Contender => ({
  name: 'git status',
  folder: world.folder,
  commands: [{ words: ['git', 'status', '--porcelain'] }],
});
