/** `quality report --timing`: where the time went, by step and tools, and what bounds the run. */
import type { StepState } from '../model/run-state.js';
import { type TimingRow, timingOf } from '../model/timing.js';
import type { Format, RunRecord } from './format.js';
import { type Paint, count, paintFor, showDuration } from './text.js';

const HEAD = ['step', 'tools', 'jobs', 'files', 'known', 'min', 'median', 'p95', 'max', 'in all', 'files/s', 'retries'];

export const timing: Format = (record, { color }) => {
  const paint = paintFor(color);
  const rows = timingOf(record.events);
  if (rows.length === 0) return 'No job was run and no answer was needed.\n';
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0, at))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  return `${[paint.bold(head), ...body, '', ...bound(record, rows, paint)].join('\n')}\n`;
};

/** Names to the left, numbers to the right. */
function pad(cell: string, width: number, column: number): string {
  return column < 2 ? cell.padEnd(width) : cell.padStart(width);
}

function cellsOf({ step, tools, jobs, files, known, retries, failed, milliseconds }: TimingRow): string[] {
  const times = milliseconds === null ? ['', '', '', '', ''] : timesOf(milliseconds);
  const speed =
    milliseconds === null || milliseconds.total === 0 ? '' : (files / (milliseconds.total / 1000)).toFixed(0);
  const trouble = `${retries}${failed === 0 ? '' : `, ${failed} failed`}`;
  return [step, tools, String(jobs), String(files), String(known), ...times, speed, trouble];
}

function timesOf({ min, median, p95, max, total }: NonNullable<TimingRow['milliseconds']>): string[] {
  return [min, median, p95, max, total].map(showDuration);
}

function bound({ state, report }: RunRecord, rows: readonly TimingRow[], paint: Paint): string[] {
  const steps = [...state.steps.values()].sort((a, b) => b.milliseconds - a.milliseconds);
  const [longest] = steps;
  if (longest === undefined || report.milliseconds === null || longest.milliseconds === 0) return [];
  const share = Math.round((100 * longest.milliseconds) / Math.max(1, report.milliseconds));
  const most = rows
    .filter((row) => row.step === longest.step)
    .sort((a, b) => (b.milliseconds?.total ?? 0) - (a.milliseconds?.total ?? 0))[0];
  const within =
    most?.milliseconds == null ? '' : `, most of it ${most.tools} (${showDuration(most.milliseconds.total)})`;
  const line = `${paint.bold(longest.step)} bounds the run: ${showDuration(longest.milliseconds)} of ${showDuration(report.milliseconds)}, ${share} %${within}`;
  return [line, ...advice(longest, most, state.parallel)];
}

/** What would shorten it, as far as the log tells. */
function advice(step: StepState, most: TimingRow | undefined, parallel: number): string[] {
  if (most?.milliseconds == null) return [];
  if (most.jobs === 1 && most.files > 1)
    return [
      `It is one job on ${count(most.files, 'file')}: it cannot be spread; it is skipped when nothing it looks at has changed.`,
    ];
  if (most.milliseconds.max > 4 * most.milliseconds.median)
    return ['Its longest job takes far longer than most: a few files hold it up.'];
  return step.jobs > parallel
    ? [`${count(step.jobs, 'job')} for ${parallel} at once: \`--max-parallel\` is what limits it.`]
    : [];
}
