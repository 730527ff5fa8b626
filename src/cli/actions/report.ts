import { findRun } from '../../history.js';
import { makeFolder, writeFile } from '../../host/disk.js';
import { dirname, join, resolve } from '../../host/paths.js';
import type { Failure } from '../../model/failure.js';
import { recordOf } from '../../record.js';
import type { Format } from '../../reporters/format.js';
import { FORMATS, VIEWS } from '../../reporters/registry.js';
import { type Target, findTarget } from '../../target.js';
import type { WantedReport } from '../options.js';
import { wantsColor } from '../terminal.js';
import { withTarget } from './history.js';

export interface ReportFlags {
  readonly format?: string;
  readonly timing?: true;
  readonly trend?: true;
  readonly output?: string;
  readonly verbose?: true;
  readonly quiet?: true;
  readonly color?: boolean;
}

export const reportOnRun = (id: string | undefined, flags: ReportFlags): Promise<void> =>
  withTarget((target) => report(target, id, flags));

async function report(target: Target, id: string | undefined, flags: ReportFlags): Promise<readonly Failure[]> {
  const past = await findRun(target.root, id);
  if (!past.ok) return [past.failure];
  const record = await recordOf(target, past.value);
  const make = await loaderOf(flags)();
  const text = await make(record, {
    color: flags.output === undefined && wantsColor(flags.color, process.stdout),
    verbosity: flags.quiet === true ? 'quiet' : flags.verbose === true ? 'verbose' : 'normal',
    tell,
  });
  if (flags.output !== undefined) return save(flags.output, text);
  if (flags.format === 'html' && process.stdout.isTTY) return saveBeside(past.value.folder, text);
  process.stdout.write(text);
  return [];
}

/** After a run: what was asked for with `--report`, from the same log that `quality report` reads. */
export async function writeReports(
  root: string,
  run: string,
  wanted: readonly WantedReport[],
): Promise<readonly Failure[]> {
  const [target, past] = await Promise.all([findTarget(root), findRun(root, run)]);
  if (!target.ok) return [target.failure];
  if (!past.ok) return [past.failure];
  const record = await recordOf(target.value, past.value);
  const failures: Failure[] = [];
  for (const { format, file } of wanted) {
    const make = await formatNamed(format)();
    failures.push(...(await save(file, await make(record, FOR_FILES))));
  }
  return failures;
}

/** A page is nothing to be printed on a terminal. */
async function saveBeside(folder: string, text: string): Promise<readonly Failure[]> {
  const file = join(folder, 'report.html');
  const failures = await save(file, text);
  if (failures.length === 0) process.stdout.write(`${file}\n`);
  return failures;
}

function tell(message: string): void {
  process.stderr.write(`${message}\n`);
}

const FOR_FILES = { color: false, verbosity: 'verbose', tell } as const;

type Loader = () => Promise<Format>;

function loaderOf({ timing, trend, format }: ReportFlags): Loader {
  if (timing === true) return VIEWS.timing;
  return trend === true ? VIEWS.trend : formatNamed(format ?? 'text');
}

function formatNamed(name: string): Loader {
  const load = FORMATS[name];
  if (load === undefined) throw new Error(`No format is called ${name}`);
  return load;
}

async function save(file: string, text: string): Promise<readonly Failure[]> {
  const path = resolve(file);
  try {
    await makeFolder(dirname(path));
    await writeFile(path, text);
    return [];
  } catch (error) {
    const message = `The report could not be written: ${error instanceof Error ? error.message : String(error)}`;
    return [{ kind: 'file-unwritable', message, next: 'Name a file in a folder that can be written.' }];
  }
}
