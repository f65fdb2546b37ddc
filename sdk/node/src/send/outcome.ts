import type { FlotillaError } from '@flotilla-im/protocol';

/** What became of a message for one receiver (`send`). */
export interface Accepted {
  readonly clientId: string;
  /**
   * `appended`: in the receiver's inbox. `duplicate`: was there already (same `key`). `live`: published, if anybody was
   * connected. `skipped`: the sender itself, with `echo: false`.
   */
  readonly outcome: 'appended' | 'duplicate' | 'live' | 'skipped';
  /** With `duplicate` the first one's. */
  readonly messageId: string;
  /** Where it stands in the inbox, `generation.offset`; null unless durable. */
  readonly position: string | null;
  /** Whether a connection of the receiver was registered at that moment. */
  readonly online: boolean;
  /** Milliseconds since 1970 by the store's clock; null unless durable. */
  readonly at: number | null;
}

/** A receiver that was not reached. */
export interface Refused {
  readonly clientId: string;
  readonly outcome: 'failed';
  readonly error: FlotillaError;
}

/** One receiver of a send that failed, at least in part. */
export type SendOutcome = Accepted | Refused;

/** What became of a message to a channel, or of a broadcast. */
export interface Published {
  readonly channel: string;
  /** `live`: published, if a member was connected. */
  readonly outcome: 'appended' | 'duplicate' | 'live';
  readonly messageId: string;
  /** Where it stands in the channel's log, `generation.offset`; null when live. */
  readonly position: string | null;
  /** Whether any shard held a connected member at that moment. */
  readonly online: boolean;
  /** Milliseconds since 1970 by the store's clock; null when live. */
  readonly at: number | null;
}
