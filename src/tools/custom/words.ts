/** What to quote of a program's output: words that are the same when the program says the same. */
import { stripVTControlCharacters } from 'node:util';

/** How runners mark a failing test or file. */
const FAILING = [
  /^\s*(?:FAIL|FAILED|ERROR)\b[: ]\s*\S/,
  /^\s*(?:✗|✖|✕|×|❌)\s*\S/,
  /^\s*not ok \d+/,
  /^\s*--- FAIL: /,
  /^test .+ \.\.\. FAILED$/,
  /^\s*\d+\) \S/,
];

/** What changes from one run to the next: durations, times, addresses, temporary folders. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '…'],
  [/\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b/g, '…'],
  [/\s*[([]?\b\d+(?:[.,]\d+)?\s?(?:ns|µs|us|ms|s|sec|seconds?|m|min|minutes?)\b[)\]]?/g, ''],
  [/\b0x[0-9a-f]+\b/gi, '0x…'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/gi, '…'],
  [/\/(?:private\/)?(?:tmp|var\/folders)\/[^\s:'")]*/g, '/tmp/…'],
];

const LONGEST_LINE = 300;

function steady(line: string): string {
  const words = PASSING.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line);
  return words.replace(/\s+/g, ' ').trim().slice(0, LONGEST_LINE);
}

function linesOf(output: string): string[] {
  return stripVTControlCharacters(output)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

const MOST_FAILING = 200;

/** Lines that name what failed, each once, sorted: tests that run side by side report in any order. */
export function failingLines(output: string): string[] {
  const lines = linesOf(output).filter((line) => FAILING.some((pattern) => pattern.test(line)));
  const named = [...new Set(lines.map((line) => steady(line.replace(/^(\s*)\d+\) /, '$1'))))];
  return named.sort().slice(0, MOST_FAILING);
}

/** Frames of a stack, and how Node signs off: they hide the error above them. */
const TRAILING = [/^\s+at \S/, /^Node\.js v\d/];

/** The last lines that say something. */
export function lastLines(output: string, count: number): string {
  const telling = linesOf(output).filter((line) => !TRAILING.some((pattern) => pattern.test(line)));
  return telling.slice(-count).map(steady).join('\n');
}
