/**
 * What the command does, counted from outside of it: modules loaded, files read, processes started, jobs run. A limit that
 * no slow machine can break, and no fast one can hide. Lower it when less is done; to raise it takes a reason.
 */
import { appendFileSync, existsSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Ended, PACKAGE_FOLDER, quality } from './quality.js';
import { git, repository, temporaryFolder } from './rig.js';

interface Event {
  readonly pid: number;
  readonly kind: 'module' | 'process' | 'read';
  readonly what: string | readonly string[];
}

interface Counts {
  /** Files of ours that the main process loads, and their KiB. */
  readonly modules: number;
  readonly kib: number;
  /** Packages that the main process loads modules of: none that a tool could be. */
  readonly packages: readonly string[];
  /** Source files of the target that are read, each as often as it is read. */
  readonly sources: number;
  readonly git: number;
  /** Other programs, workers among them. */
  readonly programs: number;
  readonly jobs: number;
}

type Limits = Omit<Counts, 'packages'>;

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'helpers', 'count-events.mjs')).href;

/** Runs the command with a preload that notes what it and all Node processes that it starts do. */
function counted(folder: string, ...words: string[]): { readonly ended: Ended; readonly counts: Counts } {
  const log = join(temporaryFolder(), 'events.jsonl');
  const before = { ...process.env };
  const jobs = jobsOfAllRuns(folder);
  Object.assign(process.env, { COUNT_EVENTS: log, NODE_OPTIONS: `--import=${PRELOAD}` });
  try {
    const ended = quality(folder, ...words);
    return { ended, counts: { ...countsOf(linesIn(log) as Event[], folder), jobs: jobsOfAllRuns(folder) - jobs } };
  } finally {
    for (const name of ['COUNT_EVENTS', 'NODE_OPTIONS'])
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
  }
}

function linesIn(file: string): unknown[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}

function countsOf(events: readonly Event[], folder: string): Omit<Counts, 'jobs'> {
  const named = (kind: Event['kind']): Event[] => events.filter((event) => event.kind === kind);
  const inMain = named('module').filter(({ pid }) => pid === events[0]?.pid);
  const modules = [...new Set(inMain.map(({ what }) => String(what)))];
  const packages = modules.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  const programs = named('process').map(({ what }) => what[0]);
  const ours = modules.filter((url) => !url.includes('/node_modules/'));
  return {
    modules: ours.length,
    kib: Math.ceil(ours.reduce((sum, url) => sum + statSync(fileURLToPath(url)).size, 0) / 1024),
    packages: [...new Set(packages)].sort(),
    sources: named('read').filter(({ what }) => String(what).startsWith(join(folder, 'src', 'file-'))).length,
    git: programs.filter((program) => program === 'git').length,
    programs: programs.filter((program) => program !== 'git').length,
  };
}

function jobsOfAllRuns(folder: string): number {
  const runs = join(folder, '.quality', 'runs');
  if (!existsSync(runs)) return 0;
  const events = readdirSync(runs).flatMap((run) => linesIn(join(runs, run, 'events.jsonl')) as { type: string }[]);
  return events.filter(({ type }) => type === 'job-started').length;
}

function expectAtMost(counts: Counts, limits: Limits): void {
  const over = (Object.keys(limits) as (keyof Limits)[]).filter((name) => counts[name] > limits[name]);
  expect(over.map((name) => `${name}: ${counts[name]}, at most ${limits[name]}`)).toEqual([]);
}

const FILES = 10;
/** How many workers there are depends on what else the machine does. */
const VERIFY = ['verify', '--max-parallel', '1'];

function project(): string {
  const sources = Array.from({ length: FILES }, (_, number) => [
    `src/file-${String(number)}.js`,
    `export const value${String(number)} = ${String(number)};\n`,
  ]);
  const folder = repository({
    ...(Object.fromEntries(sources) as Record<string, string>),
    '.gitignore': 'node_modules\n',
    '.prettierrc.json': '{ "printWidth": 120 }\n',
    '.quality-config.json':
      '{ "workflows": { "staged": { "steps": ["format", { "command": "verify", "options": { "checks": ["lint"] } }] } } }\n',
    'eslint.config.js': 'export default [{ rules: { "no-undef": "error" } }];\n',
    'package.json': '{\n  "name": "counted",\n  "private": true,\n  "type": "module"\n}\n',
  });
  symlinkSync(join(PACKAGE_FOLDER, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

describe('what is done at most', () => {
  it('for --version: nothing of ours is loaded', () => {
    const { ended, counts } = counted(temporaryFolder(), '--version');
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
    expect(counts).toEqual({ modules: 1, kib: 1, packages: [], sources: 0, git: 0, programs: 0, jobs: 0 });
  });

  it('for --help: no package is loaded, no program started', () => {
    const { ended, counts } = counted(temporaryFolder(), '--help');
    expect(ended.code).toBe(0);
    expect(counts.packages).toEqual([]);
    expectAtMost(counts, { modules: 11, kib: 180, sources: 0, git: 0, programs: 0, jobs: 0 });
  });

  it('for runs of a small project: the first, one with nothing changed, one with a changed file, a commit of it', () => {
    const folder = project();
    const first = counted(folder, ...VERIFY);
    expect(first.ended).toMatchObject({ code: 0, out: expect.stringContaining('no findings') as string });
    expectAtMost(first.counts, { modules: 41, kib: 1600, sources: 3 * FILES, git: 9, programs: 2, jobs: 2 });
    // Each tool reads each file, so what is counted is what happens.
    expect(first.counts.sources).toBeGreaterThanOrEqual(2 * FILES);

    const again = counted(folder, ...VERIFY);
    expect(again.ended.code).toBe(0);
    expect(again.counts.packages).toEqual([]);
    expectAtMost(again.counts, { modules: 27, kib: 410, sources: 0, git: 4, programs: 0, jobs: 0 });

    appendFileSync(join(folder, 'src', 'file-3.js'), '\nexport const more = 1;\n');
    const changed = counted(folder, ...VERIFY);
    expect(changed.ended.code).toBe(0);
    expectAtMost(changed.counts, { modules: 41, kib: 1600, sources: 7, git: 10, programs: 2, jobs: 2 });
    for (const { counts } of [first, changed]) expect(counts.packages).toEqual(['jscpd']);

    git(folder, 'add', 'src/file-3.js');
    const staged = counted(folder, 'run', '--staged');
    expect(staged.ended).toMatchObject({ code: 0, out: expect.stringContaining('clean as before') as string });
    expect(staged.counts.packages).toEqual([]);
    expectAtMost(staged.counts, { modules: 25, kib: 760, sources: 0, git: 3, programs: 0, jobs: 0 });
  });
});
