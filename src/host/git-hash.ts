import { createHash } from 'node:crypto';

export type ObjectFormat = 'sha1' | 'sha256';

/** The name that a repository of this format gives to these bytes. */
export function hashAsGit(format: ObjectFormat, bytes: Uint8Array, kind: 'blob' | 'tree' = 'blob'): string {
  return createHash(format).update(`${kind} ${bytes.byteLength}\0`).update(bytes).digest('hex');
}
