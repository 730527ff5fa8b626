/** What the processes that we start see: they run code of the project, which a pull request may have changed. */
import { dirname, workspacePath } from '../host/paths.js';

type Settings = readonly (readonly [name: string, value: string])[];

/** Tokens of the runner and of the workflow, and files through which a step sets variables of later ones. */
const WITHHELD = /^(?:INPUT_|STATE_|ACTIONS_|GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$)/;

/** Changes to the environment of a child. */
export function childEnvironment(): Record<string, undefined> {
  const withheld = Object.keys(process.env).filter((name) => WITHHELD.test(name));
  return Object.fromEntries(withheld.map((name) => [name, undefined]));
}

/** In the container of a job the checkout belongs to somebody else, and git refuses to look at it unless it is told. */
export function trustCheckout(workspace: string, workingDirectory: string): void {
  const folders = [workspace];
  for (let folder = workingDirectory; isAbove(workspace, folder); folder = dirname(folder)) folders.push(folder);
  Object.assign(process.env, gitSettings(folders.map((folder) => ['safe.directory', folder])));
}

function isAbove(workspace: string, folder: string): boolean {
  const path = workspacePath(workspace, folder);
  return path !== null && path !== '';
}

/** For our own calls of git: no hook of the project runs in them, for they may have the right to push. */
export const NO_HOOKS = ['core.hooksPath', '/dev/null'] as const;

/** Settings of git in the environment, after those that are there: no other user can read them, unlike arguments. */
export function gitSettings(settings: Settings): Record<string, string> {
  const before = Number(process.env.GIT_CONFIG_COUNT ?? 0) || 0;
  const pairs = settings.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${before + index}`, name],
    [`GIT_CONFIG_VALUE_${before + index}`, value],
  ]);
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(before + settings.length) } as Record<string, string>;
}
