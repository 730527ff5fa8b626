/** One client's connection: what it may do, what goes on for it, and what stops that. */
import pLimit from 'p-limit';

export interface Session {
  /** Folder that requests are made in; absolute. */
  readonly cwd: string;
  readonly allowWrite: boolean;
  /** The connection is gone, or the process is to end. */
  readonly stop: AbortSignal;
  /** One after the other: two runs at once take each other's cores, and a writer would wait for the lock anyway. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves when nothing goes on any more. */
  readonly settled: () => Promise<void>;
}

export function createSession(settings: Pick<Session, 'cwd' | 'allowWrite' | 'stop'>): Session {
  const turn = pLimit(1);
  const going = new Set<Promise<unknown>>();
  return {
    ...settings,
    inTurn: (work) => {
      const done = turn(work);
      going.add(done);
      const forget = (): void => void going.delete(done);
      done.then(forget, forget);
      return done;
    },
    settled: async () => {
      await Promise.allSettled([...going]);
    },
  };
}
