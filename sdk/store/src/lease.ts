/** What a shard reports with each heartbeat. */
export interface ShardReport {
  readonly state: 'starting' | 'up' | 'draining';
  readonly connections: number;
  /** Connections whose slot another shard owns. */
  readonly guests: number;
  /** Guests that stay until they end by themselves: what cannot be moved, while the shard itself stays. Absent: none. */
  readonly staying?: number;
  /** Connections that wait to be sent to the shards that own their slots. Absent: none. */
  readonly moving?: number;
  /** Durable and live messages written to sockets since start. */
  readonly delivered: number;
  /** Epoch of the map it serves by. */
  readonly epoch: number;
  /** Arrivals it takes, connections per second. */
  readonly pace: number;
  readonly version: string;
  /** Wire/storage schema it speaks. */
  readonly schema: number;
}

/** One incarnation as the store knows it. */
export interface Lease extends ShardReport {
  readonly shard: number;
  /** One life of one pod: unique, made at registration. */
  readonly incarnation: string;
  /** Grows with each heartbeat. Observers compare it over their own monotonic clock; there is no TTL. */
  readonly counter: number;
}

/** Shard leases: who lives. One hash in the store. */
export interface LeaseStore {
  register(shard: number, incarnation: string, report: ShardReport): Promise<void>;
  /** `gone`: reaped (or the store lost it): register a new incarnation before any other write. */
  heartbeat(shard: number, incarnation: string, report: ShardReport): Promise<'ok' | 'gone'>;
  /** A clean end: after all its connections are disconnected. */
  release(incarnation: string): Promise<void>;
  list(): Promise<Lease[]>;
  /** Takes the right to sweep and reap for `ttlMs`, or renews it; false when another holds it. */
  holdSweep(holder: string, ttlMs: number): Promise<boolean>;
}

/** Judges leases by observation: lapsed when an observer saw no change for the whole lease while its own store connection was healthy. */
export interface LeaseObserver {
  /** Call with each successful list and the monotonic time it was read at; `storeHealthySinceMs` is when the observer's connection last became healthy. */
  observe(leases: readonly Lease[], nowMs: number, storeHealthySinceMs: number): void;
  /** Milliseconds since the last change seen of that incarnation, counted from the later of first sight and store health. */
  silentForMs(incarnation: string, nowMs: number): number;
}
