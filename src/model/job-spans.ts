/** When each job of a run began and ended, and in which worker: a fold over its log. */
import type { Event, EventOf } from './event.js';

export interface JobSpan {
  readonly step: string;
  readonly job: string;
  readonly tools: string;
  readonly files: number;
  /** null: it needed none. */
  readonly worker: number | null;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly failed: boolean;
}

/** In order of their ends; what had not ended when the log does comes last, as failed. */
export function jobSpans(events: readonly Event[]): readonly JobSpan[] {
  const open = new Map<string, EventOf<'job-started'>[]>();
  const spans: JobSpan[] = [];
  for (const event of events) {
    if (event.type !== 'job-started' && event.type !== 'job-finished') continue;
    const key = `${event.step}\0${event.job}`;
    const waiting = open.get(key) ?? [];
    if (event.type === 'job-started') open.set(key, [...waiting, event]);
    else {
      const started = waiting.shift();
      if (started !== undefined) spans.push(spanOf(started, event.at, event.failure !== undefined));
    }
  }
  const end = events.at(-1)?.at ?? 0;
  return [...spans, ...[...open.values()].flat().map((started) => spanOf(started, end, true))];
}

function spanOf(started: EventOf<'job-started'>, end: number, failed: boolean): JobSpan {
  const { step, job, tools, files, worker = null, at } = started;
  return { step, job, tools: tools.join(', '), files, worker, start: at, end, failed };
}
