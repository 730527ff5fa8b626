/** The report of a run that stands: its events are folded once more, without the work between them. */
import { now, ticks } from './host/clock.js';
import { exists } from './host/disk.js';
import { join } from './host/paths.js';
import type { Event, EventBody } from './model/event.js';
import { reportOf } from './model/report.js';
import { EMPTY_RUN, foldEvent } from './model/run-state.js';
import type { Hooks, RunResult } from './quality.js';
import { readEvents } from './runs/event-log.js';
import { runFolder } from './runs/run-folder.js';
import { lockFolder } from './safety/lock.js';
import { findUnfinished } from './safety/recover.js';
import type { Standing } from './standing.js';
import type { Target } from './target.js';

/** null where there is something to do first: another run is at work, or has left something half done; or the log is gone. */
export async function sayAgain(target: Target, { run, plan }: Standing, hooks: Hooks): Promise<RunResult | null> {
  const started = ticks();
  const folder = runFolder(target.root, run);
  const [events, unfinished, isLocked] = await Promise.all([
    readEvents(folder),
    findUnfinished(target.root),
    exists(join(lockFolder(target.root, target.repository), 'write')),
  ]);
  const end = events.at(-1);
  if (end?.type !== 'run-finished' || unfinished.length > 0 || isLocked) return null;
  hooks.onPlan?.(plan);
  let state = EMPTY_RUN;
  const said = events.flatMap((event) => sayOnce(event, run));
  for (const [seq, body] of said.entries()) {
    const event: Event = { ...withTime(body, Math.round(ticks() - started)), at: now(), seq };
    state = foldEvent(state, event);
    hooks.onEvent?.(event);
  }
  return { exitCode: end.exitCode, report: reportOf(state), folder, root: target.root, basis: null };
}

/** Nothing works this time. */
const OF_WORK: ReadonlySet<Event['type']> = new Set(['job-started', 'job-retried', 'limit-changed', 'load-read']);

function sayOnce(event: Event, run: string): EventBody[] {
  if (event.type === 'run-started')
    return [event, { type: 'notice', message: `Nothing has changed since run ${run}: what it found stands` }];
  if (event.type === 'job-finished') return [{ ...event, type: 'answers-known' }];
  return OF_WORK.has(event.type) ? [] : [event];
}

function withTime(body: EventBody, milliseconds: number): EventBody {
  if (body.type === 'step-finished') return { ...body, milliseconds: 0 };
  return body.type === 'run-finished' ? { ...body, milliseconds } : body;
}
