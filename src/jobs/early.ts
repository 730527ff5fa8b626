/**
 * Workers that are started before it is planned what they will do: loading a tool takes longer than planning. Each is
 * given an empty file as its first job, of the kind that the last run like this one had; nobody waits for its outcome.
 */
import { keepJson, readKeptJson } from '../host/disk.js';
import { hashBytes } from '../host/hash.js';
import { extname, folderOf, join } from '../host/paths.js';
import { type WorkerListeners, type WorkerProcess, startWorkerProcess } from '../host/worker-process.js';
import type { Job, JobOutcome } from '../model/job.js';
import { localFolder } from '../runs/run-folder.js';
import { type Loaded, NOTHING_LOADED, nowLoaded } from './choose.js';
import { leadTool, loadMs } from './cost.js';
import { FEW_FILES, type NodeArguments } from './heap.js';
import { isFileGrained, runsInMain, usesOf } from './uses.js';
import type { WorkerRequest } from './worker.js';

/** How the workers of a run were started, and what they did. */
export interface EarlyNote {
  /** Of quality itself: another one may call its tools otherwise. */
  readonly build: string;
  readonly nodeArguments: NodeArguments;
  readonly open: Extract<WorkerRequest, { type: 'open' }>;
  readonly shapes: readonly Shape[];
  /** Hashes of files that were other than in the last commit: what was looked at already is known. */
  readonly files: Readonly<Record<string, string>>;
}

/** A job without its files. */
export interface Shape {
  readonly job: Pick<Job, 'action' | 'links' | 'timeoutMs'>;
  /** Workspace folder of a file that the tools did not ignore. */
  readonly folder: string;
  /** Of such files, the commonest first: `.ts`. */
  readonly endings: readonly string[];
}

export interface EarlyWorker {
  readonly process: WorkerProcess;
  readonly loaded: Loaded;
  readonly isGone: () => boolean;
  /** From now on. */
  readonly listen: (listeners: WorkerListeners) => void;
}

export interface EarlyWorkers {
  /** Those that were started as this pool starts its own; the others end. To be called once. */
  readonly take: (like: Pick<EarlyNote, 'nodeArguments' | 'open'>) => readonly EarlyWorker[];
  /** Ends those that nobody took. Resolves when nothing of them is left. */
  readonly close: () => Promise<void>;
}

interface EarlySettings {
  readonly module: string;
  /** Hashes by path. */
  readonly changed: ReadonlyMap<string, string>;
  /** Workers. */
  readonly most: number;
}

/**
 * With few files everybody waits for the tool that takes longest to load. Where there are no more cores than workers, and we
 * are at work as well, it gets a head start (measured with one file: 5 % of the whole).
 */
const HEAD_START_MS = 70;

/** Shapes for none of whose endings there is a changed file are left out. */
export function startEarly(note: EarlyNote, { module, changed, most }: EarlySettings): EarlyWorkers {
  const fresh = [...changed].filter(([path, hash]) => note.files[path] !== hash);
  const endings = new Set(fresh.map(([path]) => extname(path)));
  const wanted = note.shapes.filter((shape) => shape.endings.some((ending) => endings.has(ending)));
  const [slowest = [], ...others] = groupsOf(wanted, most);
  const isBrief = fresh.length <= FEW_FILES;
  const nodeArguments = note.nodeArguments[isBrief ? 'few' : 'many'];
  const start = (shapes: readonly Shape[]): EarlyWorker =>
    startWorker({ module, nodeArguments, open: note.open }, shapes);
  const workers = new Set(slowest.length === 0 ? [] : [start(slowest)]);
  const startOthers = (): void => {
    for (const shapes of others.splice(0)) workers.add(start(shapes));
  };
  const isTight = others.length + 1 >= most && isBrief;
  const timer = setTimeout(startOthers, isTight ? HEAD_START_MS : 0);
  return {
    take: (like) => {
      clearTimeout(timer);
      const isAlike =
        JSON.stringify([like.nodeArguments, like.open]) === JSON.stringify([note.nodeArguments, note.open]);
      if (isAlike) startOthers();
      const taken = isAlike ? [...workers].filter((worker) => !worker.isGone()) : [];
      for (const worker of taken) workers.delete(worker);
      for (const { process } of workers) process.kill();
      return taken;
    },
    close: async () => {
      clearTimeout(timer);
      for (const { process } of workers) process.kill();
      await Promise.all([...workers].map(({ process }) => process.ended));
    },
  };
}

