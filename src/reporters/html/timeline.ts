/** When each step, each job and each known answer was, from the log alone; what a crash cut off ends with the log. */
import type { Event } from '../../model/event.js';
import { type JobSpan, jobSpans } from '../../model/job-spans.js';
import type { RunRecord } from '../format.js';
import type { JobRow, KnownRow, LimitRow, LoadRow, Payload, StepRow } from './payload.js';

type Timeline = Pick<Payload, 'steps' | 'jobs' | 'known' | 'limits' | 'loads'>;

export function timelineOf({ state, events, plan }: RunRecord): Timeline {
  const end = events.at(-1)?.at ?? state.startedAt;
  const since = (at: number): number => Math.max(0, at - state.startedAt);
  const numbers = new Map([...state.steps.keys()].map((step, index) => [step, index]));
  const phases = new Map((plan?.phases ?? []).flatMap((phase) => phase.steps.map((step) => [step.id, phase.id])));
  const numberOf = (step: string): number => numbers.get(step) ?? -1;
  const spans = spansOf(events);
  const steps = [...state.steps.values()].map((step): StepRow => {
    const span = spans.get(step.step);
    return {
      step: step.step,
      phase: phases.get(step.step) ?? null,
      status: step.status,
      reason: step.reason ?? null,
      start: span === undefined ? null : since(span.start),
      end: span === undefined ? null : since(span.end ?? end),
      files: step.files,
      known: step.known,
    };
  });
  return {
    steps,
    jobs: jobSpans(events).map((span) => jobRow(span, { since, numberOf })),
    known: knownOf(events, { since, numberOf }),
    limits: events.flatMap((event) => limitOf(event, since) ?? []),
    loads: events.flatMap((event) => loadOf(event, since) ?? []),
  };
}

function spansOf(events: readonly Event[]): Map<string, { readonly start: number; readonly end: number | null }> {
  const spans = new Map<string, { start: number; end: number | null }>();
  for (const event of events) {
    if (event.type === 'step-started') spans.set(event.step, { start: event.at, end: null });
    const span = event.type === 'step-finished' ? spans.get(event.step) : undefined;
    if (span !== undefined) span.end = event.at;
  }
  return spans;
}

interface Clock {
  readonly since: (at: number) => number;
  readonly numberOf: (step: string) => number;
}

function jobRow({ step, job, start, end, ...rest }: JobSpan, { since, numberOf }: Clock): JobRow {
  return { ...rest, step: numberOf(step), name: job, start: since(start), end: since(end) };
}

function loadOf(event: Event, since: Clock['since']): LoadRow | null {
  if (event.type !== 'load-read') return null;
  const { cores, own, others, memory, jobMemory } = event;
  return { at: since(event.at), cores, own, others, memory, jobMemory };
}

function knownOf(events: readonly Event[], { since, numberOf }: Clock): KnownRow[] {
  return events.flatMap((event) =>
    event.type === 'answers-known'
      ? [{ step: numberOf(event.step), tools: event.tools.join(', '), files: event.files, at: since(event.at) }]
      : [],
  );
}

function limitOf(event: Event, since: Clock['since']): LimitRow | null {
  if (event.type === 'plan-made') return { at: since(event.at), limit: event.parallel, reason: 'as planned' };
  if (event.type !== 'limit-changed') return null;
  return { at: since(event.at), limit: event.limit, reason: event.reason };
}
