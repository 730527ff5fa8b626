/** `.quality/history.jsonl`: a line for each run that came to its end, kept when the runs themselves are long gone. */
import { appendFile, readTextIfThere } from '../host/disk.js';
import { join } from '../host/paths.js';
import type { TrendPoint } from '../model/trend.js';
import { stateFolder } from './run-folder.js';

function trendFile(root: string): string {
  return join(stateFolder(root), 'history.jsonl');
}

export async function appendTrend(root: string, point: TrendPoint): Promise<void> {
  await appendFile(trendFile(root), `${JSON.stringify(point)}\n`);
}

/** Oldest first; a line that was cut off by a crash is passed over. */
export async function readTrend(root: string): Promise<readonly TrendPoint[]> {
  const text = (await readTextIfThere(trendFile(root))) ?? '';
  return text.split('\n').flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): TrendPoint | null {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' && value !== null && 'run' in value ? (value as TrendPoint) : null;
  } catch {
    return null;
  }
}
