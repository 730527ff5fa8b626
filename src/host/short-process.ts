/**
 * Programs that are over in a moment and look after themselves when they are stopped: git. Nothing is loaded for them but
 * what Node has; everything else is started by process.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { errorCode } from './disk.js';
import { forGit } from './git-environment.js';
import type { ProcessResult, RunOptions } from './process.js';
import { killGroupAndWait } from './process-family.js';
import { PLAIN_OUTPUT, WORKER_MARK, showCommand } from './process-words.js';

/** What it has left running may keep its pipes open; after this long they are taken away from it. */
const LINGER_MS = 250;

/** Never throws for anything that the program can do. What is left of its process group goes with it. */
export async function runGit(
  args: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'input' | 'env'>,
): Promise<ProcessResult> {
  const isGroup = process.platform !== 'win32' && process.env[WORKER_MARK] === undefined;
  const started = performance.now();
  const child = spawn('git', args, {
    cwd: options.cwd,
    env: { ...process.env, ...forGit(), ...PLAIN_OUTPUT, ...options.env },
    detached: isGroup,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const ended = await endOf(child, options.input);
  if (isGroup && child.pid !== undefined) await killGroupAndWait(child.pid);
  return { ...ended, milliseconds: performance.now() - started, shown: showCommand('git', args) };
}

function endOf(
  child: ChildProcess,
  input: RunOptions['input'],
): Promise<Omit<ProcessResult, 'milliseconds' | 'shown'>> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => out.push(part));
  child.stderr?.on('data', (part: Buffer) => err.push(part));
  // It may end before it has read everything: its own words say why.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const said = (): Pick<ProcessResult, 'stdout' | 'stderr'> => ({
    stdout: Buffer.concat(out),
    stderr: Buffer.concat(err),
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      const end = errorCode(error) === 'ENOENT' ? 'missing' : 'spawn-error';
      resolve({ end, exitCode: null, signal: null, ...said(), trouble: error.message });
    });
    child.once('exit', () => {
      const linger = setTimeout(() => [child.stdout, child.stderr].forEach((pipe) => pipe?.destroy()), LINGER_MS);
      child.once('close', () => clearTimeout(linger));
    });
    child.once('close', (exitCode, signal) =>
      resolve({
        end: signal === null ? 'exit' : 'signal',
        exitCode: signal === null ? exitCode : null,
        signal,
        ...said(),
      }),
    );
  });
}
