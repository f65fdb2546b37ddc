import type { Position } from '@flotilla-im/protocol';
import type { LogSlice } from './log.ts';

/**
 * Channels: a log each, members, and which shard incarnations hold connected members. `$broadcast` is one that nobody joins,
 * leaves or lists: every shard follows it with member null. Joining and leaving reserved names rejects with
 * `reserved_channel`.
 */
export interface ChannelStore {
  /**
   * pending at the client, then the channel's side (its tail is the join's position), then confirmed; live connections are told.
   * `false`: was a member already. A request with an id (unique for the client) that is seen again within `frameIdMs` changes
   * nothing any more, whatever was asked for since; it only finishes what a crash interrupted.
   */
  join(channel: string, clientId: string, request?: string): Promise<{ joined: boolean; position: Position }>;
  /** `false`: was no member. Ids of requests as for `join`. */
  leave(channel: string, clientId: string, request?: string): Promise<boolean>;
  /** Finishes a join or leave that a crash interrupted. */
  settle(channel: string, clientId: string): Promise<void>;
  members(channel: string, cursor: string | null): Promise<{ clientIds: string[]; next: string | null }>;
  isMember(channel: string, clientId: string): Promise<boolean>;
  /** Members of the channel; 0 when it is unknown. */
  count(channel: string): Promise<number>;
  /** All channels with at least one member. */
  list(cursor: string | null): Promise<{ channels: { channel: string; members: number }[]; next: string | null }>;
  ofClient(clientId: string): Promise<string[]>;
  /**
   * The shard incarnation has a connected member: interest is written before the tail is read, so nothing is missed between.
   * `after` null: from the tail. For a named client its membership is checked: `null` when it is no member (any more).
   */
  follow(
    channel: string,
    shard: number,
    incarnation: string,
    member: string | null,
    after: Position | null,
  ): Promise<LogSlice | 'not_member' | 'fenced'>;
  /** Its last connected member there is gone. */
  unfollow(channel: string, shard: number, incarnation: string): Promise<void>;
}
