/** Hooks that a program such as lefthook writes: its own file is where quality has to be named. */
import { readTextIfThere } from '../host/disk.js';
import { join } from '../host/paths.js';
import { putFile } from '../host/put-file.js';
import { type InstallOutcome, leftAlone } from './install-outcome.js';
import { type Manager, callsQuality, linesToAdd } from './managers.js';
import { withLefthookJob, withoutLefthookJob } from './managers-lefthook.js';

export async function joinManager(workTree: string, manager: Manager, hook: string): Promise<InstallOutcome> {
  // Another hook of the same call may have changed it.
  const current = await reread(workTree, manager);
  if (isNamed(current, hook)) return { hook, done: 'unchanged', detail: `${manager.file} starts it already` };
  const next = manager.name === 'lefthook' ? withLefthookJob(current, hook) : null;
  if (next === null)
    return leftAlone(
      hook,
      `${manager.name} writes the hooks here; add this to ${manager.file} (or write git’s own hook with --direct):`,
      ...linesToAdd(manager, hook),
    );
  await putFile(join(workTree, manager.file), next);
  return { hook, done: 'installed', detail: `added to ${manager.file}; \`npx lefthook install\` makes git’s hook` };
}

export async function leaveManager(workTree: string, manager: Manager, hook: string): Promise<InstallOutcome | null> {
  const current = await reread(workTree, manager);
  const rest = withoutLefthookJob(current.text, hook);
  if (rest !== null) {
    await putFile(join(workTree, manager.file), rest);
    return { hook, done: 'removed', detail: `taken out of ${manager.file}` };
  }
  return isNamed(current, hook)
    ? leftAlone(hook, `${manager.file} starts quality in lines of its own; take them out by hand`)
    : null;
}

function isNamed({ text }: Manager, hook: string): boolean {
  return callsQuality(text, hook);
}

async function reread(workTree: string, manager: Manager): Promise<Manager> {
  return { ...manager, text: (await readTextIfThere(join(workTree, manager.file))) ?? '' };
}
