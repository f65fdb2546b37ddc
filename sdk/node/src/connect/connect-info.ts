import type { ConnectAddress, Grants, SlowReader } from '@flotilla-im/protocol';
import type { CallOptions } from '../calls/call-options.ts';

/** What `connectInfo` can be told; all of it optional. */
export interface ConnectOptions extends CallOptions {
  /** Names the device: it keeps its own place in the inbox and in channels. At most 128 bytes. */
  readonly device?: string | undefined;
  /** Anything JSON, at most 2 KiB: comes back in presence events and upstream frames. */
  readonly metadata?: unknown;
  /** What the client itself may do over its connection. Default: nothing. */
  readonly grants?: Grants | undefined;
  /**
   * What becomes of messages that this connection does not take as fast as they come, by log: `disconnect` (nothing is
   * skipped), `drop-oldest`, `latest`. Default: `disconnect` for all.
   */
  readonly slowReader?: SlowReader | undefined;
  /** Closes older connections of the client when this one opens. Default false: all are served. */
  readonly replace?: boolean | undefined;
  /** When the session ends for good: milliseconds since 1970, or a date. Default: never. */
  readonly sessionExpiresAt?: number | Date | undefined;
  /** How long the address can be used to connect, in milliseconds. Default: the instance's `tokenTtlMs` (10,000). */
  readonly ttlMs?: number | undefined;
}

/** An address for one connection. Plain JSON: hand it to the client as it is. */
export type ConnectInfo = ConnectAddress;

/** What `disconnect` can be told. */
export interface DisconnectOptions extends CallOptions {
  /** Reaches the client as the close reason. Default `disconnected`. */
  readonly reason?: string | undefined;
  /** Only this connection (presence events name them). Default: all of the client. */
  readonly connection?: string | undefined;
  /** Also refuses tokens issued before now. Default false. */
  readonly refuseTokensBefore?: boolean | undefined;
}
