import { errorCode, readFile } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { absolutePath } from '../host/paths.js';
import type { FileOutcome, JobFile } from '../model/job.js';
import type { SourceText } from '../tools/tool.js';

export interface ReadSources {
  readonly sources: readonly SourceText[];
  /** Files that no tool can look at, each with its reason. */
  readonly unreadable: readonly FileOutcome[];
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The texts of a job's files. The hash is that of what was really read: an edit made from it can never hit other content. */
export async function readSources(root: string, files: readonly JobFile[], readsDisk: boolean): Promise<ReadSources> {
  const read = await Promise.all(
    files.map((file) =>
      readsDisk && file.content === undefined ? Promise.resolve(unread(root, file)) : readSource(root, file),
    ),
  );
  return {
    sources: read.flatMap((one) => ('text' in one ? [one] : [])),
    unreadable: read.flatMap((one) => ('text' in one ? [] : [one])),
  };
}

function unread(root: string, { path, hash }: JobFile): SourceText {
  return { path, absolutePath: absolutePath(root, path), hash, text: '', virtual: false };
}

async function readSource(root: string, file: JobFile): Promise<SourceText | FileOutcome> {
  const absolute = absolutePath(root, file.path);
  try {
    const bytes = file.content ?? (await readFile(absolute));
    const text = decoder.decode(bytes);
    const hash = file.content === undefined ? hashBytes(bytes) : file.hash;
    return { path: file.path, absolutePath: absolute, hash, text, virtual: file.content !== undefined };
  } catch (error) {
    const message = error instanceof TypeError ? 'not valid UTF-8' : (errorCode(error) ?? String(error));
    const failure = { kind: 'file-unreadable', path: file.path, message: `Cannot be read: ${message}` } as const;
    return { path: file.path, hash: file.hash, status: 'failed', diagnostics: [], failure };
  }
}
