import { existsSync, readFileSync } from 'node:fs';

/** The text of a file, read at once, for where no other work may come in between; null where it cannot be read. */
export function readTextNow(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

export function isThereNow(path: string): boolean {
  return existsSync(path);
}
