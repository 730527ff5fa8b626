/**
 * Cuts the files of a task into batches by what they are expected to cost: large ones first, small ones at the end, so
 * that workers end together. What tools took in this run and in earlier ones on this machine is remembered.
 */
import type { FileFacts } from '../model/file.js';
import type { JobFile } from '../model/job.js';
import type { PlannedTask } from '../model/plan.js';
import { spreadOf } from '../jobs/spread.js';
import { toolOf } from '../tools/registry.js';
import { isRelayed } from './relay.js';

export interface Batch {
  readonly files: readonly JobFile[];
  readonly bytes: number;
  /** Milliseconds of one core. */
  readonly cost: number;
  /** The package of its first file. */
  readonly area?: string;
}

export interface Batches {
  /** In the order of the files, which keeps those of one folder together. */
  readonly cut: (task: PlannedTask, files: readonly JobFile[]) => readonly Batch[];
  /** All in one. */
  readonly whole: (task: PlannedTask, files: readonly JobFile[]) => Batch;
  /** The links of its chain are jobs of their own. */
  readonly isRelayed: (task: PlannedTask) => boolean;
  /** A batch has taken so long. */
  readonly learn: (task: PlannedTask, batch: Batch, milliseconds: number) => void;
}

export interface BatchSettings {
  readonly files: readonly FileFacts[];
  /** Most files in a batch for a worker. */
  readonly batchSize: number;
  /** The most jobs that may run at once. */
  readonly most: number;
  /** What is remembered between runs. */
  readonly rows: {
    readonly get: (key: string) => string | undefined;
    readonly add: (key: string, value: string) => void;
  };
}

/** Milliseconds for each KiB, until it is known better (measured on TypeScript). */
const MS_PER_KIB: Readonly<Record<string, number>> = {
  eslint: 2,
  prettier: 1.5,
  typescript: 1,
  cleanup: 0.3,
  knip: 0.3,
};
const OTHERS_MS_PER_KIB = 0.1;
/** A file costs something however small it is. */
const LEAST_BYTES = 512;
/** What is shorter is not worth a job of its own. */
const LEAST_BATCH_MS = 250;
/** Programs take files by the command line; more at once would take too long to find a guilty one among. */
const PROGRAM_BATCH = 1000;
/** Too short a time says more about loading the tool than about the files. */
const TELLING_KIB = 32;
const SMOOTHING = 0.3;

export function createBatches({ files, batchSize, most, rows }: BatchSettings): Batches {
  const known: { facts?: ReadonlyMap<string, FileFacts> } = {};
  const factsOf = ({ path }: JobFile): FileFacts | undefined => {
    known.facts ??= new Map(files.map((file) => [file.path, file]));
    return known.facts.get(path);
  };
  const sizeOf = (file: JobFile): number => file.content?.byteLength ?? factsOf(file)?.size ?? 0;
  const kibOf = (file: JobFile): number => Math.max(LEAST_BYTES, sizeOf(file)) / 1024;
  const sized = (batch: Omit<Batch, 'bytes'>): Batch => ({
    ...batch,
    bytes: batch.files.reduce((sum, file) => sum + sizeOf(file), 0),
  });
  const areaOf = (file: JobFile): string => factsOf(file)?.package ?? '';
  const rateOf = (task: PlannedTask): number => Number(rows.get(keyOf(task)) ?? guessOf(task));
  const rateOfAll = (task: PlannedTask): number =>
    isRelayed(task, most)
      ? task.links.reduce((sum, link) => sum + rateOf({ ...task, links: [link] }), 0)
      : rateOf(task);
  const whole = (task: PlannedTask, all: readonly JobFile[]): Batch => {
    const rate = rateOf(task);
    return sized({ files: all, cost: all.reduce((sum, file) => sum + kibOf(file), 0) * rate });
  };
  return {
    whole,
    isRelayed: (task) => isRelayed(task, most),
    cut: (task, all) => {
      const rate = rateOfAll(task);
      const costOf = (file: JobFile): number => kibOf(file) * rate;
      const isProgram = task.links.flat().every((use) => toolOf(use).runsIn === 'main');
      const cutting = isProgram
        ? { slots: most, size: PROGRAM_BATCH }
        : { slots: spreadOf(task, most), size: batchSize, isEven: isRelayed(task, most) };
      return guided(all, { costOf, areaOf }, cutting).map(sized);
    },
    learn: (task, { files: done }, milliseconds) => {
      const kib = done.reduce((sum, file) => sum + kibOf(file), 0);
      if (kib < TELLING_KIB) return;
      const before = rows.get(keyOf(task));
      const now = milliseconds / kib;
      const rate = before === undefined ? now : Number(before) + SMOOTHING * (now - Number(before));
      rows.add(keyOf(task), rate.toPrecision(3));
    },
  };
}

function keyOf({ action, links, trigger }: PlannedTask): string {
  const names = [...(trigger === undefined ? [] : [trigger.tool]), ...links.map((link) => link[0]?.tool ?? '')];
  return `rate:${action}:${names.join('+').replaceAll(/\s/g, '_')}`;
}

/** A chain behind a trigger runs on few files only. */
function guessOf({ links, trigger }: PlannedTask): number {
  const tools = trigger === undefined ? links.flatMap((link) => link.slice(0, 1)) : [trigger];
  return tools.reduce((sum, { tool }) => sum + (MS_PER_KIB[tool] ?? OTHERS_MS_PER_KIB), 0);
}

interface Cutting {
  /** Jobs of this task that can run at once. */
  readonly slots: number;
  /** Most files in one batch. */
  readonly size: number;
  /** What is done with one batch waits for the one before it: they are of one size, so that it waits for little. */
  readonly isEven?: boolean;
}

/** Batches of one size: more of them would cost more to hand on than waiting does. */
const EVEN_BATCHES = 16;

interface Facts {
  readonly costOf: (file: JobFile) => number;
  readonly areaOf: (file: JobFile) => string;
}

/** Each batch takes its part of half of what is left; it ends with its package where that does not make it tiny. */
export function guided(
  files: readonly JobFile[],
  { costOf, areaOf }: Facts,
  { slots, size, isEven = false }: Cutting,
): readonly Omit<Batch, 'bytes'>[] {
  const batches: Omit<Batch, 'bytes'>[] = [];
  let left = files.reduce((sum, file) => sum + costOf(file), 0);
  const even = isEven ? Math.max(LEAST_BATCH_MS, left / EVEN_BATCHES) : null;
  let batch: { files: JobFile[]; cost: number } = { files: [], cost: 0 };
  for (const [index, file] of files.entries()) {
    batch.files.push(file);
    batch.cost += costOf(file);
    const next = files[index + 1];
    const isEnd = next === undefined || (slots > 1 && areaOf(next) !== areaOf(file) && batch.cost >= LEAST_BATCH_MS);
    if (!isEnd && batch.cost < (even ?? wantedOf(left, slots)) && batch.files.length < size) continue;
    batches.push({ ...batch, area: areaOf(batch.files[0] ?? file) });
    left -= batch.cost;
    batch = { files: [], cost: 0 };
  }
  return batches;
}

/** Where only one runs at a time there is nothing to end together with. */
function wantedOf(left: number, slots: number): number {
  return slots <= 1 ? Infinity : Math.max(LEAST_BATCH_MS, left / (2 * slots));
}
