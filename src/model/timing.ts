/** How long the jobs of a run took, by step and tools: a fold over its log. */
import { type Event, type EventOf } from './event.js';

export interface TimingRow {
  readonly step: string;
  /** null: all tools of a step together, where there are several. */
  readonly tools: string | null;
  readonly jobs: number;
  /** Looked at by jobs. */
  readonly files: number;
  /** Files whose answers were known without a job. */
  readonly known: number;
  readonly retries: number;
  readonly failed: number;
  /** The most bytes that one job's process held; null where no log says it. */
  readonly memory: number | null;
  /** Of all files looked at. */
  readonly bytes: number;
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
  readonly tools: string | null;
  readonly finished: EventOf<'job-finished'>[];
  known: number;
  retries: number;
}

/** In order of first appearance; behind the tools of a step all of them together. */
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
  const steps = [...new Set([...rows.values()].map(({ step }) => step))];
  return steps.flatMap((step) => withTotal([...rows.values()].filter((row) => row.step === step))).map(summed);
}

function withTotal(rows: readonly Gathered[]): readonly Gathered[] {
  const [first, ...others] = rows;
  if (first === undefined || others.length === 0) return rows;
  const sum = (of: 'known' | 'retries'): number => rows.reduce((total, row) => total + row[of], 0);
  const finished = rows.flatMap((row) => row.finished);
  return [...rows, { step: first.step, tools: null, finished, known: sum('known'), retries: sum('retries') }];
}

function summed({ step, tools, finished, known, retries }: Gathered): TimingRow {
  const times = finished.map((event) => event.milliseconds).sort((a, b) => a - b);
  return {
    ...{ step, tools, known, retries },
    jobs: finished.length,
    files: finished.reduce((sum, event) => sum + event.files, 0),
    failed: finished.filter((event) => event.failure !== undefined).length,
    memory: finished.reduce<number | null>((most, { memory = null }) => greater(most, memory), null),
    bytes: finished.reduce((total, { bytes = 0 }) => total + bytes, 0),
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

function greater(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** The value that this share of the values does not exceed; of sorted ones. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
