/** Writes what was agreed to, as the project's own formatters would have it. Nothing that is there already is written over. */
import { fixBuffer } from '../buffer.js';
import { CONFIG_FILE } from '../config/find.js';
import { exists, makeFolder } from '../host/disk.js';
import { dirname, join } from '../host/paths.js';
import { putFile } from '../host/put-file.js';
import { installHooks } from '../hook/install.js';
import type { InstallOutcomes } from '../hook/install-outcome.js';
import { unwritable } from '../hook/install-trouble.js';
import type { Failure } from '../model/failure.js';
import { type Result, success } from '../model/result.js';
import { takeAway } from './cut.js';
import { GITHUB_FILE } from './github.js';
import type { Proposal } from './proposal.js';
import type { Removal } from './removals.js';

export interface Agreed {
  readonly hook: boolean;
  readonly github: boolean;
  /** What quality does from now on is taken away elsewhere. */
  readonly replace: boolean;
}

export interface Accepted {
  /** Files that are new, relative to the root. */
  readonly written: readonly string[];
  /** Text of the config. */
  readonly text: string;
  /** What became of the hook; null where it was not asked for. */
  readonly hook: InstallOutcomes | null;
  readonly takenAway: readonly Removal[];
}

export async function accept(
  { root, text, github, isDependency, removals }: Proposal,
  agreed: Agreed,
): Promise<Result<Accepted, readonly Failure[]>> {
  const config = { path: CONFIG_FILE, content: await formatted(root, CONFIG_FILE, text) };
  const files = [
    config,
    ...(agreed.github && github !== null
      ? [{ path: GITHUB_FILE, content: await formatted(root, GITHUB_FILE, github) }]
      : []),
  ];
  const written = await unwritable(root, () => writeNew(root, files));
  if (!written.ok) return written;
  const done = { written: written.value, text: config.content, takenAway: [] };
  if (!agreed.hook) return success({ ...done, hook: null });
  const hook = await installHooks({ cwd: root, hooks: ['pre-commit'], optional: !isDependency, direct: false });
  if (!hook.ok) return hook;
  const isThere = hook.value.outcomes.every(({ done: what }) => what !== 'left');
  if (!agreed.replace || !isThere) return success({ ...done, hook: hook.value });
  const takenAway = await unwritable(root, () => takeAway(root, removals));
  return takenAway.ok ? success({ ...done, hook: hook.value, takenAway: takenAway.value }) : takenAway;
}

/** Where that cannot be had, it is written as it is: a run would say so. */
async function formatted(root: string, file: string, text: string): Promise<string> {
  const fixed = await fixBuffer({ cwd: root, only: ['format'] }, { file, text: Buffer.from(text) });
  return fixed.ok && fixed.value.exitCode === 0 ? Buffer.from(fixed.value.text).toString('utf8') : text;
}

async function writeNew(
  root: string,
  files: readonly { readonly path: string; readonly content: string }[],
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { path, content } of files) {
    const file = join(root, path);
    if (await exists(file)) continue;
    await makeFolder(dirname(file));
    await putFile(file, content);
    written.push(path);
  }
  return written;
}
