/**
 * A machine in virtual time, for one question: how long do these jobs take, and how much memory, under this rule for the
 * limit? Others are served first, as guests of the same hardware and programs with a higher priority are; more jobs than
 * cores cost a little for each; a disk gives less the more jobs ask it at once.
 */
import { type Observation, type Pace, adjust, startPace } from '../../src/model/concurrency.js';
import type { Load } from '../../src/model/load.js';
import { chooseStrategy } from '../../src/planner/strategy.js';

const GIB = 1024 ** 3;

export interface Machine {
  readonly cores: number;
  readonly memoryGiB: number;
  /** Cores that others want at this second. */
  readonly others?: (second: number) => number;
  /** What others hold of memory at this second. */
  readonly othersGiB?: (second: number) => number;
  /** MiB each second for one job alone; each further job takes `thrash` of it away. */
  readonly disk?: { readonly rate: number; readonly thrash: number };
  readonly jobs: Work;
}

export interface Work {
  readonly count: number;
  /** Seconds of one core; jobs differ from half to one and a half of it. */
  readonly seconds: number;
  readonly diskMiB?: number;
  /** What a worker holds when it starts, what each of its jobs adds, and the most that it ever holds. */
  readonly memoryGiB?: { readonly first: number; readonly each: number; readonly most: number };
}

export interface Ran {
  readonly seconds: number;
  readonly mostMemory: number;
  readonly limits: readonly number[];
  readonly reasons: readonly string[];
}

/** Until a new worker has loaded its tools. */
const LOAD_SECONDS = 0.4;
const STEP = 0.05;
const CROWDING = 0.1;

interface Seat {
  cpu: number;
  disk: number;
  memory: number;
  isBusy: boolean;
  cost: number;
}

interface World {
  readonly machine: Machine;
  readonly seats: Seat[];
  readonly queue: { readonly cpu: number; readonly disk: number }[];
  second: number;
  mostMemory: number;
  since: { cpu: number; others: number; waitedForDisk: number; ended: number; work: number };
}

const NOTHING = { cpu: 0, others: 0, waitedForDisk: 0, ended: 0, work: 0 };
const MEMORY = { first: 0.15, each: 0.02, most: 0.4 };

/** `fixed`: under this limit all the time; null: under the one that the machine asks for. */
export function runOn(machine: Machine, fixed: number | null): Ran {
  const { count, seconds, diskMiB = 0 } = machine.jobs;
  const queue = Array.from({ length: count }, (_, index) => {
    const size = 0.5 + ((index * 7) % 11) / 10;
    return { cpu: seconds * size, disk: diskMiB * size };
  });
  const world: World = { machine, seats: [], queue, second: 0, mostMemory: 0, since: { ...NOTHING } };
  const limits: number[] = [];
  const reasons: string[] = [];
  let pace = startOn(world, fixed);
  while (world.queue.length > 0 || world.seats.some((seat) => seat.isBusy)) {
    assign(world, pace.limit);
    pass(world);
    if (!isWholeSecond(world.second)) continue;
    limits.push(pace.limit);
    if (fixed !== null || world.queue.length === 0) continue;
    const decision = adjust(pace, observe(world));
    pace = decision.state;
    world.since = { ...NOTHING };
    if (decision.reason !== null)
      reasons.push(`${String(Math.round(world.second))} s: ${String(decision.limit)}, ${decision.reason}`);
  }
  return { seconds: world.second, mostMemory: world.mostMemory, limits, reasons };
}

export function capacity({ memoryGiB }: Machine): number {
  return memoryGiB * GIB * 0.8;
}

function startOn(world: World, fixed: number | null): Pace {
  const { cores } = world.machine;
  if (fixed !== null) return startPace(fixed, cores);
  const others = world.machine.others?.(0) ?? 0;
  const readings = { cores, loadPerCore: others / cores, cpuPressure: null, ...memoryOf(world) };
  const wishes = { priority: 'balanced', maxParallel: undefined, parallelExecution: true } as const;
  const { parallel, mostParallel } = chooseStrategy({ files: 1000, bytes: 1e7 }, readings, wishes);
  return startPace(parallel, mostParallel);
}

