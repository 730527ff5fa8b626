/** Takes quality out of the hooks of a repository: the bytes of before are left. */
import { exists, rename, rm, rmdir } from '../host/disk.js';
import { basename, join } from '../host/paths.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed } from '../model/result.js';
import { withoutBlock } from './install-block.js';
import { forgetFacts, readFacts, writeFacts } from './install-facts.js';
import { type OurHook, findHook, ourHooks, putHook } from './install-file.js';
import { HOOK_NAMES, type HookName } from './install-names.js';
import { type InstallOutcome, type InstallOutcomes, each, leftAlone, showPlace } from './install-outcome.js';
import { type HookPlace, findHookPlace } from './install-place.js';
import { unwritable } from './install-trouble.js';
import { removeLauncher } from './launcher.js';
import { type Manager, callsQuality, findManager } from './managers.js';
import { leaveManager } from './managers-join.js';

/** The hooks named, or all. */
export async function uninstallHooks(
  cwd: string,
  asked: readonly HookName[],
): Promise<Result<InstallOutcomes, readonly Failure[]>> {
  const place = await findHookPlace(cwd);
  if (!place.ok) return failed([place.failure]);
  const { workTree } = place.value.repository;
  return unwritable(workTree, async () => {
    const manager = await findManager(workTree);
    const names = asked.length > 0 ? asked : HOOK_NAMES;
    const outcomes = await each(names, (hook) => removeEverywhere(place.value, manager, hook));
    await forget(place.value, names);
    const done = outcomes.flat();
    const absent = asked.filter((hook) => !done.some((one) => one.hook === hook));
    return { outcomes: [...done, ...absent.map(notThere)], notices: [] };
  });
}

function notThere(hook: string): InstallOutcome {
  return { hook, done: 'absent', detail: 'not installed' };
}

async function removeEverywhere(place: HookPlace, manager: Manager | null, hook: HookName): Promise<InstallOutcome[]> {
  const here = await removeOne(place, hook);
  const there = manager === null ? null : await leaveManager(place.repository.workTree, manager, hook);
  return [here, there].filter((outcome) => outcome !== null);
}

async function removeOne(place: HookPlace, hook: HookName): Promise<InstallOutcome | null> {
  const found = await findHook(place.folder, hook);
  const where = showPlace(place, hook);
  if (found.kind === 'damaged')
    return leftAlone(hook, `${where} has only part of what was added to it; take that out by hand`);
  if (found.kind === 'script' && callsQuality(found.text, hook))
    return leftAlone(hook, `${where} starts quality in a line of its own; take that out by hand`);
  return found.kind === 'ours' ? takeOut(place, hook, found) : null;
}

async function takeOut(place: HookPlace, hook: HookName, { text, block }: OurHook): Promise<InstallOutcome> {
  const rest = withoutBlock(text) ?? { text, made: false };
  const path = join(place.folder, hook);
  const kept = block.kept === null ? null : join(place.folder, block.kept);
  if (!rest.made && kept !== null)
    return leftAlone(
      hook,
      `${showPlace(place, hook)} has lines of somebody else, and runs ${basename(kept)}: sort it out by hand`,
    );
  if (!rest.made) await putHook(place.folder, hook, rest.text);
  else if (kept !== null && (await exists(kept))) await rename(kept, path);
  else await rm(path);
  const others = place.owner === 'shared' ? ', for all repositories that use this folder' : '';
  const how = rest.made ? 'removed' : 'taken out of';
  return { hook, done: 'removed', detail: `${how} ${showPlace(place, hook)}${others}` };
}

async function forget(place: HookPlace, names: readonly string[]): Promise<void> {
  const { hooks, madeFolder } = await readFacts(place);
  const left = hooks.filter((hook) => !names.includes(hook));
  if (left.length > 0) await writeFacts(place, { hooks: left, madeFolder });
  else await forgetFacts(place);
  if ((await ourHooks(place.folder)).length === 0) await removeTraces(place, madeFolder);
}

/** For a folder without a hook of ours. */
export async function removeTraces({ folder }: HookPlace, madeFolder: boolean): Promise<void> {
  await removeLauncher(folder);
  if (madeFolder) await rmdir(folder).catch(() => undefined);
}
