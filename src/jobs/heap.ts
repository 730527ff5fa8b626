/** How much memory a worker may take before it ends itself, so that a tool that eats memory does not take the machine with it. */
const MEBIBYTE = 1024 ** 2;
/** Below this, ESLint with types does not get far; above, Node's own bound is no higher on most machines. */
const BOUNDS = { least: 512, most: 4096 };
/** The rest is for the main process, for what tools keep outside of the heap, and for others. */
const SHARE = 0.75;

/** Arguments for Node. What the user has set for every Node program stands. */
export function heapArguments(availableBytes: number, workers: number, nodeOptions: string | undefined): string[] {
  if (nodeOptions?.includes('--max-old-space-size') === true) return [];
  const share = Math.floor((availableBytes * SHARE) / MEBIBYTE / Math.max(1, workers));
  return [`--max-old-space-size=${String(Math.min(BOUNDS.most, Math.max(BOUNDS.least, share)))}`];
}
