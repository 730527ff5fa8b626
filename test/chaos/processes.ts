/** Processes of a scenario, found by a mark in their environment. */
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const MARK = 'QUALITY_CHAOS_MARK';

export interface Marked {
  readonly pid: number;
  readonly words: string;
}

export function markedProcesses(mark: string): Marked[] {
  const wanted = `${MARK}=${mark}\0`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (!`${readFileSync(`/proc/${name}/environ`, 'latin1')}\0`.includes(wanted)) return [];
        return { pid: Number(name), words: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') };
      } catch {
        return [];
      }
    });
}

const POLL_MS = 40;

/** Those that are still there after the grace. */
export async function orphansAfter(mark: string, graceMs: number): Promise<Marked[]> {
  const end = Date.now() + graceMs;
  for (;;) {
    const left = markedProcesses(mark);
    if (left.length === 0 || Date.now() > end) return left;
    await sleep(POLL_MS);
  }
}
