/** The only door to the clock. */

/** Milliseconds since 1970, UTC. */
export function now(): number {
  return Date.now();
}

/** Milliseconds that only go forward, for durations. */
export function ticks(): number {
  return performance.now();
}

/** Waits; rejects with the signal's reason when it is aborted. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
