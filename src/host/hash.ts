import { createHash } from 'node:crypto';

/** The hash that `git hash-object --no-filters` gives these bytes, so that git's index can answer for unmodified files. */
export function hashBytes(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

/** A short hash of any text, for keys and names. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
