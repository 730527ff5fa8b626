/** Writes what was agreed to. Nothing that is there already is written over. */
import { CONFIG_FILE } from '../config/find.js';
import { exists, makeFolder } from '../host/disk.js';
import { dirname, join } from '../host/paths.js';
import { putFile } from '../host/put-file.js';
import { installHooks } from '../hook/install.js';
import type { InstallOutcomes } from '../hook/install-outcome.js';
import { unwritable } from '../hook/install-trouble.js';
import type { Failure } from '../model/failure.js';
import { type Result, success } from '../model/result.js';
import { GITHUB_FILE } from './github.js';
import type { Proposal } from './proposal.js';

export interface Agreed {
  readonly hook: boolean;
  readonly github: boolean;
}

export interface Accepted {
  /** Files that are new, relative to the root. */
  readonly written: readonly string[];
  /** What became of the hook; null where it was not asked for. */
  readonly hook: InstallOutcomes | null;
}

export async function accept(
  { root, text, github, isDependency }: Proposal,
  agreed: Agreed,
): Promise<Result<Accepted, readonly Failure[]>> {
  const files = [
    { path: CONFIG_FILE, content: text },
    ...(agreed.github && github !== null ? [{ path: GITHUB_FILE, content: github }] : []),
  ];
  const written = await unwritable(root, () => writeNew(root, files));
  if (!written.ok) return written;
  if (!agreed.hook) return success({ written: written.value, hook: null });
  const hook = await installHooks({ cwd: root, hooks: ['pre-commit'], optional: !isDependency, direct: false });
  return hook.ok ? success({ written: written.value, hook: hook.value }) : hook;
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
