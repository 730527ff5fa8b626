/** Starts a program in a process group of its own, and lets happen to it what the scenario says. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Action, Blow, Commit, Disturbance } from './disturbances.js';
import { MARK, markedProcesses } from './processes.js';
import { type DoneEdit, doAdd, doEdit } from './user-edit.js';
import { holding, watch } from './watch.js';
import { environment } from './git.js';
import type { World } from './world.js';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly hung: boolean;
  readonly milliseconds: number;
}

export interface Disturbed extends Ended {
  readonly edits: readonly DoneEdit[];
  readonly done: readonly Action[];
}

const HANG_MS = 90_000;

export interface Call {
  /** Program and arguments. */
  readonly words: readonly [string, ...string[]];
  readonly world: World;
  readonly mark: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Begins a commit, which nobody waits for. */
  readonly onCommit?: (commit: Commit) => void;
}

/** A call of the command. */
export function words(command: string, args: readonly string[]): Call['words'] {
  return [process.execPath, command, ...args];
}

export async function callDisturbed(call: Call, disturbances: readonly Disturbance[]): Promise<Disturbed> {
  const child = start({ ...call, env: { ...call.env, ...holding(call, disturbances) } });
  const { deeds } = call.world;
  const editsBefore = deeds.edits.length;
  const done: Action[] = [];
  const act = (action: Action): void => {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (!(isOver && action.kind !== 'commit') && perform(action, { call, child })) done.push(action);
  };
  const timers: NodeJS.Timeout[] = [];
  const fire = ({ afterMs, action }: Disturbance): void => {
    if (afterMs === 0) act(action);
    else timers.push(setTimeout(() => act(action), afterMs));
  };
  const stop = watch(child, { call, disturbances, fire });
  const ended = await endOf(child);
  stop();
  timers.forEach((timer) => clearTimeout(timer));
  // Who commits does so, whatever became of the command.
  for (const { action } of disturbances) if (action.kind === 'commit' && !done.includes(action)) act(action);
  return { ...ended, edits: deeds.edits.slice(editsBefore), done };
}

/** False where there was nobody to hit. */
function perform(action: Action, { call, child }: { readonly call: Call; readonly child: ChildProcess }): boolean {
  const { top, deeds } = call.world;
  switch (action.kind) {
    case 'edit':
      deeds.edits.push(...[doEdit(top, action.edit)].filter((edit) => edit !== null));
      return true;
    case 'add':
      deeds.adds.push(doAdd(top, action.path));
      return true;
    case 'commit':
      call.onCommit?.(action.commit);
      return true;
    default:
      return strike(action, call.mark, child);
  }
}

function strike(blow: Blow, mark: string, child: ChildProcess): boolean {
  const name = blow.kind === 'kill' ? 'SIGKILL' : blow.signal;
  if (blow.to !== 'hook') return signal(child.pid, name, blow.to === 'group');
  const hooks = markedProcesses(mark).filter(({ words: text }) =>
    /quality-hook pre-commit|hook run pre-commit/.test(text),
  );
  return hooks.filter(({ pid }) => signal(pid, name, false)).length > 0;
}

export async function call(one: Call, killAfterMs?: number): Promise<Ended> {
  const child = start(one);
  const timer =
    killAfterMs === undefined ? undefined : setTimeout(() => signal(child.pid, 'SIGKILL', false), killAfterMs);
  const ended = await endOf(child);
  clearTimeout(timer);
  return ended;
}

function start({ words: [program, ...args], world, mark, env }: Call): ChildProcess {
  return spawn(program, args, {
    cwd: world.calledIn,
    env: environment(world, { ...env, [MARK]: mark }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** False where it has ended by itself just now. */
function signal(pid: number | undefined, name: NodeJS.Signals, group: boolean): boolean {
  try {
    return pid !== undefined && process.kill(group ? -pid : pid, name);
  } catch {
    return false;
  }
}

function endOf(child: ChildProcess): Promise<Ended> {
  const started = performance.now();
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const state = { hung: false };
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  const timer = setTimeout(() => {
    state.hung = true;
    signal(child.pid, 'SIGKILL', true);
  }, HANG_MS);
  return new Promise((resolve) => {
    child.once('close', (code, name) => {
      clearTimeout(timer);
      const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      const milliseconds = Math.round(performance.now() - started);
      resolve({ code, signal: name, out: text(out), err: text(err), hung: state.hung, milliseconds });
    });
  });
}
