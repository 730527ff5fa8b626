/** Starts a program and tells how it ended: the one place that does. Argument lists only, never a shell. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { errorCode } from './disk.js';

export interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Leads a process group of its own. */
  readonly isGroup: boolean;
  readonly input?: string | Uint8Array;
  /** Of each output stream so many bytes are kept. */
  readonly maxBytes?: number;
  /** Called when there is more, once for each. */
  readonly onOverflow?: () => void;
  /** Gets what the program prints, both streams in one, as it comes. */
  readonly onOutput?: (output: Uint8Array) => void;
}

export interface ChildEnd {
  readonly end: 'exit' | 'signal' | 'missing' | 'spawn-error';
  /** null unless `end` is `exit`. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** The system's words when it could not be started. */
  readonly trouble?: string;
}

export interface Child {
  /** undefined where it could not be started. */
  readonly pid: number | undefined;
  /** null where it could not even be tried. */
  readonly process: ChildProcess | null;
  /** When it has ended and nobody writes into its pipes any more. Never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** What it has left running may keep its pipes open: from here on nothing is read from them. */
  readonly closePipes: () => void;
}

type Start = (file: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

export function startChild(file: string, args: readonly string[], options: ChildOptions, start: Start = spawn): Child {
  const { cwd, env, isGroup, input } = options;
  try {
    const stdin = input === undefined ? 'ignore' : 'pipe';
    const child = start(file, args, { cwd, env, detached: isGroup, stdio: [stdin, 'pipe', 'pipe'], windowsHide: true });
    const closePipes = (): void => [child.stdout, child.stderr].forEach((pipe) => pipe?.destroy());
    return { pid: child.pid, process: child, ended: endOf(child, options), closePipes };
  } catch (error) {
    // Arguments that the system does not take: too long, or with a NUL in them.
    const trouble = error instanceof Error ? error.message : String(error);
    const ended = Promise.resolve({ ...notStarted('spawn-error', trouble), ...NO_OUTPUT });
    return { pid: undefined, process: null, ended, closePipes: () => undefined };
  }
}

/** On Windows programs are scripts as well, and their arguments one line. */
export async function starter(): Promise<Start> {
  return process.platform === 'win32' ? (await import('cross-spawn')).default : spawn;
}

const NOTHING = Buffer.alloc(0);
const NO_OUTPUT = { stdout: NOTHING, stderr: NOTHING };

function notStarted(end: 'missing' | 'spawn-error', trouble: string): Omit<ChildEnd, 'stdout' | 'stderr'> {
  return { end, exitCode: null, signal: null, trouble };
}

function endOf(child: ChildProcess, options: ChildOptions): Promise<ChildEnd> {
  const stdout = collect(child.stdout, options);
  const stderr = collect(child.stderr, options);
  const said = (): Pick<ChildEnd, 'stdout' | 'stderr'> => ({ stdout: stdout(), stderr: stderr() });
  // It may end before it has read everything: its own words say why.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      const end = errorCode(error) === 'ENOENT' ? 'missing' : 'spawn-error';
      resolve({ ...notStarted(end, error.message), ...said() });
    });
    child.once('close', (exitCode, signal) => {
      const how = signal === null ? ({ end: 'exit', exitCode } as const) : ({ end: 'signal', exitCode: null } as const);
      resolve({ ...how, signal, ...said() });
    });
  });
}

/** What has come through the pipe so far, when it is asked. */
function collect(
  pipe: Readable | null,
  { maxBytes = Infinity, onOverflow, onOutput }: Pick<ChildOptions, 'maxBytes' | 'onOverflow' | 'onOutput'>,
): () => Buffer {
  const parts: Buffer[] = [];
  let left = maxBytes;
  pipe?.on('data', (part: Buffer) => {
    onOutput?.(part);
    if (left >= 0 && part.byteLength > left) onOverflow?.();
    if (left > 0) parts.push(part.subarray(0, left));
    left -= part.byteLength;
  });
  return () => Buffer.concat(parts);
}
