/** How long the jobs of a run took, by step and tools: a fold over its log. */
import { type Event, type EventOf } from './event.js';

export interface TimingRow {
  readonly step: string;
  readonly tools: string;
  readonly jobs: number;
  /** Looked at by jobs. */
  readonly files: number;
  /** Files whose answers were known without a job. */
  readonly known: number;
  readonly retries: number;
  readonly failed: number;
  /** Of single jobs; null where there was none. */
  readonly milliseconds: {
    readonly min: number;
    readonly median: number;
    readonly p95: number;
    readonly max: number;
    readonly total: number;
  } | null;
}

interface Gathered {
  readonly step: string;
  readonly tools: string;
  readonly finished: EventOf<'job-finished'>[];
  known: number;
  retries: number;
}

/** In order of first appearance. */
export function timingOf(events: readonly Event[]): readonly TimingRow[] {
  const rows = new Map<string, Gathered>();
  const toolsOf = new Map<string, string>();
  const rowOf = (step: string, tools: string): Gathered => {
    const key = `${step}\0${tools}`;
    const row = rows.get(key) ?? { step, tools, finished: [], known: 0, retries: 0 };
    rows.set(key, row);
    return row;
  };
  for (const event of events) {
    if (event.type === 'job-started') toolsOf.set(`${event.step}\0${event.job}`, event.tools.join(', '));
    if (event.type === 'job-finished') rowOf(event.step, event.tools.join(', ')).finished.push(event);
    if (event.type === 'answers-known') rowOf(event.step, event.tools.join(', ')).known += event.files;
    if (event.type === 'job-retried')
      // A part of a job that is tried again by itself has the job's name and more.
      rowOf(event.step, toolsOf.get(`${event.step}\0${event.job}`) ?? event.job).retries += 1;
  }
  return [...rows.values()].map(summed);
}

function summed({ step, tools, finished, known, retries }: Gathered): TimingRow {
  const times = finished.map((event) => event.milliseconds).sort((a, b) => a - b);
  return {
    ...{ step, tools, known, retries },
    jobs: finished.length,
    files: finished.reduce((sum, event) => sum + event.files, 0),
    failed: finished.filter((event) => event.failure !== undefined).length,
    milliseconds:
      times.length === 0
        ? null
        : {
            min: times[0] ?? 0,
            median: quantile(times, 0.5),
            p95: quantile(times, 0.95),
            max: times.at(-1) ?? 0,
            total: times.reduce((sum, time) => sum + time, 0),
          },
  };
}

/** The value that this share of the values does not exceed; of sorted ones. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
