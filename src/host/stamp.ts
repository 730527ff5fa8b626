/** Whether files are as they were, told by the disk's own books: cheap, and good on one machine only. */
import { type Dirent, readFileSync, readdirSync, statSync } from 'node:fs';
import { namesNow } from './disk.js';
import { hashBytes } from './hash.js';

/** Size, time of the last change and number of a file, links followed; "-" where there is none. */
export function stampOf(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? '-' : `${String(stat.size)}.${String(stat.mtimeMs)}.${String(stat.ino)}`;
  } catch {
    return '-';
  }
}

/** The clock of the disk may be behind by this. */
const CLOCK_GRAIN_MS = 10;

/** Was it last written, or put there, before this moment? Milliseconds since 1970. Also true of what is not there. */
export function isOlderThan(path: string, moment: number): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined || stat.ctimeMs < moment - CLOCK_GRAIN_MS;
  } catch {
    return true;
  }
}

/** What stands in a folder, sorted by name; nothing where there is none or it cannot be read. */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** Names of what stands in a folder, sorted; none where there is none or it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return [...namesNow(folder)].sort();
  } catch {
    return [];
  }
}

/** Hash of a file's content; "-" where there is none or it cannot be read. For single files: it waits for the disk. */
export function contentHashOf(path: string): string {
  try {
    return hashBytes(readFileSync(path));
  } catch {
    return '-';
  }
}
