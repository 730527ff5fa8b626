/** INT, TERM and HUP stop a run in order; a second signal changes nothing while things are being put back. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
/** What an interruption comes to where nothing is known of the signal. */
const INTERRUPTED = 130;

export async function withSignals<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const listeners = (Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]).map((name) => {
    const listener = (): void => {
      if (controller.signal.aborted)
        process.stderr.write('Stopping: what was written is being put back; please wait.\n');
      controller.abort(name);
    };
    process.on(name, listener);
    // Stopped before there was a run, while waiting for the lock: the shell's convention holds there too.
    process.once('exit', () => {
      if (controller.signal.reason === name && process.exitCode === INTERRUPTED) process.exitCode = 128 + SIGNALS[name];
    });
    return { name, listener };
  });
  try {
    return await work(controller.signal);
  } finally {
    for (const { name, listener } of listeners) process.off(name, listener);
  }
}
