/** What becomes of the file on disk when what is staged of it is changed. */
import { lstat, readFile } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { absolutePath } from '../host/paths.js';
import type { Edit } from '../model/edit.js';
import { mergeLines } from './merge-lines.js';

export interface StagedChange {
  /** Workspace path. */
  readonly path: string;
  /** What was staged, and what is staged now. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export interface FollowUp {
  readonly edits: readonly Edit[];
  /** Files that keep their content, each with the reason. */
  readonly leftAlone: readonly LeftAlone[];
}

export interface LeftAlone {
  readonly path: string;
  readonly reason: string;
}

export async function followUp(root: string, changes: readonly StagedChange[]): Promise<FollowUp> {
  const all = await Promise.all(changes.map((change) => followOne(root, change)));
  return {
    edits: all.flatMap((one) => (one !== null && 'after' in one ? one : [])),
    leftAlone: all.flatMap((one) => (one !== null && 'reason' in one ? one : [])),
  };
}

/** null: there is nothing to do. */
async function followOne(root: string, change: StagedChange): Promise<Edit | LeftAlone | null> {
  const { path } = change;
  const bytes = await regularFile(absolutePath(root, path));
  if (bytes === null) return null;
  const after = bytes.equals(change.before) ? Buffer.from(change.after) : await merged(bytes, change);
  if (after === null) return { path, reason: 'changes that are not staged touch the same lines' };
  return after.equals(bytes) ? null : { path, before: hashBytes(bytes), after };
}

async function regularFile(path: string): Promise<Buffer | null> {
  const stats = await lstat(path).catch(() => null);
  return stats?.isFile() === true ? readFile(path) : null;
}

const CR_LF = /\r\n/g;

/** Byte for byte, whatever the encoding. Where only git has turned the line ends of the file, they stay turned. */
async function merged(bytes: Buffer, { before, after }: StagedChange): Promise<Buffer | null> {
  const [base, theirs, ours] = [before, after, bytes].map((one) => Buffer.from(one).toString('latin1'));
  if (base === undefined || theirs === undefined || ours === undefined) return null;
  const isTurned = ours.includes('\r\n') && !base.includes('\r\n');
  if (!isTurned) return asBytes(await mergeLines(base, ours, theirs));
  if (/(?<!\r)\n/.test(ours)) return null;
  const result = await mergeLines(base, ours.replace(CR_LF, '\n'), theirs);
  return asBytes(result === null ? null : result.replaceAll('\n', '\r\n'));
}

function asBytes(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text, 'latin1');
}
