/** A scenario on disk. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Content, PlannedFile } from './contents.js';
import type { Committing } from './draw-commits.js';
import { git } from './git.js';
import { CHANGE_SH, TEST_SH, TOOLS_FOLDER } from './order.js';
import type { Scenario } from './scenario.js';
import type { DoneAdd, DoneEdit } from './user-edit.js';

export interface World {
  /** Everything of this scenario is in here. */
  readonly folder: string;
  /** Top of the work tree. */
  readonly top: string;
  /** What the command works on, and where it is called. */
  readonly target: string;
  readonly calledIn: string;
  /** The work tree's own git folder, and the one with the objects; null without a repository. */
  readonly gitDir: string | null;
  readonly commonDir: string | null;
  readonly temp: string;
  /** What the user has done in this work tree, in this order. */
  readonly deeds: Deeds;
  /** Another work tree of the same repository. */
  readonly sibling: World | null;
}

export interface Deeds {
  readonly edits: DoneEdit[];
  readonly adds: DoneAdd[];
}

type Stage = 'committed' | 'staged' | 'work';

export function buildWorld(scenario: Scenario): World {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'quality-chaos-')));
  const first = join(folder, 'repository');
  for (const name of ['repository', 'tools', 'temp']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'outside.js'), 'export const outside   = 1\n');
  const files = scenario.files.map((file) => filledIn(file, join(folder, 'tools')));
  const top = scenario.head === 'none' ? first : buildRepository(scenario, files, first);
  materialize(top, files, 'work', scenario.head === 'none' ? null : 'staged');
  writeTools(folder, scenario, files);
  const inGit = scenario.head !== 'none';
  const place = { folder, commonDir: inGit ? join(first, '.git') : null, temp: join(folder, 'temp') };
  const sibling = scenario.committing?.sibling === true ? buildSibling(scenario.committing, place, top) : null;
  const target = join(top, scenario.below);
  const calledIn = join(top, scenario.calledIn);
  for (const one of [target, calledIn]) mkdirSync(one, { recursive: true });
  if (scenario.merging) writeFileSync(join(top, '.git', 'MERGE_HEAD'), git(top, ['rev-parse', 'HEAD']));
  const gitDir = inGit ? gitDirOf(top) : null;
  return { ...place, top, target, calledIn, gitDir, deeds: { edits: [], adds: [] }, sibling };
}

function gitDirOf(top: string): string {
  return resolve(top, git(top, ['rev-parse', '--git-dir']).trim());
}

/** What is committed, and on top of it what is staged and worked on in both. */
function buildSibling(
  { files }: Committing,
  place: Pick<World, 'folder' | 'commonDir' | 'temp'>,
  first: string,
): World {
  const top = join(place.folder, 'sibling');
  git(first, ['worktree', 'add', '--quiet', '-b', 'sibling', top]);
  materialize(top, files, 'staged', 'committed');
  git(top, ['add', '--all']);
  materialize(top, files, 'work', 'staged');
  return {
    ...place,
    top,
    target: top,
    calledIn: top,
    gitDir: gitDirOf(top),
    deeds: { edits: [], adds: [] },
    sibling: null,
  };
}

export function removeWorld(world: World): void {
  rmSync(world.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

function filledIn(file: PlannedFile, tools: string): PlannedFile {
  if (!file.path.endsWith('.quality-config.json')) return file;
  const fill = (content: Content | null): Content | null =>
    content === null
      ? null
      : { ...content, bytes: Buffer.from(content.bytes.toString('utf8').replaceAll(TOOLS_FOLDER, tools)) };
  return { ...file, committed: fill(file.committed), staged: fill(file.staged), work: fill(file.work) };
}

/** Returns the work tree to use. */
function buildRepository(scenario: Scenario, files: readonly PlannedFile[], first: string): string {
  git(first, [
    'init',
    '--quiet',
    '--template=',
    '--initial-branch=main',
    `--object-format=${scenario.sha256 ? 'sha256' : 'sha1'}`,
  ]);
  const config = [
    ['core.autocrlf', scenario.autocrlf],
    ['core.safecrlf', 'false'],
    ['filter.upper.clean', 'tr a-z A-Z'],
    ['filter.upper.smudge', 'cat'],
  ] as const;
  writeFileSync(join(first, '.git', 'config.more'), '');
  for (const [name, value] of config) git(first, ['config', name, value]);
  rmSync(join(first, '.git', 'config.more'));
  const top = scenario.linkedWorktree ? linkedTree(first) : first;
  if (scenario.head !== 'unborn') {
    materialize(top, files, 'committed', null);
    git(top, ['add', '--all']);
    git(top, ['commit', '--quiet', '--allow-empty', '--no-verify', '--message=start']);
    if (scenario.head === 'detached') git(top, ['checkout', '--quiet', '--detach']);
    if (scenario.stash) addStash(top);
  }
  materialize(top, files, 'staged', scenario.head === 'unborn' ? null : 'committed');
  git(top, ['add', '--all']);
  const intents = files.filter((file) => file.intentToAdd === true);
  materialize(top, intents, 'work', null);
  if (intents.length > 0)
    git(top, ['add', '-N', '--pathspec-from-file=-', '--pathspec-file-nul'], intents.map((one) => one.path).join('\0'));
  return top;
}

function linkedTree(first: string): string {
  const top = join(first, '..', 'linked tree');
  git(first, ['commit', '--quiet', '--allow-empty', '--no-verify', '--message=root']);
  git(first, ['worktree', 'add', '--quiet', '-b', 'linked', top]);
  return top;
}

function addStash(top: string): void {
  const scratch = join(top, 'stashed.txt');
  writeFileSync(scratch, 'stashed\n');
  git(top, ['add', '--', 'stashed.txt']);
  git(top, ['stash', 'push', '--quiet']);
}

/** Makes the files what they are at this stage, given that they are as at the other one. */
function materialize(top: string, files: readonly PlannedFile[], stage: Stage, from: Stage | null): void {
  for (const file of files) {
    const content = file[stage];
    const before = from === null ? null : file[from];
    if (content === before) continue;
    const path = join(top, file.path);
    if (before !== null || content !== null) rmSync(path, { force: true });
    if (content !== null) put(path, content);
  }
}

function put(path: string, content: Content): void {
  mkdirSync(dirname(path), { recursive: true });
  if (content.link !== undefined) {
    symlinkSync(content.link, path);
    return;
  }
  writeFileSync(path, content.bytes);
  if ((statSync(path).mode & 0o777) !== content.mode) chmodSync(path, content.mode);
}

function writeTools(folder: string, scenario: Scenario, files: readonly PlannedFile[]): void {
  const tools = join(folder, 'tools');
  writeFileSync(join(tools, 'change.sh'), CHANGE_SH);
  writeFileSync(join(tools, 'test.sh'), TEST_SH);
  for (const [index, path] of scenario.order.guarded.entries())
    writeFileSync(
      join(tools, `guarded-${String(index)}`),
      files.find((file) => file.path === path)?.work?.bytes ?? Buffer.alloc(0),
    );
}
