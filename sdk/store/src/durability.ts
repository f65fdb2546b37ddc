/** Where a message must be, besides the memory of its Redis master, before it counts as accepted. */
export interface Durability {
  /** Replicas that have it, at least in memory (WAIT). */
  readonly replicas: number;
  /** Whether it is in the master's append-only file, on disk (WAITAOF). */
  readonly fsync: boolean;
  /** How long that may take, in milliseconds. */
  readonly timeoutMs: number;
}