/** What begins with the same tool stays together, as it does in the pool; the first group takes what there is no worker for. */
function groupsOf(shapes: readonly Shape[], most: number): readonly (readonly Shape[])[] {
  const byTool = new Map<string, Shape[]>();
  for (const shape of shapes) {
    const tool = leadTool(asJob(shape));
    byTool.set(tool, [...(byTool.get(tool) ?? []), shape]);
  }
  const slowestFirst = [...byTool.values()].sort((one, other) => loadOf(other) - loadOf(one));
  const groups = slowestFirst.slice(0, most);
  return groups.map((group, index) => (index > 0 ? group : [...group, ...slowestFirst.slice(most).flat()]));
}

function loadOf(shapes: readonly Shape[]): number {
  return Math.max(...shapes.map((shape) => loadMs(asJob(shape))));
}

interface Start extends Pick<EarlyNote, 'open'> {
  readonly module: string;
  readonly nodeArguments: readonly string[];
}

function startWorker({ module, nodeArguments, open }: Start, shapes: readonly Shape[]): EarlyWorker {
  const state: { isGone: boolean; listeners: WorkerListeners | null } = { isGone: false, listeners: null };
  const process = startWorkerProcess(module, nodeArguments, {
    onMessage: (message) => state.listeners?.onMessage(message),
    onExit: (end) => {
      state.isGone = true;
      state.listeners?.onExit(end);
    },
  });
  const jobs = shapes.map(asJob);
  process.send(open);
  for (const job of jobs) process.send({ type: 'job', job } satisfies WorkerRequest);
  return {
    process,
    loaded: jobs.reduce(nowLoaded, NOTHING_LOADED),
    isGone: () => state.isGone,
    listen: (listeners) => void (state.listeners = listeners),
  };
}

const NOTHING = new Uint8Array();
/** No job of a plan has it. */
const ID = 'early';

function asJob({ job, folder, endings }: Shape): Job {
  const path = `${folder === '' ? '' : `${folder}/`}quality-warm-up${endings[0] ?? ''}`;
  return { ...job, id: ID, cost: 0, files: [{ path, hash: hashBytes(NOTHING), content: NOTHING }] };
}

/** null: no tool that takes its time to load and looks at one file at a time, or it took no file. */
export function shapeOf(job: Job, outcome: JobOutcome): Shape | null {
  const isSlow = job.trigger === undefined && !runsInMain(job) && isFileGrained(job) && loadMs(job) > 0;
  const paths = outcome.files.flatMap(({ path, status }) => (status === 'done' ? [path] : []));
  const endings = commonestFirst(paths.map((path) => extname(path)));
  const sample = paths.find((path) => extname(path) === endings[0]);
  if (!isSlow || sample === undefined) return null;
  const { action, links, timeoutMs } = job;
  return { job: { action, links, timeoutMs }, folder: folderOf(sample), endings };
}

function commonestFirst(words: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([word]) => word);
}

/** Kinds of jobs that are kept: those of the last run, then those of runs before it. */
const MOST_SHAPES = 6;

export function joinShapes(shapes: readonly Shape[]): readonly Shape[] {
  const joined = new Map<string, Shape>();
  for (const shape of shapes) {
    const key = JSON.stringify([shape.job.action, usesOf(asJob(shape)).map(({ id }) => id)]);
    const known = joined.get(key) ?? shape;
    joined.set(key, { ...known, endings: [...new Set([...known.endings, ...shape.endings])] });
  }
  return [...joined.values()].slice(0, MOST_SHAPES);
}

export async function readEarlyNote(file: string, build: string): Promise<EarlyNote | null> {
  const note = (await readKeptJson(file)) as EarlyNote | null;
  return note?.build === build ? note : null;
}

export async function writeEarlyNote(file: string, note: EarlyNote, before: EarlyNote | null): Promise<void> {
  if (note.shapes.length > 0 && JSON.stringify(note) !== JSON.stringify(before)) await keepJson(file, note);
}

export function earlyFile(root: string, kind: string): string {
  return join(localFolder(root), `early-${kind}.json`);
}
