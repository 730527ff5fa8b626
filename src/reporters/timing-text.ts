/** `quality report --timing`: where the time went, by step and tools, and what bounds the run. */
import { type TimingRow, timingOf } from '../model/timing.js';
import { boundLines } from './bound-text.js';
import type { Format } from './format.js';
import { paintFor, showBytes, showDuration } from './text.js';

interface Column {
  readonly title: string;
  readonly of: (row: TimingRow) => string;
  /** Left out where no row has anything in it. */
  readonly isRare?: true;
}

const COLUMNS: readonly Column[] = [
  { title: 'step', of: ({ step }) => step },
  { title: 'tools', of: ({ tools }) => tools ?? 'all' },
  { title: 'jobs', of: ({ jobs }) => String(jobs) },
  { title: 'files', of: ({ files }) => String(files) },
  { title: 'known', of: ({ known }) => String(known) },
  { title: 'min', of: timeOf('min') },
  { title: 'median', of: timeOf('median') },
  { title: 'p95', of: timeOf('p95') },
  { title: 'max', of: timeOf('max') },
  { title: 'in all', of: timeOf('total') },
  { title: 'files/s', of: (row) => perSecond(row, row.files)?.toFixed(0) ?? '' },
  { title: 'bytes/s', of: bytesPerSecond, isRare: true },
  { title: 'memory', of: ({ memory }) => (memory === null ? '' : showBytes(memory)), isRare: true },
  { title: 'retries', of: ({ retries }) => (retries === 0 ? '' : String(retries)), isRare: true },
  { title: 'failed', of: ({ failed }) => (failed === 0 ? '' : String(failed)), isRare: true },
];

export const timing: Format = (record, { color }) => {
  const paint = paintFor(color);
  const rows = timingOf(record.events);
  if (rows.length === 0) return 'No job was run and no answer was needed.\n';
  const columns = COLUMNS.filter(({ of, isRare }) => isRare === undefined || rows.some((row) => of(row) !== ''));
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => of(row)))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0, at))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  return `${[paint.bold(head), ...body, '', ...boundLines(record, paint)].join('\n')}\n`;
};

/** Names to the left, numbers to the right. */
function pad(cell: string, width: number, column: number): string {
  return column < 2 ? cell.padEnd(width) : cell.padStart(width);
}

function timeOf(of: keyof NonNullable<TimingRow['milliseconds']>): Column['of'] {
  return ({ milliseconds }) => (milliseconds === null ? '' : showDuration(milliseconds[of]));
}

/** Of the time that the jobs took, added up: the speed of one. */
function perSecond({ milliseconds }: TimingRow, amount: number): number | null {
  return milliseconds === null || milliseconds.total === 0 ? null : amount / (milliseconds.total / 1000);
}

function bytesPerSecond(row: TimingRow): string {
  const bytes = row.bytes === 0 ? null : perSecond(row, row.bytes);
  return bytes === null ? '' : showBytes(bytes);
}
