/** Runs the command with environments and users of the test's choice, and looks for processes that outlive it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../../src/model/event.js';
import type { Report } from '../../src/model/report.js';
import { COMMAND, PACKAGE_FOLDER } from '../quality.js';
import { GIT_ENV, type Tree } from '../rig.js';

export const PRETTIER: Tree = { '.prettierrc.json': '{ "singleQuote": true }\n' };
export const MESSY = 'export const a   =  1\n';
export const NEAT = 'export const a = 1;\n';

/** A command line that runs one of the fake tools. */
export function tool(name: string, ...args: string[]): string[] {
  return [process.execPath, join(PACKAGE_FOLDER, 'test/fixtures-tools', `${name}.mjs`), ...args];
}

export function configOf(config: Readonly<Record<string, unknown>>): { readonly '.quality-config.json': string } {
  return { '.quality-config.json': `${JSON.stringify(config, null, 2)}\n` };
}

/** An ESLint config whose one rule does this when it comes to a file; `name` is the file's base name. */
export function eslintRule(body: string): Tree {
  return {
    'eslint.config.mjs': `import { basename } from 'node:path';
const rule = { create(context) { const name = basename(context.filename); ${body}; return {}; } };
export default [{ files: ['**/*.js'], plugins: { own: { rules: { rule } } }, rules: { 'own/rule': 'error' } }];
`,
  };
}

/** A statement that never comes to its end: as good as an endless loop, and costs no processor time. */
export const NEVER_ENDS = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';

export interface Running {
  readonly child: ChildProcess;
  /** Names everything that this command has started. */
  readonly mark: string;
  readonly ended: Promise<Finished>;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly milliseconds: number;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

export const MARK = 'QUALITY_TEST_MARK';

export function start(cwd: string, args: readonly string[], { env = {}, uid }: StartOptions = {}): Running {
  const mark = randomUUID();
  const options: SpawnOptions = {
    cwd,
    env: { ...process.env, ...GIT_ENV, NO_COLOR: '1', FORCE_COLOR: undefined, CI: undefined, ...env, [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  };
  const begun = performance.now();
  const child = spawn(process.execPath, [COMMAND, ...args], options);
  const text = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.out += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (text.err += chunk.toString('utf8')));
  const ended = new Promise<Finished>((resolve) =>
    child.once('exit', (code, signal) => {
      const finish = (): void => resolve({ code, signal, ...text, milliseconds: performance.now() - begun });
      // Whoever has survived may hold the pipes: not waited for here, but found by `survivors`.
      child.once('close', finish);
      setTimeout(finish, 1_000).unref();
    }),
  );
  return { child, mark, ended };
}

/** Processes that a command has started and that are still there. */
export function processesOf(mark: string): string[] {
  const word = `${MARK}=${mark}`;
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(word));
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** As `processesOf`, after a moment in which they may end. */
export async function survivors(mark: string, withinMs = 2_000): Promise<string[]> {
  if (!existsSync('/proc/self/environ')) return [];
  const until = performance.now() + withinMs;
  while (processesOf(mark).length > 0 && performance.now() < until) await sleep(20);
  return processesOf(mark).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
}

export interface Reported extends Finished {
  readonly report: Report;
  readonly events: readonly Event[];
  readonly mark: string;
}

/** `quality run` to its end, with everything that can be known of it. */
export async function run(cwd: string, args: readonly string[] = [], options: StartOptions = {}): Promise<Reported> {
  const { ended, mark } = start(cwd, ['run', '--reporter', 'json', ...args], options);
  const finished = await ended;
  let report: Report;
  try {
    report = JSON.parse(finished.out) as Report;
  } catch {
    throw new Error(`No report came back (exit code ${String(finished.code)}):\n${finished.out}\n${finished.err}`);
  }
  return { ...finished, report, mark, events: eventsOf(cwd, report.run) };
}

export function eventsOf(cwd: string, id: string): Event[] {
  const file = join(cwd, '.quality/runs', id, 'events.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Event);
}

export async function until(condition: () => boolean, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error('It did not come about in time');
    await sleep(10);
  }
}

/** Work that the first who asks has done; all get what came of it. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  const answer: { value?: Promise<T> } = {};
  return () => (answer.value ??= work());
}