function isWholeSecond(second: number): boolean {
  return Math.abs(second - Math.round(second)) < STEP / 2;
}

function assign(world: World, limit: number): void {
  const { seats, queue, machine } = world;
  for (const seat of seats.filter((one) => !one.isBusy).slice(0, Math.max(0, seats.length - limit)))
    seats.splice(seats.indexOf(seat), 1);
  while (queue.length > 0 && seats.filter((seat) => seat.isBusy).length < limit) {
    const idle = seats.find((seat) => !seat.isBusy);
    const seat = idle ?? { cpu: 0, disk: 0, memory: 0, isBusy: false, cost: 0 };
    if (idle === undefined) seats.push(seat);
    const { first, each, most } = machine.jobs.memoryGiB ?? MEMORY;
    const job = queue.shift();
    if (job === undefined) return;
    seat.memory = idle === undefined ? first : Math.min(most, seat.memory + each);
    seat.cpu = job.cpu + (idle === undefined ? LOAD_SECONDS : 0);
    Object.assign(seat, { disk: job.disk, cost: job.cpu, isBusy: true });
  }
}

/** A moment goes by: each job gets on as its share of the cores and of the disk allows. */
function pass(world: World): void {
  const { machine, since } = world;
  const busy = world.seats.filter((seat) => seat.isBusy);
  const others = Math.min(machine.cores, machine.others?.(world.second) ?? 0);
  const crowd = Math.max(0, busy.length + others - machine.cores) / machine.cores;
  const share = Math.min(1, (machine.cores - others) / busy.length) / (1 + CROWDING * crowd);
  const { rate = Infinity, thrash = 0 } = machine.disk ?? {};
  const transfer = rate / (1 + thrash * (busy.length - 1)) / busy.length;
  for (const seat of busy) {
    const needed = Math.max(seat.cpu / share, seat.disk / transfer);
    const part = needed <= STEP ? 1 : STEP / needed;
    since.cpu += seat.cpu * part;
    if (seat.disk / transfer > seat.cpu / share) since.waitedForDisk += STEP / busy.length;
    seat.cpu -= seat.cpu * part;
    seat.disk -= seat.disk * part;
    if (part < 1) continue;
    seat.isBusy = false;
    since.ended += 1;
    since.work += seat.cost;
  }
  since.others += others * STEP;
  world.second = Math.round((world.second + STEP) / STEP) * STEP;
  const { availableMemory, totalMemory } = memoryOf(world);
  world.mostMemory = Math.max(world.mostMemory, totalMemory - availableMemory);
}

function heldBytes({ seats }: World): number {
  return seats.reduce((sum, { memory }) => sum + memory, 0) * GIB;
}

function memoryOf(world: World): Pick<Load, 'availableMemory' | 'totalMemory'> {
  const { memoryGiB, othersGiB = () => 1 } = world.machine;
  const totalMemory = memoryGiB * GIB;
  return { totalMemory, availableMemory: Math.max(0, totalMemory - othersGiB(world.second) * GIB - heldBytes(world)) };
}

function observe(world: World): Observation {
  const { machine, since, queue, seats } = world;
  const { cores } = machine;
  const load: Load = {
    cores,
    machineCores: cores,
    ownCores: since.cpu,
    otherCores: since.others,
    waiting: { cpu: 0, memory: 0, io: since.waitedForDisk },
    ...memoryOf(world),
    jobMemory: heldBytes(world),
    freeDisk: null,
  };
  const running = seats.filter((seat) => seat.isBusy).length;
  return {
    load,
    seconds: 1,
    running,
    waiting: queue.length,
    holding: seats.length,
    ended: since.ended,
    work: since.work,
  };
}
