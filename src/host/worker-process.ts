import { fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { countAsOwn } from './busy.js';
import { WORKER_MARK } from './process.js';
import { type Family, killFamily, killGroupAndWait, newFamily, signalProcess, waitForEnd } from './process-family.js';
import { dieWithUs, prepareToDie } from './reaper.js';

/** A child process that runs one of our own modules and talks in structured messages. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  readonly send: (message: unknown) => void;
  /** Ends it and everything it started, at once. */
  readonly kill: () => void;
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<void>;
}

export interface WorkerListeners {
  readonly onMessage: (message: unknown) => void;
  /** Called once, when the process is gone. `output` is the end of what it printed. */
  readonly onExit: (end: { readonly how: string; readonly output: string }) => void;
}

const OUTPUT_KEPT = 8 * 1024;
const LAST_WORDS_MS = 100;
const GROUPS = process.platform !== 'win32';

/**
 * Starts `module` in a process group of its own, so that what a tool starts in there can be ended with it. What it prints
 * is kept for crash reports and never mixes with ours.
 */
export function startWorkerProcess(
  module: string,
  nodeArguments: readonly string[],
  listeners: WorkerListeners,
): WorkerProcess {
  if (GROUPS) prepareToDie();
  const { mark, env } = newFamily();
  const child = fork(module, [], {
    serialization: 'advanced',
    detached: GROUPS,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [...nodeArguments],
    env: { ...process.env, ...env, [WORKER_MARK]: '1' },
  });
  if (child.pid !== undefined) countAsOwn(child.pid);
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_KEPT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('message', listeners.onMessage);
  const family: Family = { leader: child.pid, isGroup: GROUPS, mark };
  const release = dieWithUs(family);
  let killed: readonly number[] = [];
  const kill = (): void => {
    killed = killFamily(family);
  };
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${String(code)}` : `signal ${signal}`));
  });
  const printed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = gone.then(async (how) => {
    await waitForEnd(killed);
    if (GROUPS && child.pid !== undefined) await killGroupAndWait(child.pid);
    // Its last words may come after its end.
    await Promise.race([printed, pause(LAST_WORDS_MS, undefined, { ref: false })]);
    release();
    listeners.onExit({ how, output });
  });
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message as object, () => undefined);
    },
    kill,
    ended,
  };
}

/** In a worker: receive messages from the main process, and end when it is gone. */
export function serveParent(onMessage: (message: unknown, reply: (message: unknown) => void) => void): void {
  const reply = (message: unknown): void => {
    process.send?.(message);
  };
  process.on('message', (message) => onMessage(message, reply));
  // Whatever a tool has started in here goes too. A worker that cannot hear this is ended from outside (reaper.ts).
  process.on('disconnect', () => {
    if (GROUPS) signalProcess(-process.pid, 'SIGKILL');
    process.exit(0);
  });
}

/** Tools look for plugins and configs from the current folder; a worker runs one job at a time, so it may move. */
export function enterFolder(folder: string): void {
  if (process.cwd() !== folder) process.chdir(folder);
}
