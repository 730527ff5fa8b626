/**
 * Reader-writer locks by name (a path) within this process.
 *
 * - A request names all its keys at once and is granted all of them or none, so nobody holds one while waiting for another:
 *   there is no deadlock, whatever the order of the keys.
 * - Readers share a key, a writer has it alone; requests with no key in common never wait for each other.
 * - Fair: a request waits for every earlier one that it conflicts with, granted or not, so that a stream of readers does
 *   not starve a writer.
 * - Not re-entrant: work that asks again for a key that it holds waits for ever.
 */
export interface PathLocks {
  readonly read: <T>(keys: Iterable<string>, work: () => Promise<T>) => Promise<T>;
  readonly write: <T>(keys: Iterable<string>, work: () => Promise<T>) => Promise<T>;
}

interface Request {
  readonly keys: ReadonlySet<string>;
  readonly writes: boolean;
  /** Earlier requests with which this one conflicts and which are not over. */
  waitsFor: number;
  readonly blocks: Request[];
  readonly grant: () => void;
}

export function createPathLocks(): PathLocks {
  /** By key, in order of arrival, everything that is not over. */
  const lines = new Map<string, Set<Request>>();

  const enter = (request: Request): void => {
    const ahead = new Set<Request>();
    for (const key of [...request.keys].sort()) {
      const line = lines.get(key) ?? new Set<Request>();
      for (const earlier of line) if (earlier.writes || request.writes) ahead.add(earlier);
      lines.set(key, line.add(request));
    }
    request.waitsFor = ahead.size;
    for (const earlier of ahead) earlier.blocks.push(request);
    if (ahead.size === 0) request.grant();
  };

  const leave = (request: Request): void => {
    for (const key of request.keys) {
      const line = lines.get(key);
      line?.delete(request);
      if (line?.size === 0) lines.delete(key);
    }
    for (const later of request.blocks) {
      later.waitsFor -= 1;
      if (later.waitsFor === 0) later.grant();
    }
  };

  const held = async <T>(keys: Iterable<string>, writes: boolean, work: () => Promise<T>): Promise<T> => {
    const { promise, request } = waiting(new Set(keys), writes);
    enter(request);
    await promise;
    try {
      return await work();
    } finally {
      leave(request);
    }
  };
  return {
    read: (keys, work) => held(keys, false, work),
    write: (keys, work) => held(keys, true, work),
  };
}

function waiting(keys: ReadonlySet<string>, writes: boolean): { promise: Promise<void>; request: Request } {
  let grant = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    grant = resolve;
  });
  return { promise, request: { keys, writes, waitsFor: 0, blocks: [], grant } };
}
