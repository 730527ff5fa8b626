/** A user who works on while the command does. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { UserEdit } from './disturbances.js';
import { git, hashOf } from './git.js';

/** What a user did, when it was done. */
export interface DoneEdit extends UserEdit {
  /** Hash of what stood there when the user opened the file, and of what they left; null: no file. */
  readonly found: string | null;
  readonly left: string | null;
  /** The content that was left. */
  readonly bytes: Buffer | null;
}

/** What a user has staged. */
export interface DoneAdd {
  readonly path: string;
  /** Another git held the lock of the index, or there is no such file. */
  readonly refused: boolean;
  /** What then stood in the index, as `mode oid stage`; null: nothing. */
  readonly entry: string | null;
}

export function doAdd(top: string, path: string): DoneAdd {
  try {
    git(top, ['add', '--', path]);
    const [said = ''] = git(top, ['ls-files', '-z', '--stage', '--', path]).split('\t');
    return { path, refused: false, entry: said === '' ? null : said };
  } catch {
    return { path, refused: true, entry: null };
  }
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
      return { ...edit, found, left: null, bytes: null };
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
  return { ...edit, found, left: hashOf(bytes), bytes };
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
