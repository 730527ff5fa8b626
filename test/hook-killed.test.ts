/** Killed at any instant: index and files are all as before or all as after, once another command has looked. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { blobsIn, hookEnvironment, hooked, onDisk, run } from './hook-rig.js';
import { PACKAGE_FOLDER, quality } from './quality.js';
import { copyOf, git, temporaryFolder, writeTree } from './rig.js';

const M = 'export const a   =  1\n';
const N = 'export const a = 1;\n';
const PARTS = 'export const a   =  1\n\nfunction f() {}\n\nfunction g() {}\n\nfunction h() {}\n';
const PARTS_NEAT = PARTS.replace(M, N);
const PATHS = ['a.js', 'part.js', 'far/b.js'];

const DIE = pathToFileURL(join(PACKAGE_FOLDER, 'test/fixtures-tools/die-at.mjs')).href;

function world(): string {
  const folder = hooked({ 'a.js': 'old();\n', 'part.js': 'old();\n' });
  writeTree(folder, { 'a.js': M, 'part.js': PARTS, 'far/b.js': M });
  git(folder, 'add', '--all');
  writeTree(folder, { 'part.js': `${PARTS}mine()\n` });
  return folder;
}

interface State {
  readonly index: readonly unknown[];
  readonly disk: readonly unknown[];
}

function stateOf(folder: string): State {
  const index = blobsIn(folder, '');
  return { index: PATHS.map((path) => index[path]), disk: PATHS.map((path) => onDisk(folder, path)) };
}

const file = (content: string): string => `100644 ${content}`;
const DISK_BEFORE = [M, `${PARTS}mine()\n`, M].map(file);
const BEFORE: State = { index: [M, PARTS, M].map(file), disk: DISK_BEFORE };
const AFTER: State = { index: [N, PARTS_NEAT, N].map(file), disk: [N, `${PARTS_NEAT}mine()\n`, N].map(file) };

/** How many moments there are, from a commit that nobody kills. */
function momentsOf(start: string, args: readonly string[]): number {
  const folder = copyOf(start);
  const counted = join(temporaryFolder(), 'count');
  const env = { NODE_OPTIONS: `--import=${DIE}`, DIE_COUNT: counted };
  expect(run(folder, args, env)).toMatchObject({ code: 0 });
  return Number(readFileSync(counted, 'utf8'));
}

function leftovers(folder: string): string[] {
  return readdirSync(join(folder, '.git')).filter((name) => /quality-|\.lock$/.test(name));
}

/** 1 looks at all moments, and takes minutes. */
const EVERY = Number(process.env.KILL_EVERY ?? '9');

/** The hook has done its work when its mark is gone. */
function isMarked(folder: string): boolean {
  const runs = join(folder, '.quality/runs');
  return readdirSync(runs).some((name) => existsSync(join(runs, name, 'unproven.json')));
}

describe.each([
  { what: 'commit', args: ['commit', '--quiet', '-m', 'x'], after: AFTER },
  {
    what: 'commit of one file, from an index of its own that goes with it',
    args: ['commit', '--quiet', '-m', 'x', '--only', 'a.js'],
    after: { index: BEFORE.index, disk: [AFTER.disk[0], ...BEFORE.disk.slice(1)] },
  },
])('a $what, killed', ({ what, args, after }) => {
  it('is as before or as after', () => {
    const start = world();
    const moments = momentsOf(start, args);
    expect(moments).toBeGreaterThan(20);
    for (let moment = 1 + (moments % EVERY); moment <= moments; moment += EVERY) {
      const folder = copyOf(start);
      const ended = run(folder, args, { NODE_OPTIONS: `--import=${DIE}`, DIE_AT: String(moment) });
      const isDone = !isMarked(folder);
      const looked = quality(folder, 'runs');
      expect([moment, ended.code, looked.code]).toEqual([moment, 1, 0]);
      const allowed = what === 'commit' || isDone ? [BEFORE, after] : [BEFORE];
      const state = stateOf(folder);
      const isKnown = allowed.some((one) => JSON.stringify(one) === JSON.stringify(state));
      expect({ moment, state: isKnown ? 'known' : state, left: leftovers(folder) }).toEqual({
        moment,
        state: 'known',
        left: [],
      });
      rmSync(folder, { recursive: true });
    }
  });
});

/** Stops git while the hook waits at this moment; false where there is no such moment. A `kill -9` takes the hook with it. */
async function stopGitAt(folder: string, moment: string, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<boolean> {
  const held = join(temporaryFolder(), 'held');
  const env = { NODE_OPTIONS: `--import=${DIE}`, HOLD_AT: moment, HOLD_FILE: held };
  const args = ['commit', '--quiet', '-m', 'x', '--only', 'a.js'];
  // What the hook prints ends with the hook, also after git.
  const child = spawn('git', args, {
    cwd: folder,
    env: hookEnvironment(env),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stderr.resume();
  while (child.exitCode === null && !existsSync(`${held}-0`)) await sleep(5);
  if (child.exitCode !== null) return false;
  process.kill(signal === 'SIGKILL' ? -(child.pid ?? 0) : (child.pid ?? 0), signal);
  while (child.signalCode === null) await sleep(5);
  rmSync(`${held}-0`);
  await ended;
  return true;
}

describe('git, stopped while the hook has to do with its locks', () => {
  it('finds no lock when it is called again, and what was staged staged as it was', async () => {
    const start = world();
    // Before each call, from the first that may change a lock; the ones before only make files of our own.
    for (let moment = 5, isThere = true; isThere; moment += 2) {
      const folder = copyOf(start);
      isThere = await stopGitAt(folder, `.lock#${String(moment)}`);
      expect([moment, leftovers(folder)]).toEqual([moment, []]);
      if (isThere) expect([moment, stateOf(folder).index]).toEqual([moment, BEFORE.index]);
      else expect(moment).toBeGreaterThan(8);
    }
  });
});

describe('a file that is written into after the hook was killed between two names of it', () => {
  it('keeps what was written, under its own name alone', async () => {
    const folder = copyOf(world());
    expect(await stopGitAt(folder, '.tmp~#2', 'SIGKILL')).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp~'))).toHaveLength(1);
    writeTree(folder, { 'a.js': 'mine();\n' });
    expect(quality(folder, 'runs').code).toBe(0);
    expect(
      readdirSync(folder).filter((name) => name.startsWith('.quality-') && name !== '.quality-config.json'),
    ).toEqual([]);
    expect(onDisk(folder, 'a.js')).toBe(file('mine();\n'));
  });
});
