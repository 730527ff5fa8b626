/** Flags as rows: what `--help` shows, how a value is read, where it goes in the request. */
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { durationMs } from '../config/units.js';
import { resolve } from '../host/paths.js';
import type { Request } from '../open.js';
import { FORMATS, REPORTERS } from '../reporters/registry.js';

export interface RunFlags {
  readonly config?: string;
  readonly workflow?: string;
  readonly only?: readonly string[];
  readonly check?: true;
  readonly dryRun?: true;
  readonly staged?: true;
  readonly fix?: boolean;
  readonly allowEmpty?: true;
  readonly stdin?: true;
  readonly stdinFilepath?: string;
  readonly patch?: string;
  readonly since?: string;
  readonly newOnly?: true;
  readonly priority?: NonNullable<Request['priority']>;
  readonly maxParallel?: number;
  readonly timeout?: number;
  readonly lockTimeout?: number;
  readonly onFailure?: NonNullable<Request['onFailure']>;
  readonly onRegression?: NonNullable<Request['onRegression']>;
  readonly gate?: NonNullable<Request['gate']>;
  readonly snapshot?: boolean;
  readonly cache?: boolean;
  readonly explainCache?: true;
  readonly reporter?: string;
  readonly report?: readonly WantedReport[];
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color?: boolean;
}

/** `--report sarif=out.sarif` */
export interface WantedReport {
  readonly format: string;
  readonly file: string;
}

function reportTo(text: string, before: readonly WantedReport[] = []): readonly WantedReport[] {
  const [, format = '', file = ''] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
  if (!Object.hasOwn(FORMATS, format))
    throw new InvalidArgumentError(`expected <format>=<file> with one of ${Object.keys(FORMATS).join(', ')}`);
  return [...before, { format, file }];
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 to 999');
  return Number(text);
}

function duration(text: string): number {
  if (!/^\d+(\.\d+)?(ms|s|m|h)$/.test(text))
    throw new InvalidArgumentError('expected a duration such as "90s", "10m" or "1h"');
  return durationMs(text);
}

function names(text: string): string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new InvalidArgumentError('expected names, separated by commas');
  return parts;
}

const WHAT: readonly Option[] = [
  new Option(
    '-w, --workflow <name>',
    'workflow to run: standard, comprehensive, format-only, cleanup-only, verify-only, or one of the config',
  ),
  new Option('--only <commands>', 'just these commands, separated by commas: format,cleanup')
    .argParser(names)
    .conflicts('workflow'),
];

const MODE: readonly Option[] = [
  new Option('--check', 'write nothing; exit 1 where something would change or findings remain'),
  new Option('--dry-run', 'write nothing; print the unified diff of what would change').conflicts('check'),
  new Option('--patch <file>', 'with --dry-run: write the diff to this file instead').implies({ dryRun: true }),
];

const STAGED: readonly Option[] = [
  new Option('--staged', 'what is about to be committed, as the pre-commit hook does it').conflicts([
    'dryRun',
    'since',
    'newOnly',
    'only',
  ]),
  new Option('--no-fix', 'with --staged: check only'),
  new Option('--allow-empty', 'with --staged: let a commit pass of which the fixes leave nothing'),
];

/** For editors. */
const STDIN: readonly Option[] = [
  new Option(
    '--stdin',
    'fix the text on standard input as its file would be, and print it; findings go to standard error',
  ).conflicts(['staged', 'check', 'dryRun', 'since', 'report', 'reporter']),
  new Option('--stdin-filepath <file>', 'with --stdin: the file whose text it is; it need not exist').implies({
    stdin: true,
  }),
];

const PLAN_FLAGS: readonly Option[] = [
  new Option('--since <ref>', 'only files that changed since the merge base with this revision'),
  new Option('--new-only', 'with --since: look at everything; only what that merge base did not have counts'),
  new Option('--priority <wish>', 'what matters most').choices(['speed', 'balanced', 'safety', 'thorough']),
  new Option('--max-parallel <n>', 'most jobs at once').argParser(positiveInteger),
  new Option('--timeout <duration>', 'most time for one tool on one batch of files, such as 10m').argParser(duration),
  new Option('--gate <depth>', 'what decides whether edits stay').choices(['syntax', 'findings', 'tests']),
  new Option('--no-snapshot', 'take no snapshot before writing'),
  new Option('--config <file>', 'config file to use instead of the project’s own'),
];

const RUN_FLAGS: readonly Option[] = [
  new Option('--on-failure <policy>', 'when a step fails').choices(['ask', 'continue', 'rollback', 'stop']),
  new Option('--on-regression <policy>', 'when an edit would cause a new finding').choices([
    'ask',
    'bisect',
    'rollback',
    'keep',
  ]),
  new Option('--lock-timeout <duration>', 'how long to wait for another run (30s)').argParser(duration),
  new Option('--no-cache', 'ask every tool again, whatever earlier runs have found out'),
  new Option('--explain-cache', 'say why files were looked at again'),
  new Option('--reporter <name>', 'how to show the run: live on a terminal, plain elsewhere').choices(
    Object.keys(REPORTERS),
  ),
  new Option('--report <format=file>', 'write a report as well, such as sarif=out.sarif; may be given again').argParser(
    reportTo,
  ),
  new Option('-q, --quiet', 'findings only'),
  new Option('--verbose', 'long lists whole').conflicts('quiet'),
  new Option('--no-color', 'no colours'),
];

export function addPlanFlags(command: Command): Command {
  for (const option of [...WHAT, ...MODE.slice(0, 1), ...PLAN_FLAGS]) command.addOption(option);
  return command;
}

export function addRunFlags(command: Command, kind: 'run' | 'shortcut'): Command {
  for (const option of [
    ...(kind === 'run' ? [...WHAT, ...STAGED, ...STDIN] : []),
    ...MODE,
    ...PLAN_FLAGS,
    ...RUN_FLAGS,
  ])
    command.addOption(option);
  return command;
}

/** Where each flag goes in the request. A flag that was not given leaves its place empty. */
const PLACES: readonly (readonly [keyof RunFlags, keyof Request])[] = [
  ['workflow', 'workflow'],
  ['only', 'only'],
  ['since', 'since'],
  ['newOnly', 'newOnly'],
  ['gate', 'gate'],
  ['priority', 'priority'],
  ['maxParallel', 'maxParallel'],
  ['timeout', 'timeoutMs'],
  ['lockTimeout', 'lockTimeoutMs'],
  ['onFailure', 'onFailure'],
  ['onRegression', 'onRegression'],
  ['explainCache', 'explainCache'],
];

/** Flags and paths as a request. */
export function requestOf(paths: readonly string[], flags: Partial<RunFlags>): Request {
  const mode = flags.check === true ? 'check' : flags.dryRun === true ? 'dry-run' : 'write';
  const given = PLACES.flatMap(([flag, place]) => (flags[flag] === undefined ? [] : [[place, flags[flag]]]));
  return {
    cwd: process.cwd(),
    paths,
    mode,
    ...(Object.fromEntries(given) as Partial<Request>),
    ...(flags.config === undefined ? {} : { configFile: resolve(flags.config) }),
    ...(flags.snapshot === false ? { snapshot: false } : {}),
    ...(flags.cache === false ? { cache: false } : {}),
    commandLine: process.argv.slice(2),
  };
}
