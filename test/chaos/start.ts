/** Starts the command in a process group of its own, and lets happen to it what the scenario says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Action, Disturbance, Trigger } from './disturbances.js';
import { MARK } from './processes.js';
import { type DoneEdit, doEdit } from './user-edit.js';
import { type World, environment } from './world.js';

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
  readonly command: string;
  readonly world: World;
  readonly args: readonly string[];
  readonly mark: string;
}

export async function callDisturbed(call: Call, disturbances: readonly Disturbance[]): Promise<Disturbed> {
  const { world } = call;
  const child = start(call);
  const edits: DoneEdit[] = [];
  const done: Action[] = [];
  const act = (action: Action): void => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (action.kind === 'edit') edits.push(...[doEdit(world.top, action.edit)].filter((edit) => edit !== null));
    else signal(child, action.kind === 'kill' ? 'SIGKILL' : action.signal, action.group);
    done.push(action);
  };
  const timers: NodeJS.Timeout[] = [];
  const fire = ({ afterMs, action }: Disturbance): void => {
    if (afterMs === 0) act(action);
    else timers.push(setTimeout(() => act(action), afterMs));
  };
  const stop = watch(child, { world, disturbances, fire });
  const ended = await endOf(child);
  stop();
  timers.forEach((timer) => clearTimeout(timer));
  return { ...ended, edits, done };
}

export async function call(one: Call, killAfterMs?: number): Promise<Ended> {
  const child = start(one);
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => signal(child, 'SIGKILL', false), killAfterMs);
  const ended = await endOf(child);
  clearTimeout(timer);
  return ended;
}

function start({ command, world, args, mark }: Call): ChildProcess {
  return spawn(process.execPath, [command, ...args], {
    cwd: world.calledIn,
    env: environment(world, { [MARK]: mark }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function signal(child: ChildProcess, name: NodeJS.Signals, group: boolean): void {
  try {
    if (child.pid !== undefined) process.kill(group ? -child.pid : child.pid, name);
  } catch {
    // It has ended by itself just now.
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
    signal(child, 'SIGKILL', true);
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

interface Watch {
  readonly world: World;
  readonly disturbances: readonly Disturbance[];
  readonly fire: (disturbance: Disturbance) => void;
}

const LOOK_EVERY_MS = 2;

/** Fires each disturbance once; returns how to stop watching. */
function watch(child: ChildProcess, { world, disturbances, fire }: Watch): () => void {
  const waiting = new Set(disturbances.filter(({ trigger }) => trigger.on !== 'delay'));
  for (const one of disturbances) if (one.trigger.on === 'delay') fire(one);
  const check = (holds: (trigger: Trigger) => boolean): void => {
    for (const one of [...waiting]) {
      if (!holds(one.trigger)) continue;
      waiting.delete(one);
      fire(one);
    }
  };
  const seen = { lines: 0, types: new Map<string, number>() };
  onLines(child, (line) => {
    seen.lines += 1;
    const type = /"type":"([a-z-]+)"/.exec(line)?.[1] ?? '';
    seen.types.set(type, (seen.types.get(type) ?? 0) + 1);
    check(
      (trigger) =>
        (trigger.on === 'line' && trigger.number === seen.lines) ||
        (trigger.on === 'event' && (seen.types.get(trigger.type) ?? 0) >= trigger.nth),
    );
  });
  const wantsFiles = [...waiting].some(({ trigger }) => trigger.on === 'file');
  const timer = wantsFiles
    ? setInterval(() => check((trigger) => trigger.on === 'file' && isThere(world, trigger.what)), LOOK_EVERY_MS)
    : undefined;
  return () => clearInterval(timer);
}

function onLines(child: ChildProcess, each: (line: string) => void): void {
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(each);
  });
}

type FileTrigger = Extract<Trigger, { readonly on: 'file' }>['what'];

function isThere({ target, commonDir }: World, what: FileTrigger): boolean {
  if (what === 'lock')
    return (
      namesIn(commonDir === null ? join(target, '.quality', 'lock') : join(commonDir, 'quality', 'lock')).length > 0
    );
  if (what === 'temp') return namesIn(target).some((name) => /^\.quality-.*\.tmp/.test(name));
  const runs = join(target, '.quality', 'runs');
  return namesIn(runs).some((run) =>
    what === 'mark'
      ? namesIn(join(runs, run)).includes('unproven.json')
      : namesIn(join(runs, run, 'journal')).some((name) => name.endsWith('.open.jsonl')),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
