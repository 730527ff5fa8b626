/** Which step bounds a run, why, and what would shorten it, as far as its log tells. */
import { type Bound, boundOf } from '../model/bound.js';
import type { RunRecord } from './format.js';
import { type Paint, count, showDuration } from './text.js';

export function boundLines({ events, report, state, plan }: RunRecord, paint: Paint): string[] {
  const bound = boundOf(events);
  if (bound === null || report.milliseconds === null) return [];
  const { step, took, most } = bound;
  const share = Math.round((100 * took) / Math.max(1, report.milliseconds));
  const within = most === null ? '' : `, most of it ${most.tools} (${showDuration(most.took)} of jobs)`;
  const line = `${paint.bold(step)} bounds the run: ${showDuration(took)} of ${showDuration(report.milliseconds)}, ${String(share)} %${within}.`;
  const known = state.steps.get(step)?.known ?? 0;
  const cores = plan?.readings.cores ?? null;
  return [line, ...waitedFor(bound, cores), ...(known === 0 && most !== null ? [COLD] : []), ...ownWords(bound)];
}

const COLD = 'None of its answers was known from before: the next run asks only for what has changed since.';

/** The greatest part of its time: that is where there is something to be had. */
function waitedFor(bound: Bound, cores: number | null): string[] {
  const { idle, alone, full } = bound;
  const most = Math.max(idle, alone, full);
  if (most === 0) return [];
  if (most === full) return [allBusy(bound, cores)];
  if (most === idle) return [`For ${showDuration(idle)} of it no job ran.`];
  return oneAlone(bound);
}

function allBusy({ full, limit, others }: Bound, cores: number | null): string {
  const jobs =
    limit === 1 ? 'the one job that may run at a time did' : `all ${String(limit)} jobs that may run at once did`;
  return `For ${showDuration(full)} of it ${jobs}: ${whatHelps({ limit, others }, cores)}`;
}

/** From here on others keep so much of the machine that the run is slower for it. */
const MUCH = 0.5;

function whatHelps({ limit, others }: Pick<Bound, 'limit' | 'others'>, cores: number | null): string {
  const whole = Math.floor(cores ?? limit);
  if (others !== null && others >= MUCH)
    return `others kept ${others.toFixed(1)} of ${count(whole, 'core')} busy; a quieter machine would shorten it.`;
  return limit < whole
    ? `a higher \`--max-parallel\` would shorten it, as there are ${String(whole)} cores.`
    : 'more cores would shorten it.';
}

function oneAlone({ alone, loner, limit }: Bound): string[] {
  if (loner === null) return [];
  const { tools, files } = loner.span;
  const own = `${tools} on ${count(files, 'file')}, ${showDuration(loner.alone)} alone`;
  return [
    `For ${showDuration(alone)} of it one job ran where ${String(limit)} may (${own}): more cores would not shorten it, less work for this tool would.`,
  ];
}

/** How the tool that takes longest is asked what takes it so long. */
const PROFILES: Readonly<Record<string, string>> = {
  eslint: '`TIMING=all npx eslint .` names its slowest rules.',
  typescript: '`npx tsc --noEmit --extendedDiagnostics` says what it spends its time on.',
  tsc: '`npx tsc --noEmit --extendedDiagnostics` says what it spends its time on.',
};

function ownWords({ most }: Bound): string[] {
  const words = PROFILES[most?.tools ?? ''];
  return words === undefined ? [] : [words];
}
