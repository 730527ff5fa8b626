/** Puts quality into the hooks of a repository; what others have there stays as it is. */
import { chmod, exists, makeFolder, rename } from '../host/disk.js';
import { join } from '../host/paths.js';
import { showWord } from '../host/process.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed } from '../model/result.js';
import { type Block, LAUNCHER_NAME, newHook, withBlock, withoutBlock } from './install-block.js';
import { readFacts, writeFacts } from './install-facts.js';
import { type Found, type OurHook, findHook, keptName, ourHooks, putHook } from './install-file.js';
import type { HookName } from './install-names.js';
import { type InstallOutcome, type InstallOutcomes, each, leftAlone, showPlace } from './install-outcome.js';
import { type HookPlace, findHookPlace } from './install-place.js';
import { unwritable } from './install-trouble.js';
import { removeTraces } from './install-remove.js';
import { writeLauncher } from './launcher.js';
import { callsQuality, findManager, hookCommand } from './managers.js';
import { joinManager } from './managers-join.js';

export interface HookRequest {
  readonly cwd: string;
  readonly hooks: readonly HookName[];
  /** Let git go on where the package is not installed. */
  readonly optional: boolean;
  /** Write git's own hook even where a program such as lefthook writes them. */
  readonly direct: boolean;
}

export async function installHooks(request: HookRequest): Promise<Result<InstallOutcomes, readonly Failure[]>> {
  const place = await findHookPlace(request.cwd);
  if (!place.ok) return failed([place.failure]);
  const { workTree } = place.value.repository;
  const manager = request.direct || place.value.husky !== null ? null : await findManager(workTree);
  return unwritable(workTree, async () => {
    if (manager !== null)
      return { outcomes: await each(request.hooks, (hook) => joinManager(workTree, manager, hook)), notices: [] };
    const outcomes = await installHere(place.value, request);
    return { outcomes, notices: noticesOf(place.value) };
  });
}

function noticesOf({ husky, owner, folder }: HookPlace): string[] {
  return [
    ...(husky === 'asleep' ? ['husky is not switched on here yet: `npx husky` (or the install script) does it'] : []),
    ...(owner === 'shared'
      ? [`${folder} serves other repositories too: in those that have not asked, the hook does nothing`]
      : []),
    ...(owner === 'work-tree' ? [`Commit what is new in ${showWord(folder)}, so that others have it as well`] : []),
  ];
}

async function installHere(place: HookPlace, request: HookRequest): Promise<readonly InstallOutcome[]> {
  const madeFolder = !(await exists(place.folder));
  await makeFolder(place.folder);
  const launcher = await writeLauncher(place.folder);
  if (launcher === 'foreign')
    return request.hooks.map((hook) => leftAlone(hook, `${showPlace(place, LAUNCHER_NAME)} is somebody else’s file`));
  const outcomes = await each(request.hooks, (hook) => installOne(place, hook, request.optional));
  const isNews = await remember(place, request.hooks, madeFolder);
  return isNews || launcher === 'outdated' ? outcomes.map(withNews) : outcomes;
}

/** True where something else than before is remembered. */
async function remember(place: HookPlace, asked: readonly HookName[], madeFolder: boolean): Promise<boolean> {
  const ours = await ourHooks(place.folder);
  const known = await readFacts(place);
  const hooks = ours.filter((hook) => asked.includes(hook) || known.hooks.includes(hook));
  if (hooks.length > 0) return writeFacts(place, { hooks, madeFolder: madeFolder || known.madeFolder });
  if (ours.length === 0) await removeTraces(place, madeFolder);
  return false;
}

function withNews(outcome: InstallOutcome): InstallOutcome {
  if (outcome.done !== 'unchanged') return outcome;
  return { ...outcome, done: 'changed', detail: `${outcome.detail}; launcher brought up to date` };
}

async function installOne(place: HookPlace, hook: HookName, optional: boolean): Promise<InstallOutcome> {
  const found = await findHook(place.folder, hook);
  const block: Block = { hook, optional, shared: place.owner === 'shared', kept: null };
  const where = showPlace(place, hook);
  switch (found.kind) {
    case 'none':
      await putHook(place.folder, hook, newHook(block));
      return { hook, done: 'installed', detail: `installed as ${where}` };
    case 'ours':
      return renew(place, found, { ...block, kept: found.block.kept });
    case 'damaged':
      return leftAlone(hook, `${where} has only part of what was added to it; take that out by hand`);
    case 'script':
      return addTo(place, found, block);
    case 'program':
      return standInFor(place, found, block);
  }
}

type Of<K extends Found['kind']> = Extract<Found, { kind: K }>;

async function renew(place: HookPlace, found: OurHook, block: Block): Promise<InstallOutcome> {
  const { hook } = block;
  const where = showPlace(place, hook);
  const rest = withoutBlock(found.text) ?? { text: found.text, made: false };
  if (!found.executable && place.husky === null && !rest.made) return leftAlone(hook, notExecutable(where));
  const text = rest.made ? newHook(block) : withBlock(rest.text, block);
  if (text === found.text && (found.executable || place.husky !== null))
    return { hook, done: 'unchanged', detail: `already installed as ${where}` };
  await putHook(place.folder, hook, text);
  if (rest.made) await chmod(join(place.folder, hook), 0o755);
  return { hook, done: 'changed', detail: `brought up to date in ${where}` };
}

async function addTo(place: HookPlace, found: Of<'script'>, block: Block): Promise<InstallOutcome> {
  const { hook } = block;
  const where = showPlace(place, hook);
  if (callsQuality(found.text, hook)) return { hook, done: 'unchanged', detail: `${where} starts it already` };
  if (!found.executable && place.husky === null) return leftAlone(hook, notExecutable(where));
  await putHook(place.folder, hook, withBlock(found.text, block));
  return { hook, done: 'installed', detail: `added at the beginning of ${where}, which stays as it is otherwise` };
}

const notExecutable = (where: string): string =>
  `${where} is not executable, so git does not run it: make it so, or remove it, and install again`;

/** Ours takes its name and runs it first. */
async function standInFor(place: HookPlace, found: Of<'program'>, block: Block): Promise<InstallOutcome> {
  const { hook } = block;
  const where = showPlace(place, hook);
  const kept = keptName(hook);
  const isSafe = place.owner === 'git' && found.executable && !asksItsName(found.text);
  if (!isSafe || (await exists(join(place.folder, kept))))
    return leftAlone(hook, `${where} is ${found.what}, to which no lines can be added`, hookCommand(hook));
  await rename(join(place.folder, hook), join(place.folder, kept));
  await putHook(place.folder, hook, newHook({ ...block, kept }));
  return {
    hook,
    done: 'installed',
    detail: `installed as ${where}; ${found.what} stood there, now ${kept}, and runs first`,
  };
}

/** One program for several hooks learns from its own name which it is. */
function asksItsName(text: string): boolean {
  return /\$0|\$PROGRAM_NAME|__FILE__|__file__|argv\[0\]|argv\[1\]|basename/.test(text);
}
