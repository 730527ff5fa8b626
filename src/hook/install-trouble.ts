import { errorCode } from '../host/disk.js';
import { workspacePath } from '../host/paths.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';

const REFUSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EEXIST']);

/** A file or folder that cannot be written is nobody's bug. */
export async function unwritable<T>(root: string, work: () => Promise<T>): Promise<Result<T, readonly Failure[]>> {
  try {
    return success(await work());
  } catch (error) {
    if (!REFUSED.has(errorCode(error) ?? '')) throw error;
    const { path, message } = error as NodeJS.ErrnoException;
    const where = path === undefined ? {} : { path: workspacePath(root, path) ?? path };
    return failed([{ kind: 'file-unwritable', message, ...where }]);
  }
}
