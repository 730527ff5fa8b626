import { writeFile } from '../../host/disk.js';
import { evidenceOf } from '../../evidence.js';
import { exitCodeOf } from '../../model/failure.js';
import type { Request } from '../../open.js';
import { type RunResult, run } from '../../run.js';
import { REPORTERS } from '../../reporters/registry.js';
import type { Output, Reporter } from '../../reporters/reporter.js';
import type { RunFlags } from '../options.js';
import { withSignals } from '../signals.js';
import type { writeReports as WriteReports } from './report.js';
import { askOnTerminal, isCapable, outputFor, refuse } from '../terminal.js';

/** Runs, shows, and sets the exit code. */
export async function runCommand(request: Request, flags: RunFlags): Promise<void> {
  const { name, output, diffOnOutput } = displayFor(flags);
  const reporter = await reporterOf(name, flags, output);
  const aside = reporter.aside ?? (async (work) => work());
  const result = await withSignals((signal) =>
    run(request, {
      onPlan: reporter.onPlan,
      onEvent: reporter.onEvent,
      onNotice: (message) => void aside(() => process.stderr.write(`${message}\n`)),
      signal,
      ...(process.stdin.isTTY ? { ask: (...question) => aside(() => askOnTerminal(...question)) } : {}),
    }),
  );
  if (!result.ok) {
    refuse(result.failure);
    return;
  }
  const { report, folder, root } = result.value;
  await reporter.onEnd({ report, folder, evidence: evidenceOf(result.value) });
  if (flags.dryRun === true) await showPatch(result.value, flags.patch, diffOnOutput);
  const failures = flags.report === undefined ? [] : await saveReports(root, report.run, flags.report);
  if (failures.length > 0) refuse(failures);
  process.exitCode = Math.max(result.value.exitCode, ...failures.map(exitCodeOf));
}

interface Display {
  readonly name: string;
  readonly output: Output;
  /** Standard output is the diff's: all else goes beside it. */
  readonly diffOnOutput: boolean;
}

function displayFor(flags: RunFlags): Display {
  const printsDiff = flags.dryRun === true && flags.patch === undefined;
  const name = flags.reporter ?? (isCapable(printsDiff ? process.stderr : process.stdout) ? 'live' : 'plain');
  const parsable = name !== 'plain' && name !== 'live';
  const diffOnOutput = printsDiff && !parsable;
  const output = outputFor(flags.color, parsable || diffOnOutput);
  return { name, output: diffOnOutput ? { ...output, out: output.progress } : output, diffOnOutput };
}

async function reporterOf(name: string, flags: RunFlags, output: Output): Promise<Reporter> {
  const load = REPORTERS[name];
  if (load === undefined) throw new Error(`No reporter is called ${name}`);
  return (await load())({
    output,
    verbosity: flags.quiet === true ? 'quiet' : flags.verbose === true ? 'verbose' : 'normal',
  });
}

/** Loaded when it is asked for: with it comes all that takes a run back. */
async function saveReports(...asked: Parameters<typeof WriteReports>): ReturnType<typeof WriteReports> {
  const { writeReports } = await import('./report.js');
  return writeReports(...asked);
}

async function showPatch(result: RunResult, file: string | undefined, onOutput: boolean): Promise<void> {
  const { changesOf, findRun, patchOfRun } = await import('../../history.js');
  const past = await findRun(result.root, result.report.run);
  if (!past.ok || changesOf(past.value).length === 0) return;
  const patch = await patchOfRun(past.value);
  if (file !== undefined) await writeFile(file, patch);
  else if (onOutput) process.stdout.write(patch);
}
