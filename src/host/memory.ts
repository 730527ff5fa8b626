/** Memory of this process. */
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Housekeeping {
  /** Bytes that this process needs. */
  readonly tidy: () => Promise<number>;
  /** To be called when much of what was needed is not needed any more. */
  readonly released: () => void;
}

/** What V8 has given up is handed back to the system a little later. */
const HANDED_BACK_MS = 50;
/** What has just been found to be in use is not looked through again before there is so much more. */
const GROWN = 1.5;

/** V8 lets garbage grow to gigabytes before it looks by itself: here it looks where more is in use than the process may keep. */
export function housekeeping(keptBytes: number): Housekeeping {
  let bound = keptBytes;
  return {
    tidy: async () => {
      const before = process.memoryUsage.rss();
      if (before <= bound) return before;
      collectGarbage();
      await pause(HANDED_BACK_MS);
      const after = process.memoryUsage.rss();
      bound = Math.max(keptBytes, after * GROWN);
      return after;
    },
    released: () => {
      if (process.memoryUsage.rss() > keptBytes / 2) collectGarbage();
    },
  };
}

/** Begins to watch this process; gives the most bytes it held since then, or at the end where it has held more before. */
export function watchPeak(): () => number {
  const before = process.resourceUsage().maxRSS;
  return () => {
    const most = process.resourceUsage().maxRSS;
    return most > before ? most * 1024 : process.memoryUsage.rss();
  };
}

function collectGarbage(): void {
  // The hidden classes of objects outlive the last of these by two collections, and with them all that their constructors
  // refer to: the whole of TypeScript's last program.
  setFlagsFromString('--retain-maps-for-n-gc=0');
  setFlagsFromString('--expose-gc');
  // The flag takes effect in contexts made after it: tools do not find a `gc` that Node programs do not have.
  (runInNewContext('gc') as () => void)();
}
