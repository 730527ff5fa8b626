/** What the machine was busy with in the time looked at. null: the system does not say. */
export interface Load {
  /** Cores that this process may use. */
  readonly cores: number;
  /** Cores that the machine has. */
  readonly machineCores: number;
  /** Cores kept busy by this process and everything it has started. */
  readonly ownCores: number | null;
  /** Cores kept busy by everybody else. */
  readonly otherCores: number | null;
  /** Shares of the time, 0 to 1, in which something, or for memory everything, waited for it. */
  readonly waiting: { readonly cpu: number | null; readonly memory: number | null; readonly io: number | null };
  readonly availableMemory: number;
  readonly totalMemory: number;
  /** Bytes that the programs started by this process hold; null where the system does not say. */
  readonly jobMemory: number | null;
  readonly freeDisk: number | null;
}

/** As much of it as a log keeps. */
export interface LoadReading {
  /** Cores that the machine has. */
  readonly cores: number;
  /** Cores kept busy by the run, and by everybody else; null where the system does not say. */
  readonly own: number | null;
  readonly others: number | null;
  /** Share of the memory in use, 0 to 1. */
  readonly memory: number;
  /** Bytes that the workers and programs of the run hold. */
  readonly jobMemory: number | null;
}

export function readingOf(load: Load): LoadReading {
  const { machineCores, ownCores, otherCores, availableMemory, totalMemory, jobMemory } = load;
  return {
    cores: machineCores,
    own: rounded(ownCores),
    others: rounded(otherCores),
    memory: rounded(1 - availableMemory / totalMemory) ?? 0,
    jobMemory: jobMemory === null ? null : Math.round(jobMemory),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
