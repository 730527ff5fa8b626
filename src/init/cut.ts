/** Takes away what quality does from now on, where somebody said so. Everything else in those files stays as it is. */
import { readTextIfThere, rm } from '../host/disk.js';
import { absolutePath } from '../host/paths.js';
import { putFile } from '../host/put-file.js';
import type { Cut, Removal } from './removals.js';

/** Those that were taken away; what could not be found as it was described stays. */
export async function takeAway(root: string, removals: readonly Removal[]): Promise<readonly Removal[]> {
  const done: Removal[] = [];
  for (const removal of removals) if (removal.cut !== null && (await makeCut(root, removal.cut))) done.push(removal);
  return done;
}

async function makeCut(root: string, cut: Cut): Promise<boolean> {
  const file = absolutePath(root, cut.path);
  const text = await readTextIfThere(file);
  if (text === null) return false;
  if (cut.kind === 'file') {
    await rm(file);
    return true;
  }
  const after = cut.kind === 'key' ? await withoutKey(text, cut.key) : withoutLine(text, cut.line);
  if (after === text) return false;
  await putFile(file, after);
  return true;
}

async function withoutKey(text: string, key: readonly string[]): Promise<string> {
  const { applyEdits, modify } = await import('jsonc-parser');
  return applyEdits(text, modify(text, [...key], undefined, {}));
}

function withoutLine(text: string, line: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((one) => one.trim() === line);
  return at < 0 ? text : lines.toSpliced(at, 1).join('\n');
}
