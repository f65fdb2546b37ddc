import type { FlotillaError } from '@flotilla-im/protocol';

/**
 * The life of a connection object. It begins `connecting`, and goes from `connecting` to `connected` or `waiting`, from
 * either of these back to `connecting`, and from anywhere to `closed`, which is the end. A move to another shard is no
 * change of state.
 */
export type ConnectionState =
  | { readonly type: 'connecting' }
  | {
      readonly type: 'connected';
      /** False when messages were lost for good since the positions brought; a `gap` event names each log. */
      readonly recovered: boolean;
    }
  | {
      readonly type: 'waiting';
      /** Milliseconds until the next attempt. */
      readonly retryInMs: number;
      /** Why there is no connection: an error code, a close code's reason, or `address_failed`, `address_timeout`. */
      readonly reason: string;
    }
  | {
      readonly type: 'closed';
      /** 1000 after `close()` or when there is no address any more, else a 45xx close code. */
      readonly code: number;
      /** `closed`, `no_address`, or what the close frame said: an error code, or the business's own words with 4500. */
      readonly reason: string;
    };

/** A durable message: every one once, in the order of its log. */
export interface ReceivedMessage {
  readonly data: unknown;
  /** The sender; null: the system. */
  readonly from: string | null;
  /** Null: sent to this client itself. */
  readonly channel: string | null;
  /** `generation.offset` in its log. */
  readonly position: string;
  readonly id: string;
  /** Milliseconds since 1970 when it was accepted. */
  readonly at: number;
}

/** A message that is not kept: at most once. */
export interface LiveMessage {
  readonly data: unknown;
  readonly from: string | null;
  readonly channel: string | null;
  readonly id: string;
}

/** Messages of a log up to and with `position` are lost for this client. */
export interface Gap {
  /** Null: the client's inbox. */
  readonly channel: string | null;
  readonly position: string;
}

/** Every event and what its handler gets. */
export interface ConnectionEvents {
  readonly message: ReceivedMessage;
  readonly live: LiveMessage;
  readonly state: ConnectionState;
  readonly gap: Gap;
  /** The client became a member of a channel. What it is a member of when it connects is in `connection.channels`. */
  readonly joined: { readonly channel: string };
  readonly left: { readonly channel: string };
  /** Something went wrong that no promise tells: a refused frame, a frame that was not understood, a handler that threw. */
  readonly error: FlotillaError;
}

/** One event as a value. */
export type ConnectionEvent = {
  readonly [Type in keyof ConnectionEvents]: { readonly type: Type; readonly detail: ConnectionEvents[Type] };
}[keyof ConnectionEvents];

/** Positions to persist and bring again: the last ones that the application has got, as `generation.offset`. */
export interface SavedPositions {
  readonly inbox?: string;
  readonly channels?: Readonly<Record<string, string>>;
}
