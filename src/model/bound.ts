/** Which step a run waited for, and what that step waited for itself: a fold over its log. */
import type { Event, EventOf } from './event.js';
import { type JobSpan, jobSpans } from './job-spans.js';

export interface Bound {
  readonly step: string;
  /** All times in milliseconds. */
  readonly took: number;
  /** Of this time, that in which no job ran, just one although more were allowed, and as many as were allowed. */
  readonly idle: number;
  readonly alone: number;
  readonly full: number;
  /** How many were allowed, at most. */
  readonly limit: number;
  /** The job that ran alone for longest, and for how long it did. */
  readonly loner: { readonly span: JobSpan; readonly alone: number } | null;
  /** Cores that others kept busy meanwhile, on average; null where nobody looked. */
  readonly others: number | null;
  /** The tools whose jobs took most of the step, added up. */
  readonly most: { readonly tools: string; readonly took: number } | null;
}

/** Steps of a phase run side by side: the run waited for the longest of all. null: no step took any time. */
export function boundOf(events: readonly Event[]): Bound | null {
  const ended = events.filter((event): event is EventOf<'step-finished'> => event.type === 'step-finished');
  const longest = ended.reduce<EventOf<'step-finished'> | null>(
    (most, one) => (most !== null && most.milliseconds >= one.milliseconds ? most : one),
    null,
  );
  if (longest === null || longest.milliseconds === 0) return null;
  const span = { start: longest.at - longest.milliseconds, end: longest.at };
  const spans = jobSpans(events);
  const own = spans.filter(({ step }) => step === longest.step);
  return {
    step: longest.step,
    took: longest.milliseconds,
    ...sweep(span, spans, limitsIn(events)),
    others: othersIn(span, events),
    most: mostIn(own),
  };
}

type Limits = readonly { readonly at: number; readonly limit: number }[];

function limitsIn(events: readonly Event[]): Limits {
  return events.flatMap((event) => {
    if (event.type === 'plan-made') return [{ at: event.at, limit: event.parallel }];
    return event.type === 'limit-changed' ? [{ at: event.at, limit: event.limit }] : [];
  });
}

interface Period {
  readonly start: number;
  readonly end: number;
}

/** From each moment at which something changes to the next. */
function sweep(
  { start, end }: Period,
  spans: readonly JobSpan[],
  limits: Limits,
): Pick<Bound, 'idle' | 'alone' | 'full' | 'limit' | 'loner'> {
  const within = spans.filter((span) => span.end > start && span.start < end);
  const moments = [start, end, ...within.flatMap((span) => [span.start, span.end]), ...limits.map(({ at }) => at)];
  const sorted = [...new Set(moments)].filter((at) => at >= start && at <= end).sort((a, b) => a - b);
  const times = { idle: 0, alone: 0, full: 0 };
  const alone = new Map<JobSpan, number>();
  for (const [index, from] of sorted.entries()) {
    const length = (sorted[index + 1] ?? from) - from;
    const running = within.filter((span) => span.start <= from && span.end > from);
    const [only] = running;
    if (only === undefined) times.idle += length;
    else if (running.length >= limitAt(limits, from)) times.full += length;
    else if (running.length === 1) {
      times.alone += length;
      alone.set(only, (alone.get(only) ?? 0) + length);
    }
  }
  const [loner] = [...alone].sort(([, a], [, b]) => b - a);
  return {
    ...times,
    limit: Math.max(1, ...limits.filter(({ at }) => at <= end).map(({ limit }) => limit)),
    loner: loner === undefined ? null : { span: loner[0], alone: loner[1] },
  };
}

function limitAt(limits: Limits, at: number): number {
  return (limits.findLast((one) => one.at <= at) ?? limits[0])?.limit ?? 1;
}

function othersIn({ start, end }: Period, events: readonly Event[]): number | null {
  const readings = events.flatMap((event) =>
    event.type === 'load-read' && event.at >= start && event.at <= end ? (event.others ?? []) : [],
  );
  return readings.length === 0 ? null : readings.reduce((sum, one) => sum + one, 0) / readings.length;
}

function mostIn(spans: readonly JobSpan[]): Bound['most'] {
  const sums = new Map<string, number>();
  for (const { tools, start, end } of spans) sums.set(tools, (sums.get(tools) ?? 0) + end - start);
  const [first] = [...sums].sort(([, a], [, b]) => b - a);
  return first === undefined ? null : { tools: first[0], took: first[1] };
}
