/**
 * What is kept of runs when they themselves are long gone, a line for each: of all in `.quality/history.jsonl`, and where
 * the config names a file for it, in that one too, which is committed and shared.
 */
import { appendFile, makeFolder, readTextIfThere, stat } from '../host/disk.js';
import { dirname, join } from '../host/paths.js';
import { putFile } from '../host/put-file.js';
import { type TrendPoint, inOrder, thinned, withNews } from '../model/trend.js';
import { stateFolder } from './run-folder.js';

function ownFile(root: string): string {
  return join(stateFolder(root), 'history.jsonl');
}

/** Below this size the file has not too many lines, whatever they hold: it is not even read. */
const SMALL_BYTES = 400 * 1024;

export async function appendTrend(root: string, point: TrendPoint): Promise<void> {
  const file = ownFile(root);
  await appendFile(file, textOf([point]));
  if ((await stat(file)).size < SMALL_BYTES) return;
  const points = await readPoints(file);
  const kept = thinned(points);
  if (kept.length < points.length) await putFile(file, textOf(kept));
}

/** Only what is news is written: a file that is committed is not to change with every run. */
export async function shareTrend(root: string, file: string, point: TrendPoint): Promise<void> {
  const path = join(root, file);
  const points = await readPoints(path);
  const kept = thinned(withNews(points, point));
  if (kept === points) return;
  await makeFolder(dirname(path));
  await putFile(path, textOf(kept));
}

/** Oldest first. `shared`: the file that the config names for it, if it does. */
export async function readTrend(root: string, shared: string | undefined): Promise<readonly TrendPoint[]> {
  const files = [...(shared === undefined ? [] : [join(root, shared)]), ownFile(root)];
  return inOrder((await Promise.all(files.map(readPoints))).flat());
}

/** Lines that a crash has cut off, and those with which git marks a conflict, are passed over. */
async function readPoints(file: string): Promise<readonly TrendPoint[]> {
  const text = (await readTextIfThere(file)) ?? '';
  return inOrder(text.split('\n').flatMap((line) => parseLine(line) ?? []));
}

/** What earlier versions did not note. */
const UNKNOWN: Partial<TrendPoint> = { bytes: null, deadCode: null, complexity: null, cognitive: null, lines: null };

/** Fields stay in their order, so that a line that is written again is the same line. */
function whole(point: TrendPoint): TrendPoint {
  const missing = Object.entries(UNKNOWN).filter(([field]) => !Object.hasOwn(point, field));
  return { ...point, ...(Object.fromEntries(missing) as Partial<TrendPoint>) };
}

function parseLine(line: string): TrendPoint | null {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null && 'run' in value ? whole(value as TrendPoint) : null;
  } catch {
    return null;
  }
}

function textOf(points: readonly TrendPoint[]): string {
  return points.map((point) => `${JSON.stringify(point)}\n`).join('');
}
