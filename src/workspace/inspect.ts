/** From a path that may be a file to what is known about it: from git and the cache where they can tell, else by reading. */
import { errorCode, isAbsent, lstat, readlink, realpath } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { absolutePath, workspacePath } from '../host/paths.js';
import { forEachAtMost, readFileQuickly } from '../host/quick-read.js';
import type { ExcludedFile } from '../model/file.js';
import { type ContentFacts, examine } from './content.js';
import { type PatternTest, binaryByName, isHidden, tooLarge } from './exclusion.js';
import type { FactsCache } from './facts-cache.js';

export interface Candidate {
  readonly path: string;
  /** git vouches that the file is as it was when it had this hash as a blob, and this size on disk. */
  readonly vouched: { readonly hash: string; readonly size: number } | null;
}

export type Look =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly hash: string;
      readonly size: number;
      readonly facts: ContentFacts;
    }
  | { readonly kind: 'excluded'; readonly path: string; readonly file: ExcludedFile }
  | { readonly kind: 'absent'; readonly path: string };

export interface Inspector {
  readonly root: string;
  readonly maxFileSize: number;
  readonly excludedBy: PatternTest;
  readonly cache: FactsCache;
  /** What git filters on its way to the disk may differ from the blob in spite of an equal size. */
  readonly isFiltered: (path: string) => boolean;
  readonly onRead?: (path: string) => void;
}

const READERS = 32;

/** Files whose text the workspace itself needs: it is kept with their facts, so that they are not read again either. */
const NEEDED_TEXT = /(?:^|\/)(?:package\.json|pnpm-workspace\.yaml|lerna\.json|\.gitattributes)$/;

/** In the order of the candidates. */
export async function inspectAll(candidates: readonly Candidate[], inspector: Inspector): Promise<readonly Look[]> {
  const looks = candidates.map((candidate) => lookWithoutReading(candidate, inspector));
  await forEachAtMost(READERS, looks.keys(), async (index) => {
    const candidate = candidates[index];
    if (looks[index] === null && candidate !== undefined) looks[index] = await lookAtDisk(candidate, inspector);
  });
  return looks.filter((look) => look !== null);
}

/**
 * Line ends, `$Id$` and the like only ever make a file on disk longer than its blob: a size equal to the blob's (which is
 * part of what its hash covers) means equal bytes. Filters and encodings give no such promise.
 */
function lookWithoutReading({ path, vouched }: Candidate, inspector: Inspector): Look | null {
  if (isHidden(path)) return { kind: 'absent', path };
  const pattern = inspector.excludedBy(path);
  if (pattern !== null) return excluded(path, 'excluded', `excludedPatterns: ${pattern}`);
  if (vouched === null) return null;
  const named = binaryByName(path);
  if (named !== null) return { kind: 'excluded', path, file: named };
  if (vouched.size > inspector.maxFileSize)
    return { kind: 'excluded', path, file: tooLarge(path, vouched.size, inspector.maxFileSize) };
  const facts = inspector.cache.get(vouched.hash);
  if (facts?.size !== vouched.size || lacksText(path, facts) || inspector.isFiltered(path)) return null;
  return lookOf(path, vouched.hash, facts);
}

async function lookAtDisk({ path, vouched }: Candidate, inspector: Inspector): Promise<Look> {
  const absolute = absolutePath(inspector.root, path);
  try {
    const early = vouched === null ? await lookAtStat(path, absolute, inspector) : null;
    if (early !== null) return early;
    inspector.onRead?.(path);
    const bytes = await readFileQuickly(absolute);
    const hash = hashBytes(bytes);
    const known = inspector.cache.get(hash);
    if (known !== undefined && !lacksText(path, known)) return lookOf(path, hash, known);
    const facts = examine(bytes, NEEDED_TEXT.test(path));
    inspector.cache.add(hash, facts);
    return lookOf(path, hash, facts);
  } catch (error) {
    if (isAbsent(error) || errorCode(error) === 'EISDIR') return { kind: 'absent', path };
    const code = errorCode(error);
    if (code === undefined) throw error;
    return excluded(path, 'unreadable', code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code);
  }
}

/** The same for bytes that do not stand on disk. */
export function lookAtContent(path: string, bytes: Buffer, inspector: Inspector): Look {
  if (isHidden(path)) return { kind: 'absent', path };
  const pattern = inspector.excludedBy(path);
  if (pattern !== null) return excluded(path, 'excluded', `excludedPatterns: ${pattern}`);
  // What a filter made of the file is nobody's source: a pointer, or cipher text.
  if (inspector.isFiltered(path)) return excluded(path, 'filtered', 'a filter of .gitattributes applies to it');
  const file = binaryByName(path);
  if (file !== null) return { kind: 'excluded', path, file };
  if (bytes.byteLength > inspector.maxFileSize)
    return { kind: 'excluded', path, file: tooLarge(path, bytes.byteLength, inspector.maxFileSize) };
  return lookOf(path, hashBytes(bytes), examine(bytes, NEEDED_TEXT.test(path)));
}

async function lookAtStat(path: string, absolute: string, inspector: Inspector): Promise<Look | null> {
  const stat = await lstat(absolute);
  if (stat.isSymbolicLink()) return lookAtLink(path, absolute, inspector.root);
  if (stat.isDirectory()) return { kind: 'absent', path };
  if (!stat.isFile()) return excluded(path, 'not-a-file', 'neither a file nor a folder');
  const named = binaryByName(path);
  if (named !== null) return { kind: 'excluded', path, file: named };
  if (stat.size <= inspector.maxFileSize) return null;
  return { kind: 'excluded', path, file: tooLarge(path, stat.size, inspector.maxFileSize) };
}

/** Inside the root its target is a file of the workspace by itself; written through the link it would be written twice. */
async function lookAtLink(path: string, absolute: string, root: string): Promise<Look> {
  const target = await readlink(absolute);
  const real = await realpath(absolute).catch(() => null);
  if (real === null) return excluded(path, 'not-a-file', `broken symlink to ${target}`);
  const inside = workspacePath(root, real) !== null;
  return excluded(path, inside ? 'not-a-file' : 'outside', `symlink to ${target}`);
}

function lookOf(path: string, hash: string, facts: ContentFacts): Look {
  if (facts.kind === 'binary') return excluded(path, 'binary', 'has a NUL byte');
  if (facts.kind === 'not-utf8') return excluded(path, 'not-utf8', 'its text is not valid UTF-8');
  return { kind: 'file', path, hash, size: facts.size, facts };
}

function lacksText(path: string, facts: ContentFacts): boolean {
  return facts.kind === 'text' && facts.text === undefined && NEEDED_TEXT.test(path);
}

function excluded(path: string, reason: ExcludedFile['reason'], detail: string): Look {
  return { kind: 'excluded', path, file: { path, reason, detail } };
}
