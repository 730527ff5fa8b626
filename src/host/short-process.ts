/** Programs that are over in a moment and look after themselves when they are stopped: git. Everything else: process.ts. */
import { startChild } from './child.js';
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
  const env = { ...process.env, ...forGit(), ...PLAIN_OUTPUT, ...options.env };
  const child = startChild('git', args, { ...options, env, isGroup });
  child.process?.once('exit', () => {
    const linger = setTimeout(child.closePipes, LINGER_MS);
    child.process?.once('close', () => clearTimeout(linger));
  });
  const ended = await child.ended;
  if (isGroup && child.pid !== undefined) await killGroupAndWait(child.pid);
  return { ...ended, milliseconds: performance.now() - started, shown: showCommand('git', args) };
}
