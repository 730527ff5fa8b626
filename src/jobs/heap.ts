/** How much memory workers may take, so that a tool that eats memory does not take the machine with it. */
const MEBIBYTE = 1024 ** 2;
/** Below this, ESLint with types does not get far; above, Node's own bound is no higher on most machines. */
const BOUNDS = { least: 512, most: 4096 };
/** The rest is for the main process, for what tools keep outside of the heap, and for others. */
const SHARE = 0.75;

/** Arguments for Node: what a worker may take before it ends itself. What the user has set for every Node program stands. */
export function heapArguments(availableBytes: number, workers: number, nodeOptions: string | undefined): string[] {
  if (nodeOptions?.includes('--max-old-space-size') === true) return [];
  const mebibytes = shareOf(availableBytes * SHARE, workers, BOUNDS);
  return [`--max-old-space-size=${String(mebibytes - (mebibytes % STEP))}`];
}

/** With so few files it is loading the tools that takes the time. */
export const FEW_FILES = 10;

/** Arguments for Node, by how many files there are to look at. */
export interface NodeArguments {
  readonly few: readonly string[];
  readonly many: readonly string[];
}

/** For each of so many workers. */
export function nodeArgumentsFor(
  availableBytes: number,
  workers: number,
  nodeOptions: string | undefined,
): NodeArguments {
  const heap = heapArguments(availableBytes, workers, nodeOptions);
  const isWide = shareOf(availableBytes * SHARE, workers, BOUNDS) >= WIDE_MEBIBYTES;
  const young = (mebibytes: readonly string[]): readonly string[] =>
    nodeOptions?.includes('semi-space-size') === true ? heap : [...heap, ...mebibytes];
  return { few: young(isWide ? YOUNG.few : YOUNG.many), many: young(YOUNG.many) };
}

/**
 * The young generation begins as large as it may get anyway (16 MiB), instead of with 1 MiB: while ESLint is loaded, nearly
 * everything lives on, and each time that it grows all of that is copied. A tenth less processor time for one file. Where
 * all of what is loaded goes into it, nothing is copied at all: another tenth, up to some ten files. With 20 files or more
 * that gains nothing, as memory that was not used before is slower than memory that was.
 */
const YOUNG = {
  few: ['--min-semi-space-size=128', '--max-semi-space-size=128'],
  many: ['--min-semi-space-size=16'],
} as const;
/** With less to share a young generation of 128 MiB would weigh too much. */
const WIDE_MEBIBYTES = 1024;

/** V8 believes compiled code only under the same flags, and a worker is started early only as the last one was: a little more or less memory should be none. */
const STEP = 256;

/** ESLint and Prettier stay below the least of it; one package's types mostly stay below the most. */
const KEPT = { least: 512, most: 1280 };
const KEPT_SHARE = 0.4;

/** Bytes that a worker may keep between two jobs: with more than that a fresh one takes its place. */
export function keptBytes(availableBytes: number, workers: number): number {
  const mebibytes = shareOf(availableBytes * KEPT_SHARE, workers, KEPT);
  return (mebibytes - (mebibytes % STEP)) * MEBIBYTE;
}

function shareOf(bytes: number, workers: number, { least, most }: { least: number; most: number }): number {
  return Math.min(most, Math.max(least, Math.floor(bytes / MEBIBYTE / Math.max(1, workers))));
}
