import type { Life } from '../plan/observation.ts';

/** One shard as whoever runs it knows it: a StatefulSet's pod, or a process of the launcher. */
export interface FleetShard {
  readonly id: number;
  /** Base address without a trailing slash, for example `ws://127.0.0.1:9101/s/1`. */
  readonly url: string;
  /** Whether its pod or process exists. */
  readonly present: boolean;
  /** Whether it says that it can serve. */
  readonly ready: boolean;
  /** Whether it has been asked to leave. */
  readonly deleting: boolean;
  /** Whether clients can be sent to it: what leads to it from outside is there. Left out: yes. */
  readonly exposed?: boolean;
  /** Which of its lives it lives; left out or null: nobody counts them. */
  readonly life?: Life | null;
}

/** The shards that are wanted, and those that are there. */
export interface Fleet {
  /** How many are wanted; null: nobody can say at this moment, and the map keeps as many as it has. */
  readonly desired: number | null;
  /** The id of the first one; they go up from there. */
  readonly firstId: number;
  readonly shards: readonly FleetShard[];
}

/** Where the operator learns of shards. */
export interface FleetSource {
  /** May come from a cache that the source keeps fresh. Rejects while it cannot know; then nothing changes. */
  read(): Promise<Fleet>;
  /** Calls back, soon and possibly once too often, when `read` would say something new. Returns the end of that. */
  watch(onChange: () => void): () => void;
}
