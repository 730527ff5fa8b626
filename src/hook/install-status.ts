/** Which hooks are there, whose they are, and whether quality would be found when git starts them. */
import { runProcess } from '../host/process.js';
import { type Result, failed, success } from '../model/result.js';
import { type Found, findHook } from './install-file.js';
import { HOOK_NAMES } from './install-names.js';
import { showPlace } from './install-outcome.js';
import { type HookPlace, findHookPlace } from './install-place.js';
import { type LauncherState, launcherPath, launcherState } from './launcher.js';
import { type Manager, callsQuality, findManager } from './managers.js';

export interface HookState {
  readonly hook: string;
  /** Relative to the work tree where it is in it. */
  readonly path: string;
  /** `quality`, a program that writes hooks, `other`; all of those that the hook runs. */
  readonly by: readonly string[];
  readonly optional: boolean;
  readonly executable: boolean;
}

export interface HookStatus {
  readonly folder: string;
  readonly owner: HookPlace['owner'];
  readonly husky: HookPlace['husky'];
  readonly manager: { readonly name: string; readonly file: string } | null;
  readonly hooks: readonly HookState[];
  readonly launcher: LauncherState;
  /** What the launcher finds in this environment, and in that of a program started without a shell; null: nothing. */
  readonly here: Reach;
  readonly bare: Reach;
  /** Why a hook of quality's would not do what it should. */
  readonly problems: readonly string[];
}

export interface Reach {
  readonly node: string | null;
  readonly program: string | null;
}

export async function hookStatus(cwd: string): Promise<Result<HookStatus>> {
  const place = await findHookPlace(cwd);
  if (!place.ok) return failed(place.failure);
  const { folder, owner, husky, repository } = place.value;
  const manager = await findManager(repository.workTree);
  const hooks = await statesOf(place.value, manager);
  const launcher = await launcherState(folder);
  const [here, bare] = await Promise.all([reach(place.value, {}), reach(place.value, { PATH: BARE_PATH })]);
  const status = {
    folder,
    owner,
    husky,
    manager: manager === null ? null : { name: manager.name, file: manager.file },
    hooks,
    launcher,
    here,
    bare,
  };
  return success({ ...status, problems: problemsOf(status) });
}

/** What programs get that no shell has started. */
const BARE_PATH = '/usr/bin:/bin';

async function statesOf(place: HookPlace, manager: Manager | null): Promise<HookState[]> {
  const states = await Promise.all(HOOK_NAMES.map((hook) => stateOf(place, manager, hook)));
  return states.filter((state) => state !== null);
}

async function stateOf(place: HookPlace, manager: Manager | null, hook: string): Promise<HookState | null> {
  const found = await findHook(place.folder, hook);
  const isManaged = manager !== null && callsQuality(manager.text, hook);
  const by = [...new Set([...ownersOf(found, hook), ...(isManaged ? [`quality by ${manager.name}`] : [])])];
  if (by.length === 0) return null;
  return {
    hook,
    path: found.kind === 'none' && manager !== null ? manager.file : showPlace(place, hook),
    by,
    optional: found.kind === 'ours' && found.block.optional,
    executable: place.husky !== null || ('executable' in found ? found.executable : true),
  };
}

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/lefthook/i, 'lefthook'],
  [/pre-commit\.com|pre_commit/, 'pre-commit'],
  [/simple-git-hooks|SIMPLE_GIT_HOOKS/, 'simple-git-hooks'],
  [/husky/i, 'husky'],
  [/yorkie/i, 'yorkie'],
  [/\bprek\b/, 'prek'],
  [/overcommit/i, 'overcommit'],
];

function ownersOf(found: Found, hook: string): string[] {
  if (found.kind === 'none') return [];
  if (found.kind === 'damaged') return ['damaged'];
  if (found.kind === 'ours') {
    const isAlone = !found.text
      .replace(/^#.*>>>[^]*<<<.*$/m, '')
      .replace(/^#!.*\n/, '')
      .trim();
    return ['quality', ...(isAlone && found.block.kept === null ? [] : ['other'])];
  }
  const named = SIGNS.find(([sign]) => sign.test(found.text))?.[1] ?? 'other';
  return callsQuality(found.text, hook) ? [`quality by ${named}`] : [named];
}

/** The launcher says itself what it would start. */
async function reach({ folder, repository }: HookPlace, env: Readonly<Record<string, string>>): Promise<Reach> {
  const shell = process.platform === 'win32' ? 'sh' : '/bin/sh';
  const result = await runProcess(shell, [launcherPath(folder)], { cwd: repository.workTree, env, timeoutMs: 10_000 });
  if (result.exitCode !== 0) return { node: null, program: null };
  const [node = '', program = ''] = result.stdout.toString('utf8').split('\n');
  return { node: node === '' ? null : node, program: program === '' ? null : program };
}

function problemsOf({ hooks, launcher, here, bare, husky }: Omit<HookStatus, 'problems'>): string[] {
  const ours = hooks.filter(({ by }) => by.includes('quality'));
  const damaged = hooks
    .filter(({ by }) => by.includes('damaged'))
    .map(({ path }) => `${path} has only part of what was added to it`);
  if (ours.length === 0) return damaged;
  const asleep = ours.filter(({ executable }) => !executable);
  return [
    ...damaged,
    ...asleep.map(({ path }) => `${path} is not executable: git does not run it`),
    ...(husky === 'asleep' ? ['husky is not switched on here: git does not run its hooks'] : []),
    ...launcherProblems(launcher, here, bare),
  ];
}

function launcherProblems(launcher: LauncherState, here: Reach, bare: Reach): string[] {
  if (launcher === 'missing' || launcher === 'foreign') return ['the launcher is missing'];
  return [
    ...(launcher === 'outdated' ? ['the launcher is of another version'] : []),
    ...(here.node === null ? ['node is not found'] : []),
    ...(here.program === null ? ['the package quality-orchestrator is not found'] : []),
    ...(here.node !== null && bare.node === null ? ['node is not found by programs that no shell has started'] : []),
  ];
}
