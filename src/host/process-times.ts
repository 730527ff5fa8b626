/** What the kernel has counted for a process. */
import { readFileSync } from 'node:fs';

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Its own and that of the children which it has seen end. */
  readonly seconds: number;
  /** Of memory, in units of the kernel's. */
  readonly pages: number;
}

/** Of the clock that the kernel counts processor time by; the same on every Linux that Node runs on. */
export const TICKS = 100;

/** null: there is no such process, or this is not a Linux. */
export function timesOf(pid: number): ProcessTimes | null {
  const line = statOf(pid);
  if (line === null) return null;
  // The name, in brackets, may hold anything; the fields after it are counted from the state on.
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0, pages = 0] = [fields[1], fields[21]];
  const seconds = fields.slice(11, 15).reduce((sum, value) => sum + value, 0) / TICKS;
  return { pid, parent, seconds, pages };
}

function statOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  } catch {
    return null;
  }
}
