/** The index as a file: copied aside and put back, byte for byte. */
import {
  copyFile,
  errorCode,
  exists,
  isSameFile,
  link,
  makeFolder,
  open,
  readFile,
  readIfThere,
  readdir,
  rename,
  rm,
  stat,
  utimes,
} from '../host/disk.js';
import { dirname, join } from '../host/paths.js';
import { type Result, failed, success } from '../model/result.js';
import { type Place, lineAt } from './place.js';

/** Where the user's index is; `GIT_INDEX_FILE` is respected, as in a hook. */
async function indexPath(place: Place): Promise<Result<string>> {
  return lineAt(place, ['rev-parse', '--path-format=absolute', '--git-path', 'index']);
}

const SHARED = /^sharedindex\.[0-9a-f]+$/;

/** A copy in the folder; null when there is no index yet. The parts of a split index are copied with it. */
export async function copyIndex(place: Place, folder: string): Promise<Result<string | null>> {
  const source = await indexPath(place);
  if (!source.ok) return source;
  await makeFolder(folder);
  const copy = join(folder, 'index');
  try {
    await copyKeepingTime(source.value, copy);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return success(null);
    throw error;
  }
  for (const name of await sharedParts(place.gitDir, copy))
    await copyKeepingTime(join(place.gitDir, name), join(folder, name));
  return success(copy);
}

/** Only those that the index names: its last extension holds the hash of its shared part. */
async function sharedParts(folder: string, index: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => SHARED.test(name));
  if (names.length === 0) return [];
  const hex = (await readFile(index)).toString('hex');
  return names.filter((name) => hex.includes(name.slice('sharedindex.'.length)));
}

/**
 * The time of the index is part of its meaning: files as young as it may have changed without a trace, and git looks at
 * their contents. A copy must not look younger; rounded down it is at most a bit older.
 */
export async function copyKeepingTime(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const time = Math.floor((await stat(from)).mtimeMs) / 1000;
  await utimes(to, time, time);
}

/**
 * Puts the copy in the place of the index, under git's own lock for it. null: there was no index. The lock is a second name
 * of a file beside it: should we be killed here, the next one who puts an index back sees that the lock is nobody else's.
 */
export async function putIndexBack(place: Place, copy: string | null): Promise<Result<null>> {
  const target = await indexPath(place);
  if (!target.ok) return target;
  const lock = `${target.value}.lock`;
  const ready = `${target.value}.quality`;
  if (await isSameFile(lock, ready)) await rm(lock);
  await rm(ready, { force: true });
  const wanted = copy === null ? null : await readFile(copy);
  const found = await readIfThere(target.value);
  if (wanted === null ? found === null : found?.equals(wanted) === true) return success(null);
  try {
    if (copy === null) await (await open(ready, 'wx')).close();
    else await copyKeepingTime(copy, ready);
    await link(ready, lock);
    if (copy !== null) await putSharedBack(place, dirname(copy));
    await (copy === null ? removeUnderLock(target.value, lock) : rename(lock, target.value));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return failed({ kind: 'git-state', message: `git is at work on the index: ${lock} exists` });
  } finally {
    await rm(ready, { force: true });
  }
  return success(null);
}

async function removeUnderLock(index: string, lock: string): Promise<void> {
  await rm(index, { force: true });
  await rm(lock);
}

async function putSharedBack(place: Place, folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((one) => SHARED.test(one)))
    if (!(await exists(join(place.gitDir, name)))) await copyKeepingTime(join(folder, name), join(place.gitDir, name));
}
