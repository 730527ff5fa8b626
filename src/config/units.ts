/**
 * What others need of the config at run time, free of zod: loading that costs more than everything else a start does, and
 * a project without a config file never needs it.
 */

export const CHECKS = ['format', 'lint', 'types', 'dead-code', 'duplication', 'syntax'] as const;
export type CheckName = (typeof CHECKS)[number];

export const OUTPUT_FORMATS = ['exit-code', 'sarif', 'eslint-json', 'checkstyle', 'gcc', 'unified-diff'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export const NAME = /^[a-z][a-z0-9-]*$/;
// The look-ahead wants a digit that is not zero: a time-out of nothing would end everything at once.
export const DURATION = /^(?=.*[1-9])\d+(\.\d+)?(ms|s|m|h)$/;
/** A relative path that does not lead out again. */
export const INSIDE = /^(?![\\/]|[A-Za-z]:|(?:.*[\\/])?\.\.(?:[\\/]|$))[^\n]+$/;
export const SIZE = /^(?=.*[1-9])\d+(\.\d+)?\s?(B|KiB|MiB|GiB)?$/;

const SECOND = 1000;
const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: 60 * SECOND, h: 3600 * SECOND };

const KIBIBYTE = 1024;
const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KiB: KIBIBYTE,
  MiB: KIBIBYTE ** 2,
  GiB: KIBIBYTE ** 3,
};

/** A timer that is told to wait longer fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Milliseconds of a duration that the schema has accepted: at least 1, and no more than a timer can wait (24 days). */
export function durationMs(value: string | number): number {
  return Math.min(Math.max(1, quantity(value, DURATION_UNITS)), LONGEST_TIMER);
}

/** Bytes of a size that the schema has accepted. */
export function sizeBytes(value: string | number): number {
  return quantity(value, SIZE_UNITS);
}

function quantity(value: string | number, units: Readonly<Record<string, number>>): number {
  if (typeof value === 'number') return value;
  const match = /^([\d.]+)\s?(\w*)$/.exec(value);
  return Math.round(Number(match?.[1]) * (units[match?.[2] ?? ''] ?? NaN));
}
