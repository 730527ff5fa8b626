/** One hook file: what stands there, and putting something else in its place. */
import { lstat, readIfThere, readlink } from '../host/disk.js';
import { join } from '../host/paths.js';
import { putFile } from '../host/put-file.js';
import { isDamaged, isShellScript, readBlock, type Block } from './install-block.js';
import { HOOK_NAMES, type HookName } from './install-names.js';

/** A script, ours or with a block of ours in it. */
export interface OurHook {
  readonly kind: 'ours';
  readonly text: string;
  readonly block: Block;
  readonly executable: boolean;
}

/** What stands where git looks for a hook. */
export type Found =
  | { readonly kind: 'none' }
  | OurHook
  | { readonly kind: 'damaged' }
  | { readonly kind: 'script'; readonly text: string; readonly executable: boolean }
  /** Another interpreter's script, a program, or a link to either. */
  | { readonly kind: 'program'; readonly text: string; readonly executable: boolean; readonly what: string };

const ANY_EXECUTE = 0o111;

/** Of the bytes, one character each. */
export async function findHook(folder: string, hook: string): Promise<Found> {
  const path = join(folder, hook);
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return { kind: 'none' };
  const text = (await readIfThere(path))?.toString('latin1') ?? '';
  if (stats.isSymbolicLink())
    return { kind: 'program', text, executable: true, what: `a link to ${await readlink(path)}` };
  const executable = process.platform === 'win32' || (stats.mode & ANY_EXECUTE) !== 0;
  if (!isShellScript(text)) return { kind: 'program', text, executable, what: describe(text) };
  if (isDamaged(text)) return { kind: 'damaged' };
  const block = readBlock(text);
  return block === null ? { kind: 'script', text, executable } : { kind: 'ours', text, block, executable };
}

function describe(text: string): string {
  const interpreter = /^#!\s*(.*)/.exec(text)?.[1];
  return interpreter === undefined ? 'a program' : `a script for ${interpreter}`;
}

/** Hooks in the folder that run quality through a block of ours, or what is left of one. */
export async function ourHooks(folder: string): Promise<readonly HookName[]> {
  const found = await Promise.all(HOOK_NAMES.map((hook) => findHook(folder, hook)));
  return HOOK_NAMES.filter((_, at) => found[at]?.kind === 'ours' || found[at]?.kind === 'damaged');
}

/** What a hook that cannot be added to is called while ours stands in its place. */
export const keptName = (hook: string): string => `${hook}.before-quality`;

export async function putHook(folder: string, hook: string, text: string): Promise<void> {
  await putFile(join(folder, hook), Buffer.from(text, 'latin1'), 0o755);
}
