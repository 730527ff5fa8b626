/** The index of `.quality/snapshots.git`: nobody's but ours, it only remembers which files were hashed already. */
import { rm } from '../host/disk.js';
import { join } from '../host/paths.js';
import { type Result, success } from '../model/result.js';
import { OTHERS } from './capture.js';
import { type Place, outputAt } from './place.js';
import { type RawPath, rawInput, rawList } from './raw-path.js';
import { createLook } from './standing.js';

/** Brings it up to the files as they are; returns those that were left out. */
export async function refreshOwnIndex(
  place: Place,
  maxFileBytes: number,
  extra: readonly RawPath[],
): Promise<Result<readonly RawPath[]>> {
  // We hold the write lock of the target: a lock of git that is still there was left by a killed process.
  await rm(join(place.gitDir, 'index.lock'), { force: true });
  const [others, stale] = await Promise.all([
    outputAt(place, ['ls-files', '-z', ...OTHERS]),
    outputAt(place, ['diff-files', '-z', '--name-only']),
  ]);
  if (!others.ok) return others;
  if (!stale.ok) return stale;
  const paths = new Set([...rawList(others.value), ...rawList(stale.value), ...extra]);
  const look = createLook(place.workTree);
  const skipped: RawPath[] = [];
  const gone: RawPath[] = [];
  const taken: RawPath[] = [];
  for (const path of paths) {
    if (path.endsWith('/')) continue;
    const now = await look(path);
    if (now.kind === 'file' && (!now.readable || now.size > maxFileBytes)) skipped.push(path);
    else if (now.kind === 'file' || now.kind === 'link') taken.push(path);
    else gone.push(path);
  }
  // What is left out must not stay as it once was.
  const forgotten = await update(place, ['--force-remove'], [...skipped, ...gone]);
  if (!forgotten.ok) return forgotten;
  const updated = await update(place, ['--add', '--remove', '--replace'], taken);
  return updated.ok ? success(skipped) : updated;
}

async function update(place: Place, how: readonly string[], paths: readonly RawPath[]): Promise<Result<Buffer>> {
  if (paths.length === 0) return success(Buffer.alloc(0));
  return outputAt(place, ['update-index', '-z', ...how, '--stdin'], { input: rawInput(paths, '\0') });
}
