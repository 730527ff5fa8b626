/** The index, line by line, with what git remembers of each file. */
import type { RawPath } from './raw-path.js';

export interface IndexLine {
  readonly path: RawPath;
  /** `100644`, `100755`, `120000`, `160000`. */
  readonly mode: string;
  readonly oid: string;
  readonly stage: string;
  /** Bytes on disk when git last found the file unchanged; null where git does not say. */
  readonly size: number | null;
  /** Git does not look at the file itself (skip-worktree, assume-unchanged), or has no content for it (intent to add). */
  readonly unwatched: boolean;
}

const ASSUME_UNCHANGED = 0x8000;
const INTENT_TO_ADD = 0x2000_0000;
const SKIP_WORKTREE = 0x4000_0000;
const UNWATCHED = ASSUME_UNCHANGED | INTENT_TO_ADD | SKIP_WORKTREE;

/**
 * Output of `ls-files -z --stage --debug`. Git does not promise the format of --debug: where it is another one, null is
 * returned.
 */
export function parseIndexLines(output: Buffer): IndexLine[] | null {
  const text = output.toString('latin1');
  const lines: IndexLine[] = [];
  for (let at = 0; at < text.length;) {
    const tab = text.indexOf('\t', at);
    const nul = text.indexOf('\0', tab);
    const [mode, oid, stage] = tab < 0 || nul < 0 ? [] : text.slice(at, tab).split(' ');
    const detail = readDetail(text, nul + 1);
    if (mode === undefined || oid === undefined || stage === undefined || detail === null) return null;
    lines.push({ path: text.slice(tab + 1, nul), mode, oid, stage, size: detail.size, unwatched: detail.unwatched });
    at = detail.end;
  }
  return lines;
}

function readDetail(text: string, start: number): { size: number; unwatched: boolean; end: number } | null {
  const sizeAt = text.startsWith('  ctime:', start) ? text.indexOf('\n  size: ', start) : -1;
  const flagsAt = text.indexOf('\tflags: ', sizeAt);
  const end = text.indexOf('\n', flagsAt);
  if (sizeAt < 0 || flagsAt < 0 || end < 0) return null;
  const size = Number(text.slice(sizeAt + '\n  size: '.length, flagsAt));
  const flags = Number.parseInt(text.slice(flagsAt + '\tflags: '.length, end), 16);
  if (!Number.isInteger(size) || !Number.isInteger(flags)) return null;
  return { size, unwatched: (flags & UNWATCHED) !== 0, end: end + 1 };
}

/** The same without --debug: nothing is known of the files on disk. */
export function parsePlainLines(output: Buffer): IndexLine[] {
  const lines = output.toString('latin1').split('\0');
  return lines.flatMap((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', oid = '', stage = ''] = line.slice(0, Math.max(0, tab)).split(' ');
    return tab < 0 ? [] : { path: line.slice(tab + 1), mode, oid, stage, size: null, unwatched: true };
  });
}
