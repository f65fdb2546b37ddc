import type { CallOptions } from '../calls/call-options.ts';
import type { Listing } from '../calls/listing.ts';
import type { ConsumeOptions, DeadLetter, Listening } from '../events/consume-options.ts';

/** Somebody came or went. */
export interface PresenceChange {
  /** `online`, `offline`: first and last connection, after the reconnect grace. The others: each connection (`perConnection`). */
  readonly type: 'online' | 'offline' | 'connected' | 'disconnected';
  readonly clientId: string;
  /** null where the event is about the client as a whole. */
  readonly connection: string | null;
  readonly shard: number;
  readonly device: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /**
   * Why it went; null for arrivals, and where Redis has lost its memory of why. Of the client as a whole: why its last
   * connection ended. It is one of these; others may be added, so a text that you do not know is no goodbye:
   *
   * - `closed by the client`: it said goodbye (close code 1000, or none). With its last connection it is offline at once.
   * - `connection lost`: its connection ended without one.
   * - `shard lost`: its shard died.
   * - `moved`: it was told to go to another shard, and ended before it had arrived there.
   * - The text that `disconnect` was given, by default `disconnected`. It is yours, so let it be none of the others.
   * - The reason of a close code of PROTOCOL.md, or one of its error codes,
   *   where the shard ended it: `replaced`, `session_expired`, `draining`, `heartbeat_timeout`, `too_slow`, `bad_frame`, …
   */
  readonly reason: string | null;
  /** What `connectInfo` was given. */
  readonly metadata: unknown;
  /** 1 when this consumer group sees it for the first time. */
  readonly attempt: number;
}

/** Messages are gone, or were skipped, that a client without positions could not be told about (`gaps`). */
export interface PresenceGap {
  readonly type: 'gap';
  readonly clientId: string;
  /** null: its inbox. */
  readonly channel: string | null;
  /** `slow`: the log still has them (`im.history`); the connection's `drop-oldest` skipped them. null: they are gone. */
  readonly reason: 'slow' | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 1 when this consumer group sees it for the first time. */
  readonly attempt: number;
}

/**
 * Redis was found to have lost everything it held, for example by FLUSHALL (`losses`). Connected clients are told of gaps, and their
 * presence and memberships were written again by their shards; what nobody knows any more is gone: messages, memberships of
 * clients that were not connected, and events that nobody had read. So join everybody again (whoever is a member stays one),
 * and compare `list` with who you think is online. Each shard that notices says so: it may come several times.
 */
export interface PresenceLoss {
  readonly type: 'lost';
  /** It is about no client. */
  readonly clientId: '';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** 1 when this consumer group sees it for the first time. */
  readonly attempt: number;
}

/** An event of `presence.events`; told apart by `type`. */
export type PresenceEvent = PresenceChange | PresenceGap | PresenceLoss;

/** Which presence events, and how. */
export interface PresenceEventsOptions extends ConsumeOptions {
  /** Also `connected` and `disconnected` for each connection. Default false. */
  readonly perConnection?: boolean | undefined;
  /** Also `gap` events of plain WebSocket and Socket.IO clients. Default false. */
  readonly gaps?: boolean | undefined;
  /** Also `lost`, when Redis lost everything. Default false. */
  readonly losses?: boolean | undefined;
}

/** One open connection of a client. */
export interface ClientConnection {
  /** Its id, for `disconnect`. */
  readonly connection: string;
  readonly shard: number;
  readonly device: string | null;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Who is online, in the whole cluster: whichever shards the clients are at, and whichever microservice made their addresses. */
export interface Presence {
  /** One answer per id, in the order given, doubles included; unknown ids are offline. */
  online(clientIds: readonly string[], options?: CallOptions): Promise<boolean[]>;
  /** All clients that are online. */
  list(options?: CallOptions): Listing<string>;
  connections(clientId: string, options?: CallOptions): Promise<ClientConnection[]>;
  /**
   * Arrivals and departures. With a `group`, asking for the next event confirms the previous one; an event whose handling
   * ended the loop comes again, to whichever process of the group is next. It takes two round trips to Redis for each event: where
   * hundreds come a second, `on` is the one that keeps up.
   */
  events(options?: PresenceEventsOptions): AsyncIterable<PresenceEvent>;
  /**
   * The same as a handler. One that throws or rejects harms nothing: it is tried again in place, `maxAttempts` times,
   * while other clients' events go on; then the event goes to the dead letters.
   */
  on(handler: (event: PresenceEvent) => void | Promise<void>, options?: PresenceEventsOptions): Listening;
  /** What a group gave up on, oldest first. */
  deadLetters(
    group: string,
    options?: CallOptions & { readonly limit?: number | undefined },
  ): Promise<DeadLetter<PresenceEvent>[]>;
  /** Ends a group and its dead letters. */
  forget(group: string, options?: CallOptions): Promise<void>;
}
