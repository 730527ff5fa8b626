/** How much fits on a command line. */
import { Buffer } from 'node:buffer';

const WINDOWS_LIMIT = 30_000;
/** Linux takes 2 MiB, macOS 1 MiB, the environment included; half of the smaller one leaves room for what a script adds. */
const POSIX_LIMIT = 512 * 1024;
const SMALLEST = 8 * 1024;
/** A pointer and the closing NUL for each word. */
const WORD_COST = 9;

/** `items` in order, cut into lists that each fit on a command line beside the words that are always there. */
export function argumentBatches(always: readonly string[], items: readonly string[]): string[][] {
  const room = Math.max(SMALLEST, limit() - cost(always));
  const batches: string[][] = [];
  let left = 0;
  for (const item of items) {
    const price = cost([item]);
    if (batches.length === 0 || price > left) {
      batches.push([]);
      left = room;
    }
    batches.at(-1)?.push(item);
    left -= price;
  }
  return batches;
}

function limit(): number {
  if (process.platform === 'win32') return WINDOWS_LIMIT;
  const environment = Object.entries(process.env).flatMap(([name, value]) => [name, value ?? '']);
  return POSIX_LIMIT - cost(environment);
}

function cost(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + Buffer.byteLength(word) + WORD_COST, 0);
}
