/** What GitHub's code scanning takes: a file beyond any of these it refuses as a whole, or passes over what comes last. */
import { gzipSync } from 'node:zlib';
import type { FormatSettings } from './format.js';
import type { Problem } from './problems.js';

export const MOST_RESULTS = 25_000;
/** Of one result; it takes more and shows no more. */
export const MOST_PLACES = 100;
/** Packed with gzip, as it is sent. */
const MOST_BYTES = 10_000_000;

export interface Part {
  readonly problems: readonly Problem[];
  /** Fixes are the first to be left out: what is wrong matters more. */
  readonly hasFixes: boolean;
  /** What is not in the file, in words; null where all is. */
  readonly cut: string | null;
}

/** The worst come first in `problems`: as many as fit. `tell` is told what is missing. */
export async function fitting(
  problems: readonly Problem[],
  make: (part: Part) => Promise<string>,
  tell: FormatSettings['tell'],
): Promise<string> {
  let most = Math.min(MOST_RESULTS, problems.length);
  let hasFixes = true;
  for (;;) {
    const cut = wordsFor(problems, most, hasFixes);
    const text = await make({ problems: problems.slice(0, most), hasFixes, cut });
    if (most === 0 || !isTooLarge(text)) {
      if (cut !== null) tell?.(`SARIF: ${cut}`);
      return text;
    }
    if (hasFixes) hasFixes = false;
    else most = Math.floor(most / 2);
  }
}

function isTooLarge(text: string): boolean {
  return Buffer.byteLength(text) > MOST_BYTES && gzipSync(text).length > MOST_BYTES;
}

function wordsFor({ length }: readonly Problem[], most: number, hasFixes: boolean): string | null {
  if (most < length)
    return `The worst ${String(most)} of ${String(length)} results are here: code scanning takes no more. \`quality report --format json\` has all.`;
  return hasFixes ? null : 'Fixes are left out: with them the file would be larger than code scanning takes.';
}
