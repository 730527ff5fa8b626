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
