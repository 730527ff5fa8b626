/** The door to other programs; git has its own, short-process.ts. Argument lists only, never a shell. */
import { type ChildEnd, startChild, starter } from './child.js';
import { type Family, killFamily, killGroupAndWait, newFamily, signalFamily, waitForEnd } from './process-family.js';
import { PLAIN_OUTPUT, WORKER_MARK, showCommand } from './process-words.js';
import { dieWithUs, prepareToDie } from './reaper.js';

export { WORKER_MARK, showCommand, showWord } from './process-words.js';

export interface RunOptions {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  /** Added to the environment of this process; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Kill the whole process group after this many milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Bytes kept of each output stream; more makes the end `overflow`. 256 MiB unless told. */
  readonly maxBytes?: number;
  /** Gets what the program prints, both streams in one, as it comes. */
  readonly onOutput?: (output: Uint8Array) => void;
}

/** All the ways a process can end. */
export type ProcessEnd = 'exit' | 'signal' | 'timeout' | 'aborted' | 'missing' | 'overflow' | 'spawn-error';

export interface ProcessResult {
  readonly end: ProcessEnd;
  /** null unless `end` is `exit`. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly milliseconds: number;
  /** The command as a person would type it. */
  readonly shown: string;
  /** The system's words when it could not be started. */
  readonly trouble?: string;
}

const KILL_GRACE_MS = 2_000;
/** What a program has left running may keep its pipes open; after this long they are taken away from it. */
const LINGER_MS = 250;

/**
 * Runs a program to its end and never throws for anything that a program can do.
 * It gets a process group of its own. On time-out or abort everything that it has started is ended (TERM, 2 s, KILL), when
 * it ends by itself what is left of the group.
 */
export async function runProcess(file: string, args: readonly string[], options: RunOptions): Promise<ProcessResult> {
  const isGroup = process.platform !== 'win32' && process.env[WORKER_MARK] === undefined;
  if (isGroup) prepareToDie();
  const start = await starter();
  const started = performance.now();
  const { mark, env } = newFamily();
  const stopped: { killer?: FamilyKiller } = {};
  const wishes = { ...options, env: { ...process.env, ...PLAIN_OUTPUT, ...options.env, ...env }, isGroup };
  const onOverflow = (): void => stopped.killer?.stop('overflow');
  const child = startChild(file, args, { maxBytes: MOST_BYTES, ...wishes, onOverflow }, start);
  const family: Family = { leader: child.pid, isGroup, mark };
  const killer = (stopped.killer = new FamilyKiller(family, options));
  const release = dieWithUs(family);
  child.process?.once('exit', () => killer.leaderEnded(child.closePipes));
  try {
    return {
      ...killer.judge(await child.ended),
      milliseconds: performance.now() - started,
      shown: showCommand(file, args),
    };
  } finally {
    await killer.dispose();
    release();
  }
}

const MOST_BYTES = 256 * 1024 * 1024;

/** Ends everything that a program started on time-out, on abort and when it prints too much, and what is left in its group when it has ended itself. */
class FamilyKiller {
  cause: 'timeout' | 'aborted' | 'overflow' | null = null;
  private readonly timer: NodeJS.Timeout | undefined;
  private graceTimer: NodeJS.Timeout | undefined;
  private lingerTimer: NodeJS.Timeout | undefined;
  private readonly onAbort = (): void => this.stop('aborted');

  constructor(
    private readonly family: Family,
    private readonly options: RunOptions,
  ) {
    const { timeoutMs, signal } = options;
    this.timer = timeoutMs === undefined ? undefined : setTimeout(() => this.stop('timeout'), timeoutMs);
    if (signal?.aborted === true) this.onAbort();
    signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  stop(cause: 'timeout' | 'aborted' | 'overflow'): void {
    if (this.cause !== null) return;
    this.cause = cause;
    signalFamily(this.family, 'SIGTERM');
    this.graceTimer = setTimeout(() => void killFamily(this.family), KILL_GRACE_MS);
  }

  /** Whatever it says of its end, once it was told to. */
  judge(ended: ChildEnd): Omit<ProcessResult, 'milliseconds' | 'shown'> {
    return this.cause === null || ended.trouble !== undefined ? ended : { ...ended, end: this.cause, exitCode: null };
  }

  /** First the group goes, which ends its pipes in order; what has left the group loses them. */
  leaderEnded(closePipes: () => void): void {
    this.lingerTimer = setTimeout(() => {
      if (this.group !== null) void killGroupAndWait(this.group);
      this.lingerTimer = setTimeout(closePipes, LINGER_MS);
    }, LINGER_MS);
  }

  async dispose(): Promise<void> {
    clearTimeout(this.timer);
    clearTimeout(this.graceTimer);
    clearTimeout(this.lingerTimer);
    this.options.signal?.removeEventListener('abort', this.onAbort);
    if (this.cause !== null) await waitForEnd(killFamily(this.family));
    // What the program left running in its group goes with it: a grandchild may still be writing.
    if (this.group !== null) await killGroupAndWait(this.group);
  }

  private get group(): number | null {
    return this.family.isGroup ? (this.family.leader ?? null) : null;
  }
}
