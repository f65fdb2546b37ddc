import { BROADCAST_CHANNEL, formatPosition, type Position } from '@flotilla-im/protocol';
import type { ClientRecord } from '../connections/client-record.ts';
import type { Connection } from '../connections/connection.ts';
import type { CatchUp } from '../delivery/catch-up.ts';
import type { ReadPage } from '../delivery/filler.ts';
import { Follower } from '../delivery/follower.ts';
import type { LogView } from '../delivery/log-view.ts';
import { type ChannelStart, startChannel } from './channel-start.ts';
import type { ChannelViews } from './channel-views.ts';

/** A channel made ready for a connection that is not welcomed yet. */
export interface PreparedChannel {
  readonly channel: string;
  readonly view: LogView;
  readonly start: ChannelStart;
  readonly joinedAt: Position | null;
}

/** What memberships need. */
export interface MembershipsDeps {
  readonly channelViews: ChannelViews;
  readonly catchUp: CatchUp;
  readonly readPage: ReadPage;
}

/** Puts connections into the channels their client belongs to, and takes them out. */
export class Memberships {
  readonly #deps: MembershipsDeps;

  constructor(deps: MembershipsDeps) {
    this.#deps = deps;
  }

  /**
   * Follows the channel for a connection, and finds where it begins. Rejects only when the pod closes.
   *
   * @param isNew - whether the join has only just been made
   */
  async prepare(
    channel: string,
    joinedAt: Position | null,
    owed: Position | null,
    isNew = false,
  ): Promise<PreparedChannel> {
    const { channelViews, readPage } = this.#deps;
    const view = channelViews.hold(channel);
    try {
      await channelViews.ready(view);
      if (isNew && joinedAt !== null) await channelViews.confirm(view, joinedAt);
      return { channel, view, joinedAt, start: await startChannel(view, { joinedAt, owed }, readPage) };
    } catch (error) {
      channelViews.release(view);
      throw error;
    }
  }

  /** Gives a prepared channel up again. */
  drop({ view }: PreparedChannel): void {
    this.#deps.channelViews.release(view);
  }

  /** The connection follows the channel from now on; delivery begins with `begin`. */
  enter(connection: Connection, { view, start, joinedAt }: PreparedChannel): Follower {
    const follower = new Follower(view, connection, start.place, joinedAt);
    connection.followers.push(follower);
    return follower;
  }

  /** Delivers what the start brought, and goes on. */
  begin(follower: Follower, { start }: PreparedChannel): void {
    if (start.page === null) this.#deps.catchUp.advance(follower);
    else this.#deps.catchUp.take(follower, start.page);
  }

  /** The connection is out of the channel, or gone. */
  leave(connection: Connection, follower: Follower): void {
    follower.isGone = true;
    follower.view.detach(follower);
    const index = connection.followers.indexOf(follower);
    if (index >= 0) connection.followers.splice(index, 1);
    if (follower.view.key.kind === 'channel') this.#deps.channelViews.release(follower.view);
  }

  /** Makes the open connections of a client follow what it belongs to now. */
  apply(record: ClientRecord, before: ReadonlyMap<string, Position> | null): void {
    const now = record.memberships;
    if (now === null || before === null || (now.size === 0 && before.size === 0)) return;
    for (const connection of [...record.connections]) {
      if (connection.phase !== 'open') continue;
      this.#leaveOthers(connection, now);
      for (const [channel, joinedAt] of now) {
        const follower = followerOf(connection, channel);
        if (follower === undefined) void this.#join(connection, record, channel, joinedAt);
        else follower.joinedAt = joinedAt;
      }
    }
  }

  #leaveOthers(connection: Connection, now: ReadonlyMap<string, Position>): void {
    for (const follower of [...connection.followers]) {
      const { kind, id } = follower.view.key;
      if (kind !== 'channel' || id === BROADCAST_CHANNEL || now.has(id)) continue;
      this.leave(connection, follower);
      connection.tell({ type: 'left', channel: id });
    }
  }

  /**
   * Never rejects. A position brought from an earlier membership changes nothing of where this one begins, unless it is
   * further; but where the log has lost it, what was lost with it may have been the client's.
   */
  async #join(connection: Connection, record: ClientRecord, channel: string, joinedAt: Position): Promise<void> {
    let prepared: PreparedChannel;
    try {
      prepared = await this.prepare(channel, joinedAt, connection.owed?.get(channel) ?? null, true);
    } catch {
      return;
    }
    const isStillMember = record.memberships?.get(channel) !== undefined;
    if (connection.phase !== 'open' || !isStillMember || isIn(connection, channel)) {
      this.drop(prepared);
      return;
    }
    const follower = this.enter(connection, prepared);
    const { place, recovered } = prepared.start;
    connection.owed?.delete(channel);
    connection.tell({ type: 'joined', channel, position: formatPosition(place) });
    if (!recovered) connection.jumped(follower, place);
    this.begin(follower, prepared);
  }
}

/** Whether a connection follows a channel. */
export function isIn(connection: Connection, channel: string): boolean {
  return followerOf(connection, channel) !== undefined;
}

function followerOf({ followers }: Connection, channel: string): Follower | undefined {
  return followers.find(({ view }) => view.key.kind === 'channel' && view.key.id === channel);
}
