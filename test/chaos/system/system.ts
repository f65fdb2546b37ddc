import type { Link } from '../proxy/link.ts';

/** The system under test: Redis, shards, operator on one machine, each a process of its own, with a link that can misbehave between any two. */
export interface System {
  readonly cluster: string;
  readonly tokenKeysFile: string;
  /** Where the business processes reach Redis: by a link of their own. A Sentinel topology gives its SDK options instead. */
  readonly redis: RedisControl;
  readonly shards: ShardControl;
  readonly operator: ProcessControl;
  /** Links by the names `client-shard-<n>`, `shard-redis-<n>`, `operator-redis`, `business-redis`. */
  link(name: string): Link;
  /** Ends everything that it started, by process id, and removes its folder unless it is to be kept. */
  close(): Promise<void>;
}

/** One process that faults act on. */
export interface ProcessControl {
  readonly name: string;
  /** Null between two lives. */
  pid(): number | null;
  /** kill -9. It is started again, as Kubernetes would. */
  kill(): void;
  /** SIGSTOP, SIGCONT. */
  stop(): void;
  cont(): void;
  /** Sets its wall clock so many milliseconds beside the true one; its monotonic clock goes on. */
  shiftClock(byMs: number): void;
  /** Resident memory, bytes; null while there is no process. */
  residentBytes(): number | null;
  /** Has it collect all its garbage; resolves when it has. @throws Error when it does not within 10 s */
  collect(): Promise<void>;
}

/** The shards, as a StatefulSet has them. */
export interface ShardControl {
  readonly ids: readonly number[];
  /** @throws RangeError when there is no such shard */
  shard(id: number): ProcessControl;
  /** `kubectl scale`; resolves when the map shows it and nobody is left over. */
  scale(count: number): Promise<void>;
  /** `kubectl scale` without waiting for it: the next one overtakes it. The last one has to be a {@link scale}, which ends who is left over. */
  want(count: number): Promise<void>;
  /** `kubectl rollout restart`: one after the other, resolves when all are home again. */
  rollout(): Promise<void>;
  /** The newest epoch and which slots each shard owns, as the map in Redis says; null while there is none. */
  map(): Promise<{
    readonly epoch: number;
    readonly owned: ReadonlyMap<number, number>;
    readonly shards: number;
  } | null>;
  /** Calls with each new epoch from now on, in the moment in which its map is published. */
  onEpoch(heard: (epoch: number) => void): void;
  /** Resolves once all wanted shards are ready and every slot is at home. @throws Error after `timeoutMs` */
  whole(timeoutMs: number): Promise<void>;
  /** Connections of each shard, by its own metrics; null for one that does not answer. */
  connections(): Promise<ReadonlyMap<number, number | null>>;
  /** Whether the shard answers `/readyz` with 200 now. */
  isReady(id: number): Promise<boolean>;
}

/** Redis, and what can happen to it. */
export interface RedisControl {
  readonly topology: 'single' | 'sentinel';
  /** The SDK's `redis` option, through the link `business-redis` where the topology is single. */
  readonly url: string;
  /** SHUTDOWN in order and start again over the same append-only file. */
  restart(): Promise<void>;
  /** Gone for so long, then back over the same file. */
  away(ms: number): Promise<void>;
  /** SIGSTOP and SIGCONT of the present master. */
  stop(): void;
  cont(): void;
  flushAll(): Promise<void>;
  /**
   * Cuts the replica off so that it lacks the last writes, then ends the master for good (kill -9) and has Sentinel promote
   * the replica; resolves when it is the master. The old master comes back as a replica.
   *
   * @param isAlone - called with true when the replica is about to be cut off, and with false when the master is dead
   * @throws Error without Sentinel
   */
  failover(lagMs: number, isAlone?: (isAlone: boolean) => void): Promise<void>;
  /** Fills the disk under the append-only file; resolves to false where this machine does not allow that. */
  fillDisk(): Promise<boolean>;
  freeDisk(): Promise<void>;
  /** What the program says its version is. */
  version(): Promise<string>;
  /** Commands processed since its start (INFO). */
  commands(): Promise<number>;
  /** Keys there are. */
  keys(): Promise<number>;
  usedBytes(): Promise<number>;
}
