/** A shard that was started. */
export interface RunningShard {
  /** Base address without a trailing slash: `ws://127.0.0.1:9101/s/1`. */
  readonly url: string;
  /** Resolves when it serves; never, when it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it is gone, with how, for a person: `was killed (SIGKILL)`. */
  readonly ended: Promise<string>;
  /** Asks it to hand its clients over and to end. */
  drain(): void;
  /** It vanishes without a goodbye. */
  kill(): void;
}

/** What runs shards: processes, or objects in this process. */
export interface ShardHost {
  start(id: number, port: number): RunningShard;
}

/** The base address of a local shard. */
export function shardUrl(id: number, port: number): string {
  return `ws://127.0.0.1:${port}/s/${id}`;
}
