/** What the machine is busy with, how many jobs would run on it at once, and what would be slow. */
import { sleep } from '../host/clock.js';
import { freeDiskBytes } from '../host/disk.js';
import { createLoadMeter } from '../host/load.js';
import { type Readings, readMachine } from '../host/machine.js';
import type { Load } from '../model/load.js';
import type { Strategy } from '../model/plan.js';
import type { Prepared } from '../open.js';
import { DISK_FLOOR, MEMORY_FLOOR } from '../executor/precautions.js';
import { count } from '../reporters/text.js';
import { chooseStrategy } from '../planner/strategy.js';
import type { Target } from '../target.js';
import type { Finding } from './check.js';

export interface MachineState {
  readonly readings: Readings;
  /** Over a moment; null where the system does not say. */
  readonly load: Load | null;
  readonly freeDisk: number;
  readonly strategy: Pick<Strategy, 'name' | 'reason' | 'parallel' | 'mostParallel' | 'parallelReason'>;
}

const MOMENT_MS = 300;

export async function readMachineState({ root }: Target, prepared: Prepared | null): Promise<MachineState> {
  const readings = readMachine();
  const meter = createLoadMeter(readings.cores, root);
  meter.look();
  await sleep(MOMENT_MS);
  const wishes = { priority: 'balanced', maxParallel: undefined, parallelExecution: true } as const;
  const strategy = prepared?.plan.strategy ?? chooseStrategy({ files: 0, bytes: 0 }, readings, wishes);
  return { readings, load: meter.look(), freeDisk: await freeDiskBytes(root), strategy };
}

export function lookAtMachine({ readings, load, freeDisk }: MachineState): Finding {
  const { cores, loadPerCore, availableMemory, totalMemory } = readings;
  const details = [
    `${amount(cores)} cores, load ${amount(loadPerCore)} for each`,
    ...(load?.otherCores == null ? [] : [`${amount(load.otherCores)} cores busy with others`]),
    ...waitingOf(load),
    `${gibibytes(availableMemory)} of ${gibibytes(totalMemory)} memory available`,
    `${gibibytes(freeDisk)} free on the disk`,
  ];
  const summary = `${amount(cores)} cores, ${gibibytes(availableMemory)} of memory`;
  if (availableMemory < MEMORY_FLOOR)
    return { status: 'error', summary: 'too little memory: no run would start', details };
  if (freeDisk < DISK_FLOOR) return { status: 'error', summary: 'the disk is full: no run would start', details };
  return { status: 'ok', summary, details };
}

function waitingOf(load: Load | null): string[] {
  const known = Object.entries(load?.waiting ?? {}).flatMap(([what, share]) =>
    share === null ? [] : [`${what} ${String(Math.round(share * 100))} %`],
  );
  return known.length === 0 ? [] : [`time in which something waits: ${known.join(', ')}`];
}

export function lookAtConcurrency({ strategy, readings }: MachineState): Finding {
  const { name, reason, parallel, mostParallel, parallelReason } = strategy;
  const upTo = mostParallel > parallel ? `, up to ${String(mostParallel)} while the run goes on` : '';
  const details = [`strategy ${name}: ${reason}`];
  const summary = `${count(parallel, 'job')} at once${upTo}: ${parallelReason}`;
  const isLess = parallel < Math.floor(readings.cores) && parallel < mostParallel;
  return { status: isLess ? 'warning' : 'ok', summary, details };
}

/** Nothing here is wrong; all of it takes time. */
const SLOW: readonly ((prepared: Prepared) => string | null)[] = [
  ({ repository }) =>
    repository === null ? 'no git repository: each run reads every file to see whether it has changed' : null,
  ({ repository }) => (repository?.objectFormat === 'sha256' ? 'git keeps SHA-256: each run reads every file' : null),
  ({ workspace }) =>
    workspace.sources.attributesMatter
      ? '.gitattributes has filters or encodings: a run without changes looks at every file'
      : null,
  ({ config }) => (config.parallelExecution ? null : 'parallelExecution is off: one job at a time'),
  ({ config }) =>
    config.priority === 'safety' ? 'priority safety: one job at a time, and a gate after every step' : null,
  ({ workspace }) => {
    const [first, ...others] = workspace.files.filter(({ size }) => size > LARGE_FILE);
    if (first === undefined) return null;
    const rest = others.length === 0 ? '' : ` and ${String(others.length)} more`;
    return `${first.path}${rest}: more than 1 MiB; excludedPatterns and maxFileSize leave files out`;
  },
];

export function lookAtSpeed(prepared: Prepared | null): Finding {
  if (prepared === null) return { status: 'note', summary: 'not known: nothing could be planned' };
  const [first, ...others] = SLOW.flatMap((reason) => reason(prepared) ?? []);
  return first === undefined
    ? { status: 'ok', summary: 'nothing in the way' }
    : { status: 'note', summary: first, details: others };
}

const LARGE_FILE = 1024 ** 2;

function amount(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
