/**
 * Answers by key, in memory and, between runs, on disk. An answer that depends on more than its key says is kept under
 * the key and a digest of what it depends on; under the key alone stands the key of what that is.
 */
import { hashText } from '../../host/hash.js';
import { join } from '../../host/paths.js';
import type { Dependencies } from '../../model/job.js';
import { type BlockFile, openBlockFile } from '../../runs/block-file.js';

/** Digest of files as they are now. */
export type DigestOf = (dependsOn: Dependencies) => string;

export interface Answer {
  readonly text: string;
  readonly dependsOn?: Dependencies | undefined;
}

export interface AnswerRows {
  readonly find: (key: string, digestOf: DigestOf) => Answer | null;
  readonly keep: (key: string, answer: Answer, digestOf: DigestOf) => void;
}

export interface AnswerStore {
  /** What was said for whole sets of files: few, looked at first. */
  readonly sets: AnswerRows;
  /** What was said for single files; loaded when a set is not known. */
  readonly files: () => Promise<AnswerRows>;
  /** Digests of what stands outside the workspace, kept by stamps of this machine. */
  readonly notes: BlockFile;
  readonly save: () => Promise<void>;
}

/** The number is raised when rows mean something else. */
export const ANSWERS_FORMAT = 'quality-answers-1';
/** Its files, in a folder of their own below `.quality/cache`. */
export const ANSWER_FILES = ['sets', 'answers', 'notes'] as const;
const MIB = 1024 * 1024;

/** Without a folder answers live as long as the process. */
export async function openAnswerStore(folder: string | null): Promise<AnswerStore> {
  const open = (name: (typeof ANSWER_FILES)[number], mib: number): Promise<BlockFile> =>
    openBlockFile(folder === null ? null : join(folder, name), { format: ANSWERS_FORMAT, smallestCap: mib * MIB });
  const [sets, notes] = await Promise.all([open('sets', 8), open('notes', 1)]);
  const opened: BlockFile[] = [sets, notes];
  const later: { files?: Promise<AnswerRows> } = {};
  return {
    sets: rowsIn(sets),
    notes,
    files: () =>
      (later.files ??= open('answers', 24).then((files) => {
        opened.push(files);
        return rowsIn(files);
      })),
    save: async () => {
      for (const file of opened) await file.save();
    },
  };
}

const DIRECT = '=';
const INDIRECT = '>';

function rowsIn(rows: BlockFile): AnswerRows {
  const under = (key: string, digest: string): string => hashText(`${key}\0${digest}`).slice(0, KEY_LENGTH);
  return {
    find: (key, digestOf) => {
      const row = rows.get(key);
      if (row === undefined) return null;
      if (row.startsWith(DIRECT)) return { text: row.slice(1) };
      const dependsOn = JSON.parse(rows.get(row.slice(1)) ?? 'null') as Dependencies | null;
      if (dependsOn === null) return null;
      const text = rows.get(under(key, digestOf(dependsOn)));
      return text === undefined ? null : { text: text.slice(1), dependsOn };
    },
    keep: (key, { text, dependsOn }, digestOf) => {
      if (dependsOn === undefined) {
        rows.add(key, DIRECT + text);
        return;
      }
      // Many answers depend on the same: that is written once.
      const list = JSON.stringify(dependsOn);
      const name = answerKey('depends', list);
      if (rows.get(name) === undefined) rows.add(name, list);
      rows.add(key, INDIRECT + name);
      rows.add(under(key, digestOf(dependsOn)), DIRECT + text);
    },
  };
}

const KEY_LENGTH = 32;

export function answerKey(...parts: readonly string[]): string {
  return hashText(parts.join('\0')).slice(0, KEY_LENGTH);
}

/** What answers for several files depend on together. */
export function together(all: Iterable<Dependencies | undefined>): Dependencies | undefined {
  const named = new Set<string>();
  let reach: Dependencies['reach'];
  for (const one of all) {
    one?.named.forEach((name) => named.add(name));
    if (reach !== 'workspace') reach = one?.reach ?? reach;
  }
  if (reach === undefined && named.size === 0) return undefined;
  return { ...(reach === undefined ? {} : { reach }), named: [...named].sort() };
}
