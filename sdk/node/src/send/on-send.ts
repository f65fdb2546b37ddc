/** What a hook sees before anything of a send goes out: once per shard that owns receivers, or once per channel. */
export interface Sending {
  readonly from: string | null;
  /** Receivers on this shard; empty for a channel message. */
  readonly receivers: readonly string[];
  /** The channel, `$broadcast` for a broadcast, null for a message to clients. */
  readonly channel: string | null;
  /** The shard that owns those receivers; null for a channel, or while no map is known. */
  readonly shard: number | null;
  readonly data: unknown;
  readonly live: boolean;
  readonly receipt: boolean;
}

/** An audit hook. When it throws or rejects, nothing is sent and the call rejects with `aborted`, the exception as `cause`. */
export type SendHook = (sending: Sending) => void | Promise<void>;
