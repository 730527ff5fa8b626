/** Starts `quality run` as a person would, and leaves its reports in a folder of their own. */
import { randomUUID } from 'node:crypto';
import { exists, makeFolder, writeFile } from '../host/disk.js';
import { join } from '../host/paths.js';
import { type RunOptions, runProcess } from '../host/process.js';
import { childEnvironment } from './environment.js';
import type { Inputs } from './inputs.js';
import { withoutCommands } from './log.js';
import type { QualityCommand } from './quality-command.js';
import type { Runner } from './runner.js';

/** What the action reads itself. */
const NEEDED = ['json', 'sarif', 'markdown'];
const ENDINGS: Readonly<Record<string, string>> = {
  json: 'quality.json',
  sarif: 'quality.sarif',
  markdown: 'quality.md',
  html: 'quality.html',
  text: 'quality.txt',
  junit: 'junit.xml',
  checkstyle: 'checkstyle.xml',
  gitlab: 'gitlab.json',
};

const MOST_WORDS = 4_000;

export interface QualityRun {
  readonly runner: Runner;
  readonly inputs: Inputs;
  readonly command: QualityCommand;
  /** Hash of the commit to compare with. */
  readonly base: string | null;
  /** May it change files? */
  readonly writes: boolean;
  readonly signal: AbortSignal;
}

export interface QualityEnd {
  /** null: it was killed, or could not be started. */
  readonly exitCode: number | null;
  /** Absolute. */
  readonly folder: string;
  /** Absolute, by format. */
  readonly reports: Readonly<Record<string, string>>;
  readonly patch: string;
  /** The last that it said beside its display. */
  readonly words: string;
}

export async function runQuality(run: QualityRun): Promise<QualityEnd> {
  const folder = join(run.runner.temporary, `quality-${randomUUID()}`);
  await makeFolder(folder);
  const formats = [...new Set([...NEEDED, ...run.inputs.reports])];
  const reports = Object.fromEntries(formats.map((name) => [name, join(folder, ENDINGS[name] ?? `quality.${name}`)]));
  const patch = join(folder, 'quality.patch');
  const asked = [
    ...Object.entries(reports).map(([format, file]) => `--report=${format}=${file}`),
    ...(run.writes ? [] : [`--patch=${patch}`]),
  ];
  const { exitCode, stderr } = await withoutCommands((show) => start(run, [...flagsOf(run), ...asked], show));
  return { exitCode, folder, reports, patch, words: stderr.toString('utf8').slice(-MOST_WORDS).trim() };
}

/** Values stand behind `=` and paths behind `--`, so that none of them is taken for a flag. */
function flagsOf({ inputs, base }: QualityRun): string[] {
  const { workflow, newOnly } = inputs;
  return [
    'run',
    '--reporter=plain',
    ...(workflow === null ? [] : [`--workflow=${workflow}`]),
    ...(base === null ? [] : [`--since=${base}`, ...(newOnly ? ['--new-only'] : [])]),
  ];
}

async function start(run: QualityRun, flags: readonly string[], onOutput: RunOptions['onOutput']) {
  const { command, inputs } = run;
  return runProcess(command.program, [...command.args, ...flags, '--', ...inputs.paths], {
    cwd: inputs.workingDirectory,
    env: childEnvironment(),
    signal: run.signal,
    ...(onOutput === undefined ? {} : { onOutput }),
  });
}

/** What a run that wrote has changed, as a patch; a run that did not write has made its own. */
export async function patchOf({ command, inputs }: QualityRun, id: string, file: string): Promise<void> {
  const { stdout, exitCode } = await runProcess(command.program, [...command.args, 'diff', id], {
    cwd: inputs.workingDirectory,
    env: childEnvironment(),
  });
  if (exitCode === 0 && stdout.length > 0) await writeFile(file, stdout);
}

/** Those that are there. */
export async function written(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const all = await Promise.all(Object.entries(files).map(async (entry) => ((await exists(entry[1])) ? [entry] : [])));
  return Object.fromEntries(all.flat());
}
