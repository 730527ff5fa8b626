import type { ProcessResult } from '../host/process.js';
import { runGit } from '../host/short-process.js';
import type { Failure } from '../model/failure.js';
import { type Result, failed, success } from '../model/result.js';

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** One call of git. Never takes the index lock for a mere look (`GIT_OPTIONAL_LOCKS=0`), never asks, never pages. */
export async function git(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<ProcessResult> {
  return runGit(args, {
    cwd,
    ...options,
    env: {
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      GIT_PAGER: 'cat',
      LC_ALL: 'C',
      // Of somebody who wants to name files literally, or by patterns alone.
      GIT_LITERAL_PATHSPECS: undefined,
      GIT_NOGLOB_PATHSPECS: undefined,
      GIT_GLOB_PATHSPECS: undefined,
      GIT_ICASE_PATHSPECS: undefined,
      ...options.env,
    },
  });
}

/** Output of a git call that must succeed; anything else is a failure with git's own words. */
export async function gitOutput(
  cwd: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<Result<Buffer>> {
  const result = await git(cwd, args, options);
  if (result.end === 'exit' && result.exitCode === 0) return success(result.stdout);
  return failed(gitFailure(result));
}

export function gitFailure(result: ProcessResult): Failure {
  const words = result.stderr.toString('utf8').trim();
  const how = result.end === 'exit' ? `exit code ${String(result.exitCode)}` : (result.trouble ?? result.end);
  return {
    kind: 'tool-crashed',
    tool: 'git',
    message: `\`${result.shown}\` failed: ${how}`,
    ...(words === '' ? {} : { detail: words }),
  };
}

/** The parts of NUL-separated output. */
export function splitNul(output: Buffer): string[] {
  const text = output.toString('utf8');
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
}
