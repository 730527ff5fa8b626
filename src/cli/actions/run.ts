import { writeFile } from '../../host/disk.js';
import { changesOf, findRun, patchOfRun } from '../../history.js';
import type { Request } from '../../open.js';
import { type RunResult, run } from '../../run.js';
import { REPORTERS } from '../../reporters/registry.js';
import type { Reporter } from '../../reporters/reporter.js';
import type { RunFlags } from '../options.js';
import { withSignals } from '../signals.js';
import { askOnTerminal, outputFor, refuse } from '../terminal.js';

/** Runs, shows, and sets the exit code. */
export async function runCommand(request: Request, flags: RunFlags): Promise<void> {
  const parsable = flags.reporter !== 'plain';
  const diffOnOutput = flags.dryRun === true && flags.patch === undefined && !parsable;
  const output = outputFor(flags.color, parsable || diffOnOutput);
  const reporter = reporterOf(flags, diffOnOutput ? { ...output, out: output.progress } : output);
  const result = await withSignals((signal) =>
    run(request, {
      onPlan: reporter.onPlan,
      onEvent: reporter.onEvent,
      onNotice: (message) => void process.stderr.write(`${message}\n`),
      signal,
      ...(process.stdin.isTTY ? { ask: askOnTerminal } : {}),
    }),
  );
  if (!result.ok) {
    refuse(result.failure);
    return;
  }
  reporter.onEnd(result.value.report, result.value.folder);
  if (flags.dryRun === true) await showPatch(result.value, flags.patch, diffOnOutput);
  process.exitCode = result.value.exitCode;
}

function reporterOf(
  flags: RunFlags,
  output: Parameters<NonNullable<(typeof REPORTERS)[string]>>[0]['output'],
): Reporter {
  const factory = REPORTERS[flags.reporter];
  if (factory === undefined) throw new Error(`No reporter is called ${flags.reporter}`);
  return factory({ output, verbosity: flags.quiet === true ? 'quiet' : flags.verbose === true ? 'verbose' : 'normal' });
}

async function showPatch(result: RunResult, file: string | undefined, onOutput: boolean): Promise<void> {
  const past = await findRun(result.root, result.report.run);
  if (!past.ok || changesOf(past.value).length === 0) return;
  const patch = await patchOfRun(past.value);
  if (file !== undefined) await writeFile(file, patch);
  else if (onOutput) process.stdout.write(patch);
}
