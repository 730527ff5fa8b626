/** One command, run to its end: how long it took, how much processor time all its processes used, how it ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Command {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes by which it says that it has found something; 1 unless told. */
  readonly findings?: readonly number[];
  /** What it finds does not count: it is there for what it changes. */
  readonly findingsIgnored?: true;
}

export interface Ended {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly code: number;
  /** What it printed. */
  readonly output: string;
}

export interface Watcher {
  readonly started: (pid: number) => void;
  readonly ended: () => void;
}

/** `times` prints what the shell's children have used, and theirs: nothing else tells it without a native module. */
const TIMED = '"$@" 3>&-; code=$?; times >&3; exit $code';

const running = new Set<ChildProcess>();

/** Ends what is being measured, with all that it has started; false where there is nothing. The run then counts as failed. */
export function stopRunning(): boolean {
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  return running.size > 0;
}

export function runCommand({ words, env }: Command, folder: string, watcher?: Watcher): Promise<Ended> {
  // Beside the working copy: it goes with it.
  const log = join(folder, '..', 'output.log');
  const output = openSync(log, 'w');
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', TIMED, 'sh', ...words], {
    cwd: folder,
    env: { ...process.env, ...CALM, ...env },
    stdio: ['ignore', output, output, 'pipe'],
    detached: true,
  });
  closeSync(output);
  running.add(child);
  if (child.pid !== undefined) watcher?.started(child.pid);
  let times = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => (times += chunk.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const wallMs = performance.now() - started;
      watcher?.ended();
      running.delete(child);
      resolve({ wallMs, cpuMs: cpuOf(times), code: code ?? -1, output: readFileSync(log, 'utf8') });
    });
  });
}

/** The same for both sides: no colours, no CI special cases, nobody's own git settings, no telemetry. */
const CALM = {
  NO_COLOR: '1',
  CI: '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  TURBO_TELEMETRY_DISABLED: '1',
  npm_config_update_notifier: 'false',
};

/** The second line is that of the children: `1m2.345s 0m0.678s`. */
function cpuOf(times: string): number {
  const seconds = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return seconds.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60_000 + Number(rest) * 1000, 0);
}
