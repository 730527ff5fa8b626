/** What to quote of a program's output: words that are the same when the program says the same. */
import { stripVTControlCharacters } from 'node:util';

/** How runners mark a failing test or file; the comments name those that do it in no other way. */
const FAILING = [
  // vitest, pytest, unittest, uvu, go
  /^\s*(?:FAIL|FAILED|ERROR)\b[: \t]\s*\S/,
  // AVA, Node, jest, bats
  /^\s*(?:✗|✘|✖|✕|×|❌)\s*\S/,
  // jest, where there is more than one file
  /^\s*● (?!Console$)\S/,
  // TAP; what is still to do is no failure
  /^\s*not ok\b(?!.*# (?:todo|skip)\b)/i,
  /^\s*--- FAIL: /,
  // cargo test, Karma, Gradle, Deno
  /^\S.* FAILED(?: \([^)]*\))*$/,
  // cargo test --quiet
  /^---- .+ stdout ----$/,
  // rustc: nothing was tested at all
  /^error\[E\d+\]: /,
  // bun
  /^\s*\(fail\) \S/,
];

/** Of these there is one for all that failed, and it changes with their number. */
const SUMS = [/^\s*FAILED [(|]/, /^\s*✖ failing tests:$/, /^[✘•\s]+\(\d+ \/ \d+\)\s*$/];

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

/** What is printed over what stood in the line is a line of its own. */
function linesOf(output: string): string[] {
  const ended = output.replace(/\r\n?|\u001B\[\d*G/g, '\n');
  return stripVTControlCharacters(ended).split('\n');
}

const MOST_FAILING = 1_000;

/** Lines that name what failed, each once, sorted: tests that run side by side report in any order. */
export function failingLines(output: string): string[] {
  const lines = linesOf(output);
  const names = lines.flatMap((line, at) => numberedName(lines, at) ?? (isFailing(line) ? nameIn(line) : []));
  return [...new Set(names.map(steady))].sort().slice(0, MOST_FAILING);
}

function isFailing(line: string): boolean {
  return FAILING.some((pattern) => pattern.test(line)) && !SUMS.some((pattern) => pattern.test(line));
}

/** TAP says after the name how long it took, pytest why it failed. */
function nameIn(line: string): string {
  return line.replace(/ # time=.*$/, '').replace(/^((?:FAILED|ERROR) \S+::.*?) - .*$/, '$1');
}

/** Mocha, RSpec, PHPUnit and others number what failed. The name may go on, or begin, on the next lines. */
function numberedName(lines: readonly string[], at: number): string | null {
  const name = /^\s*\d+\) (.*\S)/.exec(lines[at] ?? '')?.[1];
  if (name === undefined) return null;
  if (/^(?:Failure|Error):$/.test(name)) return `${name} ${lines[at + 1] ?? ''}`;
  if (name.endsWith(':')) return name.slice(0, -1);
  const deeper = deepeningLines(lines, at);
  const end = deeper.findIndex((line) => line.endsWith(':'));
  return end < 0 ? name : [name, ...deeper.slice(0, end + 1).map((line) => line.trim())].join(' ').slice(0, -1);
}

/** The lines that follow without a gap, as long as each is further to the right: a suite in a suite, and its test. */
function deepeningLines(lines: readonly string[], at: number): string[] {
  const indent = (line: string | undefined): number => line?.search(/\S/) ?? -1;
  let end = at + 1;
  while (indent(lines[end]) > indent(lines[end - 1])) end += 1;
  return lines.slice(at + 1, end);
}

/** Frames of a stack, and how Node signs off: they hide the error above them. */
const TRAILING = [/^\s+at \S/, /^Node\.js v\d/];

/** The last lines that say something. */
export function lastLines(output: string, count: number): string {
  const lines = linesOf(output).filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => !TRAILING.some((pattern) => pattern.test(line)));
  return telling.slice(-count).map(steady).join('\n');
}
