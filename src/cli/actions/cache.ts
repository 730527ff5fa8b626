import { type CachePart, clearCache, measureCache, optimizeCache } from '../../cache.js';
import type { Failure } from '../../model/failure.js';
import { count } from '../../reporters/text.js';
import type { Target } from '../../target.js';
import { withTarget } from './history.js';

export const showCache = (): Promise<void> => withTarget(show);
export const forgetCache = (): Promise<void> => withTarget((target) => change(target, clearCache));
export const shrinkCache = (): Promise<void> => withTarget((target) => change(target, optimizeCache));

async function show(target: Target): Promise<readonly Failure[]> {
  const parts = await measureCache(target);
  for (const { name, rows, bytes } of parts)
    process.stdout.write(`${name.padEnd(8)} ${count(rows, 'entry', 'entries').padStart(16)}  ${showBytes(bytes)}\n`);
  process.stdout.write(`${showBytes(total(parts))} in all\n`);
  return [];
}

async function change(target: Target, work: typeof clearCache): Promise<readonly Failure[]> {
  const before = total(await measureCache(target));
  const done = await work(target);
  if (!done.ok) return done.failure;
  const after = total(await measureCache(target));
  process.stdout.write(`${showBytes(before)} before, ${showBytes(after)} now\n`);
  return [];
}

function total(parts: readonly CachePart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

function showBytes(bytes: number): string {
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}
