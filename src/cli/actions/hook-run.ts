import type { HookOutcome } from '../../hook/request.js';
import type { Failure } from '../../model/failure.js';
import type { Result } from '../../model/result.js';
import { withSignals } from '../signals.js';
import { refuse, wantsColor } from '../terminal.js';

export interface HookRunFlags {
  readonly fix?: boolean;
  readonly allowEmpty?: boolean;
  readonly config?: string;
  readonly workflow?: string;
  readonly cache?: boolean;
  readonly lockTimeout?: number;
  readonly color?: boolean;
}

/** What git's hook of this name calls, with the arguments that git gives it. */
export async function hookRun(hook: string, args: readonly string[], flags: HookRunFlags): Promise<void> {
  if (process.env.QUALITY === '0') return;
  const outcome = await withSignals((signal) => start(hook, { args, flags, signal }));
  const { showHook, skipHint } = await import('../../reporters/hook-text.js');
  if (!outcome.ok) {
    refuse(outcome.failure);
    const skip = skipHint(hook);
    if (skip !== null) process.stderr.write(`  ${skip}\n`);
    return;
  }
  process.stdout.write(showHook(outcome.value, { hook, color: wantsColor(flags.color, process.stdout) }));
  process.exitCode = outcome.value.exitCode;
}

interface Start {
  readonly args: readonly string[];
  readonly flags: HookRunFlags;
  readonly signal: AbortSignal;
}

async function start(hook: string, { args, flags, signal }: Start): Promise<Result<HookOutcome, readonly Failure[]>> {
  const { runHook } = await import('../../hook/run-hook.js');
  return runHook(
    {
      cwd: process.cwd(),
      hook,
      args,
      stdin: readStandardInput,
      fix: flags.fix ?? true,
      allowEmpty: flags.allowEmpty ?? process.env.QUALITY_ALLOW_EMPTY === '1',
      ...(flags.config === undefined ? {} : { configFile: flags.config }),
      ...(flags.workflow === undefined ? {} : { workflow: flags.workflow }),
      ...(flags.cache === undefined ? {} : { cache: flags.cache }),
      ...(flags.lockTimeout === undefined ? {} : { lockTimeoutMs: flags.lockTimeout }),
      commandLine: process.argv.slice(2),
    },
    { signal, onNotice: (message) => void process.stderr.write(`${message}\n`) },
  );
}

async function readStandardInput(): Promise<string> {
  if (process.stdin.isTTY) return '';
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
