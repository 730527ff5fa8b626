/** A user who works on while the command does. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { UserEdit } from './disturbances.js';
import { hashOf } from './state.js';

/** What a user did, when it was done. */
export interface DoneEdit extends UserEdit {
  /** Hash of what stood there when the user opened the file, and of what they left; null: no file. */
  readonly found: string | null;
  readonly left: string | null;
}

/** At once, as an editor saves: in place, or by a new file in the place of the old. null: it could not be done. */
export function doEdit(top: string, edit: UserEdit): DoneEdit | null {
  const path = join(top, edit.path);
  const before = readIfThere(path);
  const found = before === null ? null : hashOf(before);
  const bytes = Buffer.concat([before ?? Buffer.alloc(0), Buffer.from(`\n/* ${edit.token} */\n`)]);
  try {
    if (edit.how === 'delete') {
      rmSync(path, { force: true });
      return { ...edit, found, left: null };
    }
    if (edit.how === 'by-rename') {
      const temp = join(dirname(path), `.${edit.token}.swp`);
      writeFileSync(temp, bytes);
      renameSync(temp, path);
    } else writeFileSync(path, bytes);
  } catch {
    // Its folder is gone, or a folder stands there by now.
    rmSync(join(dirname(path), `.${edit.token}.swp`), { force: true });
    return null;
  }
  return { ...edit, found, left: hashOf(bytes) };
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
