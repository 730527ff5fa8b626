/** Which process this is, so that another one can tell later whether it still runs. */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode, readTextIfThere } from './disk.js';
import { hashText } from './hash.js';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words: tells it from a later process with the same pid. */
  readonly started: string | null;
  /** Which boot of the machine; null where the system does not say. */
  readonly boot: string | null;
  readonly host: string;
  /** Pids are counted anew in each of these; null where the system has none. */
  readonly pidSpace: string | null;
}

/** `elsewhere`: on another machine, or behind a wall on this one; it cannot be known from here. */
export type Life = 'alive' | 'dead' | 'elsewhere';

/** It does not change. */
export function ownIdentity(): Promise<ProcessIdentity> {
  return (own.identity ??= readOwnIdentity());
}

const own: { identity?: Promise<ProcessIdentity> } = {};

async function readOwnIdentity(): Promise<ProcessIdentity> {
  const [{ started }, boot] = await Promise.all([processStat(process.pid), bootId()]);
  return { pid: process.pid, started, boot, host: hostname(), pidSpace: ownPidSpace() };
}

export async function lifeOf(identity: ProcessIdentity): Promise<Life> {
  if (identity.host !== hostname()) return 'elsewhere';
  if (identity.boot !== (await bootId())) return 'dead';
  if (identity.pidSpace !== ownPidSpace()) return 'elsewhere';
  if (!answers(identity.pid)) return 'dead';
  const { started, over } = await processStat(identity.pid);
  if (over) return 'dead';
  return identity.started === null || started === null || started === identity.started ? 'alive' : 'dead';
}

/**
 * This process in a few letters, for names: its pid, where pids are counted like that, and which process it is. Said by the
 * name itself, it is known from the first moment that the named thing is there.
 */
export async function identityTag(): Promise<string> {
  const { pid, started, boot } = await ownIdentity();
  return `${String(pid)}-${placeTag()}-${shortHash([boot, started])}`;
}

export const IDENTITY_TAG = /\d+-[0-9a-f]{8}-[0-9a-f]{8}/;

export async function lifeOfTag(tag: string): Promise<Life> {
  const [pid = '', place, process] = tag.split('-');
  if (place !== placeTag()) return 'elsewhere';
  if (!answers(Number(pid))) return 'dead';
  const [boot, { started, over }] = await Promise.all([bootId(), processStat(Number(pid))]);
  if (over) return 'dead';
  return started === null || process === shortHash([boot, started]) ? 'alive' : 'dead';
}

function placeTag(): string {
  return shortHash([hostname(), ownPidSpace()]);
}

function shortHash(words: readonly (string | null)[]): string {
  return hashText(JSON.stringify(words)).slice(0, 8);
}

/** EPERM means that it is there and belongs to someone else. */
function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

const STATE_FIELD = 0;
/** Field 22 of the line; counted after the name, which may hold blanks and brackets. */
const START_FIELD = 19;

/** `over`: it has ended and only its parent has not taken notice yet. */
async function processStat(pid: number): Promise<{ started: string | null; over: boolean }> {
  if (process.platform === 'win32') return { started: null, over: false };
  if (process.platform !== 'linux') return { started: await startByPs(pid), over: false };
  const line = await readTextIfThere(`/proc/${String(pid)}/stat`).catch(() => null);
  if (line === null) return { started: null, over: false };
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return { started: fields[START_FIELD] ?? null, over: /^[ZX]$/.test(fields[STATE_FIELD] ?? '') };
}

async function startByPs(pid: number): Promise<string | null> {
  const { runProcess } = await import('./process.js');
  const result = await runProcess('ps', ['-o', 'lstart=', '-p', String(pid)], { cwd: '/', env: { LC_ALL: 'C' } });
  const text = result.stdout.toString('utf8').trim();
  return result.end === 'exit' && result.exitCode === 0 && text !== '' ? text : null;
}

async function bootId(): Promise<string | null> {
  return (await readTextIfThere('/proc/sys/kernel/random/boot_id').catch(() => null))?.trim() ?? null;
}

function ownPidSpace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}
