import { type Result, success } from '../model/result.js';
import { capture } from './capture.js';
import { parsePlainLines } from './index-lines.js';
import { refreshOwnIndex } from './own-index.js';
import { type Place, outputAt } from './place.js';
import type { RawPath } from './raw-path.js';

/** The files as they stand now, as a snapshot would hold them, without making one: by path the name of the raw bytes. */
export async function currentTree(place: Place, maxFileBytes: number): Promise<Result<ReadonlyMap<RawPath, string>>> {
  if (place.own) return ownTree(place, maxFileBytes);
  const captured = await capture(place, { store: false, extra: [], maxFileBytes });
  if (!captured.ok) return captured;
  const { index, tracked, untracked } = captured.value;
  const files = new Map<RawPath, string>();
  for (const { path, mode, oid } of index) {
    const state = tracked.get(path);
    if (mode !== '160000' && state !== null) files.set(path, state?.oid ?? oid);
  }
  for (const [path, { oid }] of untracked) files.set(path, oid);
  return success(files);
}

async function ownTree(place: Place, maxFileBytes: number): Promise<Result<ReadonlyMap<RawPath, string>>> {
  const refreshed = await refreshOwnIndex(place, maxFileBytes, []);
  if (!refreshed.ok) return refreshed;
  const lines = await outputAt(place, ['ls-files', '-z', '--stage']);
  return lines.ok ? success(new Map(parsePlainLines(lines.value).map(({ path, oid }) => [path, oid]))) : lines;
}
