/** The system's errors as failures. */
import { errorCode } from '../host/disk.js';
import type { Failure } from '../model/failure.js';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

export function isDiskFull(error: unknown): boolean {
  return FULL.has(errorCode(error) ?? '');
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  EEXIST: 'something else stands there',
  EISDIR: 'a folder stands there',
  ENOTEMPTY: 'a folder with other files stands there',
  ENOTDIR: 'a file stands where a folder is needed',
};

/** Trouble with one file, for which the others need not suffer; what is not the system's error is a bug and thrown on. */
export function writeFailure(path: string, error: unknown): Failure {
  const code = errorCode(error);
  if (code === undefined) throw error;
  return { kind: 'file-unwritable', path, message: `Cannot be written: ${WORDS[code] ?? code}` };
}
