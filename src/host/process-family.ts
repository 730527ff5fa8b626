/** Everything that a program has started, however far it has moved away: found, and ended for good. */
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from './disk.js';

export interface Family {
  /** In the environment of each member, also of those whose parents are gone. */
  readonly mark: string;
  /** The program itself; undefined when it could not be started. */
  readonly leader: number | undefined;
  /** Does it lead a process group of its own? */
  readonly isGroup: boolean;
}

/** Holds the marks of all families that a process belongs to, the outermost first. */
const MARKS = 'QUALITY_FAMILY';

export function newFamily(): { readonly mark: string; readonly env: Readonly<Record<string, string>> } {
  const mark = randomBytes(8).toString('hex');
  return { mark, env: { [MARKS]: `${process.env[MARKS] ?? ''}/${mark}` } };
}

/** False when there is no such process or group any more. A negative pid is a group. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Asks all members to end. */
export function signalFamily(family: Family, signal: NodeJS.Signals): void {
  const { leader, isGroup } = family;
  if (leader === undefined) return;
  const strays = membersOf(family, new Set());
  signalProcess(isGroup ? -leader : leader, signal);
  for (const pid of strays) if (pid !== leader) signalProcess(pid, signal);
}

/**
 * Kills all members, before it returns. They are halted first, until no new one is found: between being seen and being
 * killed a running one could start another, which nobody would see.
 */
export function killFamily(family: Family): readonly number[] {
  const { leader, isGroup } = family;
  if (leader === undefined) return [];
  const found = new Set<number>();
  for (let fresh = membersOf(family, found); fresh.length > 0; fresh = membersOf(family, found))
    for (const pid of fresh) {
      found.add(pid);
      signalProcess(pid, 'SIGSTOP');
    }
  signalProcess(isGroup ? -leader : leader, 'SIGKILL');
  for (const pid of found) signalProcess(pid, 'SIGKILL');
  return [...found];
}

const GONE_POLL_MS = 5;
/** Where nobody takes notice of orphans that have ended, they look alive for ever: not longer than this. */
const GONE_LIMIT_MS = 300;

/** Waits until none of them can write any more. A negative pid is a group. */
export async function waitForEnd(pids: readonly number[]): Promise<void> {
  const isLeft = (): boolean => pids.some((pid) => signalProcess(pid, 0));
  for (let waited = 0; waited < GONE_LIMIT_MS && isLeft(); waited += GONE_POLL_MS) await pause(GONE_POLL_MS);
}

/** Kills what is left in a group whose leader has ended, and waits for it. */
export async function killGroupAndWait(group: number): Promise<void> {
  if (signalProcess(-group, 'SIGKILL')) await waitForEnd([-group]);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** Those that are not known yet; [] where the system does not say. */
function membersOf({ leader, isGroup, mark }: Family, known: ReadonlySet<number>): number[] {
  if (process.platform !== 'linux') return [];
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? processOf(name) : []));
  const found = new Set(known);
  const isKin = ({ pid, parent, group }: Process): boolean =>
    pid === leader || found.has(parent) || (isGroup && group === leader);
  const others = all.filter(({ pid }) => pid !== process.pid);
  // Once for each: that is a file to read.
  for (const one of others) if (!found.has(one.pid) && (isKin(one) || hasMark(one.pid, mark))) found.add(one.pid);
  for (let more = true; more;) {
    const fresh = others.filter((one) => !found.has(one.pid) && isKin(one));
    for (const { pid } of fresh) found.add(pid);
    more = fresh.length > 0;
  }
  return [...found].filter((pid) => !known.has(pid));
}

function processOf(name: string): Process[] {
  try {
    const line = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The name, in brackets, may hold anything; state, parent and group follow it.
    const [state, parent, group] = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), group: Number(group) }];
  } catch {
    return [];
  }
}

function hasMark(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${String(pid)}/environ`).includes(mark);
  } catch {
    return false;
  }
}
