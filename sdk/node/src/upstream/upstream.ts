import type { CallOptions } from '../calls/call-options.ts';
import type { ConsumeOptions, DeadLetter, Listening } from '../events/consume-options.ts';

/** What a client said to the business (grant `upstream`). */
export interface UpstreamFrame {
  readonly clientId: string;
  /** The connection it came over. */
  readonly connection: string;
  readonly device: string | null;
  /** The client's own id of it, unique per client for 10 minutes; for plain WebSockets made by the shard. */
  readonly id: string;
  /** The JSON value, or the text of a plain WebSocket as it came. */
  readonly data: unknown;
  readonly format: 'json' | 'text';
  /** Milliseconds since 1970 by the store's clock. */
  readonly at: number;
  /** What `connectInfo` was given. */
  readonly metadata: unknown;
  /** 1 when this consumer group sees it for the first time. */
  readonly attempt: number;
}

/** As for events; the group is `default` unless named, since frames are kept until somebody handled them. */
export type UpstreamOptions = ConsumeOptions;

/**
 * What clients say to the business: all clients of the cluster, whichever microservice made their addresses. Each group gets
 * every frame; `metadata` tells whose a client is.
 */
export interface Upstream {
  /** At least once, in order per client. Asking for the next frame confirms the previous one. */
  frames(options?: UpstreamOptions): AsyncIterable<UpstreamFrame>;
  /** The same as a handler, see `presence.on`. */
  on(handler: (frame: UpstreamFrame) => void | Promise<void>, options?: UpstreamOptions): Listening;
  /** What a group gave up on, oldest first. */
  deadLetters(
    group: string,
    options?: CallOptions & { readonly limit?: number | undefined },
  ): Promise<DeadLetter<UpstreamFrame>[]>;
  /** Frames that wait for a group, or are being handled. */
  backlog(group: string, options?: CallOptions): Promise<number>;
  /** Ends a group and its dead letters; one that nobody reads any more would keep its frames until the stream is full. */
  forget(group: string, options?: CallOptions): Promise<void>;
}
