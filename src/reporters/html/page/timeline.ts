/** Steps below each other, their jobs in a lane for each worker, known answers as marks; beneath, how many ran, and the machine's load. */
import type { JobRow, StepRow } from '../payload.js';
import { type Add, GAP, LANE, bar, knownMark, legend, percent } from './bars.js';
import { concurrencyRow, limitChanges } from './concurrency.js';
import { data } from './data.js';
import { lanesOf } from './lanes.js';
import { loadReadings, loadRow } from './load.js';
import { type Child, count, duration, h, svg } from './dom.js';
import { disclosure } from './limited-list.js';
import { section, table } from './section.js';

/** A picture cannot show more; the longest are kept. */
const MOST_JOBS = 3000;
const MOST_ROWS = 500;

export function timelineSection(): HTMLElement | null {
  const shown = data.steps.filter((step) => step.start !== null);
  if (shown.length === 0) return null;
  const span = Math.max(1, ...shown.map(({ end }) => end ?? 0));
  const detail = h('p', { role: 'status', class: 'quiet' }, 'Choose a job with a click, or with the arrow keys.');
  const chosen = chooser(detail);
  const rows = shown.map((step) => stepRow(step, span, chosen.add));
  const chart = h(
    'div',
    { class: 'timeline', tabindex: 0, role: 'group', 'aria-label': 'Timeline', keydown: chosen.onKey },
    axis(span),
    ...rows,
    concurrencyRow(span),
    loadRow(span),
  );
  return section(
    'timeline',
    'Timeline',
    ...data.bound.map((line) => h('p', { class: 'bound' }, line)),
    legend(),
    h('div', { class: 'scroll' }, chart),
    detail,
    limitChanges(),
    loadReadings(),
    skippedSteps(),
    asTable(),
  );
}

interface Chooser {
  readonly add: Add;
  readonly onKey: (event: Event) => void;
}

/** One job at a time is chosen; its words are read out. */
function chooser(detail: HTMLElement): Chooser {
  const bars: { readonly element: SVGElement; readonly words: string }[] = [];
  const state = { at: -1 };
  const choose = (at: number): void => {
    bars[state.at]?.element.classList.remove('chosen');
    state.at = Math.min(bars.length - 1, Math.max(0, at));
    const bar = bars[state.at];
    bar?.element.classList.add('chosen');
    detail.textContent = bar?.words ?? '';
  };
  const steps: Readonly<Record<string, () => number>> = {
    ArrowRight: () => state.at + 1,
    ArrowDown: () => state.at + 1,
    ArrowLeft: () => state.at - 1,
    ArrowUp: () => state.at - 1,
    Home: () => 0,
    End: () => bars.length - 1,
  };
  return {
    add: (element, words) => {
      const at = bars.push({ element, words }) - 1;
      element.addEventListener('click', () => choose(at));
    },
    onKey: (event) => {
      const next = steps[(event as KeyboardEvent).key];
      if (next === undefined) return;
      event.preventDefault();
      choose(next());
    },
  };
}

function stepRow(step: StepRow, span: number, add: Add): HTMLElement {
  const number = data.steps.indexOf(step);
  const jobs = data.jobs.filter((job) => job.step === number);
  const { laneOf, names } = lanesOf(kept(jobs));
  const lanes = names.length;
  const known = data.known.filter((one) => one.step === number);
  const height = lanes * LANE + (known.length > 0 ? LANE : 0) + GAP;
  const marks: Child[] = [stepBand(step, span), ...[...laneOf].map(([job, lane]) => bar(job, { lane, span, add }))];
  const top = lanes * LANE + GAP;
  const picture = svg(
    'svg',
    { height: Math.max(height, LANE + GAP), role: 'img', 'aria-label': wordsOf(step, jobs.length) },
    ...marks,
    ...known.map((one) => knownMark(one, { top, span, add })),
  );
  return h(
    'div',
    { class: 'step' },
    h('div', { class: 'label' }, h('span', {}, step.step, phaseOf(step)), laneNames(names)),
    picture,
  );
}

/** Beside the lanes; the words of each job have them too. */
function laneNames(names: readonly string[]): HTMLElement {
  const style = `font-size: ${String(LANE - GAP)}px; line-height: ${String(LANE)}px`;
  return h('ol', { class: 'lanes quiet', 'aria-hidden': 'true', style }, ...names.map((name) => h('li', {}, name)));
}

function phaseOf({ phase }: StepRow): HTMLElement | null {
  return phase === null ? null : h('span', { class: 'quiet' }, ` ${phase}`);
}

function kept(jobs: readonly JobRow[]): readonly JobRow[] {
  if (jobs.length <= MOST_JOBS) return jobs;
  return [...jobs].sort((a, b) => b.end - b.start - (a.end - a.start)).slice(0, MOST_JOBS);
}

function stepBand({ start, end, status }: StepRow, span: number): SVGElement {
  const width = percent((end ?? span) - (start ?? 0), span);
  return svg('rect', { class: `band ${status}`, x: percent(start ?? 0, span), width, y: 0, height: '100%' });
}

function wordsOf(step: StepRow, jobs: number): string {
  return `${step.step}: ${step.status}, ${duration((step.end ?? 0) - (step.start ?? 0))}, ${count(jobs, 'job')}, ${count(step.known, 'answer')} known`;
}

function axis(span: number): HTMLElement {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    h('span', { style: `left: ${String(part * 100)}%` }, duration(part * span)),
  );
  return h(
    'div',
    { class: 'step axis', 'aria-hidden': 'true' },
    h('div', { class: 'label' }),
    h('div', { class: 'ticks' }, ...ticks),
  );
}

function skippedSteps(): HTMLElement | null {
  const skipped = data.steps.filter((step) => step.start === null);
  return skipped.length === 0
    ? null
    : h(
        'ul',
        { class: 'quiet' },
        ...skipped.map(({ step, status, reason }) =>
          h('li', {}, `${step}: ${status}${reason === null ? '' : `: ${reason}`}`),
        ),
      );
}

function asTable(): HTMLElement {
  const jobs = [...data.jobs].sort((a, b) => b.end - b.start - (a.end - a.start)).slice(0, MOST_ROWS);
  const rows = jobs.map((job) => [
    data.steps[job.step]?.step ?? '',
    job.name,
    job.worker ?? 'none: a program',
    job.files,
    duration(job.start),
    duration(job.end - job.start),
    job.failed ? 'failed' : 'done',
  ]);
  const caption = data.jobs.length > MOST_ROWS ? `The ${String(MOST_ROWS)} longest jobs` : 'Jobs, the longest first';
  return disclosure(['As a table'], () =>
    table(caption, ['Step', 'Job', 'Worker', 'Files', 'Began after', 'Took', 'Result'], rows),
  );
}
