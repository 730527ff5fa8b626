/** The commits of a snapshot as one stream for `git fast-import`: one process makes them all and sets the ref. */
import type { Capture, FileState } from './capture.js';
import { type RawPath, quotePath } from './raw-path.js';

export interface StreamParts {
  readonly ref: string;
  readonly message: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly head: string | null;
  readonly indexTree: string;
  readonly capture: Capture;
}

const INDEX = 1;
const UNTRACKED = 2;
const WORK_TREE = 3;

/**
 * Shaped like a stash: the work tree, on HEAD, with the index and the untracked files (if any) as further parents. Prints
 * the names of the index, untracked and work tree commits, one a line.
 */
export function stashStream(parts: StreamParts): Buffer {
  const { head, indexTree, capture } = parts;
  const from = head === null ? [] : [`from ${head}`];
  const loose = [...capture.untracked].map(changeOf);
  const marks = [INDEX, ...(loose.length === 0 ? [] : [UNTRACKED]), WORK_TREE];
  const base = head === null ? [`from :${INDEX}`] : [`from ${head}`, `merge :${INDEX}`];
  return Buffer.concat([
    commit(parts, INDEX, 'index', [...from, root(indexTree)]),
    ...(loose.length === 0 ? [] : [commit(parts, UNTRACKED, 'untracked files', loose)]),
    commit(parts, WORK_TREE, null, [
      ...base,
      ...(loose.length === 0 ? [] : [`merge :${UNTRACKED}`]),
      root(indexTree),
      ...[...capture.tracked].map(changeOf),
    ]),
    Buffer.from(marks.map((mark) => `get-mark :${mark}\n`).join('') + 'done\n'),
  ]);
}

/** One commit with one tree. */
export function plainStream(parts: Omit<StreamParts, 'capture' | 'head'>): Buffer {
  return Buffer.concat([
    commit(parts, WORK_TREE, null, [root(parts.indexTree)]),
    Buffer.from(`get-mark :${WORK_TREE}\ndone\n`),
  ]);
}

type Line = string | Buffer;

/** `reset` takes the ref away from the commit before, so that the next one does not grow on it. */
function commit(
  { ref, message, at }: Pick<StreamParts, 'ref' | 'message' | 'at'>,
  mark: number,
  part: string | null,
  lines: readonly Line[],
): Buffer {
  const text = Buffer.from(`quality snapshot: ${message}${part === null ? '' : `, ${part}`}\n`, 'utf8');
  return Buffer.concat(
    [
      `reset ${ref}`,
      '',
      `commit ${ref}`,
      `mark :${mark}`,
      `committer quality <quality@localhost> ${at} +0000`,
      `data ${text.byteLength}`,
      text,
      ...lines,
      '',
    ].flatMap((line) => [typeof line === 'string' ? Buffer.from(line, 'latin1') : line, NEWLINE]),
  );
}

const NEWLINE = Buffer.from('\n');

function root(tree: string): Line {
  return `M 040000 ${tree} ""`;
}

function changeOf([path, state]: [RawPath, FileState | null]): Line {
  if (state === null) return `D ${quotePath(path)}`;
  if (state.bytes === undefined) return `M ${state.mode} ${state.oid} ${quotePath(path)}`;
  const head = `M ${state.mode} inline ${quotePath(path)}\ndata ${state.bytes.byteLength}\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), state.bytes]);
}
