/** What the runs of a world have written down about themselves. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EditRecord } from '../../src/model/edit.js';
import type { Event } from '../../src/model/event.js';
import { type RunState, foldEvents, netEdits } from '../../src/model/run-state.js';
import type { World } from './world.js';

export interface RunEvidence {
  readonly id: string;
  readonly events: readonly Event[];
  readonly state: RunState;
  readonly changes: readonly EditRecord[];
  /** What journals that are closed and not taken back say was written. */
  readonly written: readonly Written[];
  /** Nobody has said of this run that what stands is what is to stand. */
  readonly marked: boolean;
  readonly openJournals: readonly string[];
  /** Journals that are closed, and those that recovery has taken back, by what they are for. */
  readonly closed: readonly string[];
  readonly takenBack: readonly string[];
  /** Everything that ever stood in any journal, whatever has become of it. */
  readonly touched: readonly Written[];
  readonly folder: string;
}

/** Paths are relative to the top of the work tree. */
export interface Written {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export function evidenceOf(world: World, below: string): RunEvidence[] {
  const runs = join(world.target, '.quality', 'runs');
  if (!existsSync(runs)) return [];
  const prefix = below === '' ? '' : `${below}/`;
  return readdirSync(runs)
    .sort()
    .map((id) => readRun(join(runs, id), id, prefix));
}

function readRun(folder: string, id: string, prefix: string): RunEvidence {
  const events = linesOf(join(folder, 'events.jsonl')) as Event[];
  const state = foldEvents(events);
  const journals = existsSync(join(folder, 'journal')) ? readdirSync(join(folder, 'journal')) : [];
  const namesOf = (holds: (name: string) => boolean): string[] =>
    journals.filter(holds).map((name) => nameIn(join(folder, 'journal', name)));
  return {
    id,
    events,
    state,
    changes: netEdits(state.edits).map((edit) => ({ ...edit, path: prefix + edit.path })),
    written: journals
      .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.open.jsonl'))
      .flatMap((name) => writtenIn(join(folder, 'journal', name)))
      .map((one) => ({ ...one, path: prefix + one.path })),
    marked: existsSync(join(folder, 'unproven.json')),
    openJournals: journals.filter((name) => name.endsWith('.open.jsonl')),
    closed: namesOf((name) => name.endsWith('.jsonl') && !name.endsWith('.open.jsonl')),
    takenBack: namesOf((name) => name.endsWith('.taken-back')),
    touched: journals
      .flatMap((name) => (linesOf(join(folder, 'journal', name)) as Written[]).slice(1))
      .map((one) => ({ ...one, path: prefix + one.path })),
    folder,
  };
}

function nameIn(journal: string): string {
  const [header] = linesOf(journal) as [{ name: string }?];
  return header?.name ?? '';
}

function writtenIn(journal: string): Written[] {
  const [header, ...lines] = linesOf(journal) as [{ count: number }, ...object[]];
  const end = lines[header.count] as { notWritten?: number[] } | undefined;
  const not = new Set(end?.notWritten);
  return (lines.slice(0, header.count) as Written[]).filter((_, index) => !not.has(index));
}

function linesOf(file: string): unknown[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as unknown];
      } catch {
        return [];
      }
    });
}

/** Has a verify, or the end of a plan without one, come after the edit that made this of the file? */
export function wasJudged({ events, state }: RunEvidence, path: string, after: string | null): boolean {
  const made = events.findLastIndex(
    (event) =>
      (event.type === 'edits-applied' || event.type === 'edits-taken-back') &&
      event.edits.some(
        (edit) => path.endsWith(edit.path) && (event.type === 'edits-applied' ? edit.after : edit.before) === after,
      ),
  );
  if (made < 0) return false;
  const later = events.slice(made);
  const steps = [...state.steps.values()];
  const verifies = new Set(steps.filter((step) => step.command === 'verify').map((step) => step.step));
  const judged = later.some(
    (event) =>
      (event.type === 'job-finished' || event.type === 'answers-known' || event.type === 'step-finished') &&
      verifies.has(event.step),
  );
  return judged || steps.every((step) => step.status !== 'waiting' && step.status !== 'running');
}

/** Has the hook, which writes what it has looked at already, made this of the file? */
export function hasLanded({ state, marked, written }: RunEvidence, path: string, after: string | null): boolean {
  return state.mode === 'staged' && !marked && written.some((one) => one.path === path && one.after === after);
}
