import type { CallOptions } from '../calls/call-options.ts';
import type { Listing } from '../calls/listing.ts';
import type { MessageContent } from '../send/message.ts';
import type { Published } from '../send/outcome.ts';

/** One membership after `join`. */
export interface Joined {
  readonly channel: string;
  readonly clientId: string;
  /** False: was a member already. */
  readonly joined: boolean;
  /** The channel's end at the join, `generation.offset`: messages after it are the member's. */
  readonly position: string;
}

/** One membership after `leave`. */
export interface Left {
  readonly channel: string;
  readonly clientId: string;
  /** False: was no member. */
  readonly left: boolean;
}

/** What `join` and `leave` can be told. */
export interface MembershipOptions extends CallOptions {
  /**
   * Names the request, 1 to 128 bytes, unique for the client: repeated within 10 minutes it changes nothing any more, whatever
   * was asked for since. Without one a repeated call does again what it says.
   */
  readonly key?: string | undefined;
}

/** A channel with at least one member. */
export interface ChannelSummary {
  readonly channel: string;
  /** Members, connected or not. */
  readonly members: number;
}

/**
 * Channels come into being with their first member and go with their last. Names: 1 to 128 bytes, not starting with `$`.
 * `join` and `leave` take one channel and many clients, or many channels and one client: at most 1,000 pairs a call.
 */
export interface Channels {
  /** Idempotent. Takes effect on open connections at once. @throws MembershipError with an outcome per pair when some failed */
  join(
    channels: string | readonly string[],
    clientIds: string | readonly string[],
    options?: MembershipOptions,
  ): Promise<Joined[]>;
  /** Idempotent. @throws MembershipError with an outcome per pair when some failed */
  leave(
    channels: string | readonly string[],
    clientIds: string | readonly string[],
    options?: MembershipOptions,
  ): Promise<Left[]>;
  /** Durable, in the channel's log, in one order for all members. The sender need not be one. */
  publish(channel: string, message: MessageContent, options?: CallOptions): Promise<Published>;
  members(channel: string, options?: CallOptions): Listing<string>;
  isMember(channel: string, clientId: string, options?: CallOptions): Promise<boolean>;
  /** Members, connected or not; 0 for an unknown channel. */
  count(channel: string, options?: CallOptions): Promise<number>;
  /** Members that are online now. Walks the members. */
  online(channel: string, options?: CallOptions): Promise<number>;
  /** All channels that have members. */
  list(options?: CallOptions): Listing<ChannelSummary>;
  ofClient(clientId: string, options?: CallOptions): Promise<string[]>;
  /** Removes members that are offline; resolves to how many. Counts stay right. */
  clear(channel: string, options?: CallOptions): Promise<number>;
}
