import { FlotillaError, LOG_START, type Position } from '@flotilla-im/protocol';
import type { Connection } from '../connections/connection.ts';
import type { MarkedPlace } from '../connections/marks.ts';
import type { Positions } from '../connections/session.ts';
import type { Filler } from '../delivery/filler.ts';
import type { Follower } from '../delivery/follower.ts';
import { isFurther, isPlace, type LogExtent } from '../delivery/log-places.ts';
import type { LogView } from '../delivery/log-view.ts';

/** What acknowledgements need. */
export interface AcknowledgementsDeps {
  readonly filler: Filler;
  /** A cursor of the connection moved. */
  readonly onMoved: (connection: Connection) => void;
}

/** Takes what clients say they have. */
export class Acknowledgements {
  readonly #deps: AcknowledgementsDeps;

  constructor(deps: AcknowledgementsDeps) {
    this.#deps = deps;
  }

  /**
   * Positions the client has. One that the log never gave out ends the connection (4504); one that the log may have lost
   * does not: the client had no time yet to hear of the loss.
   */
  acknowledge(connection: Connection, { inbox, channels }: Positions): void {
    const [first] = connection.followers;
    if (inbox !== undefined && first !== undefined) this.#one(connection, first, inbox);
    if (channels === undefined) return;
    for (const follower of connection.followers) {
      const { kind, id } = follower.view.key;
      if (kind !== 'channel' || !Object.hasOwn(channels, id)) continue;
      const position = channels[id];
      if (position !== undefined) this.#one(connection, follower, position);
    }
  }

  /** All that its marks stood for has arrived. */
  confirmed(connection: Connection, places: readonly MarkedPlace[]): void {
    for (const { follower, position } of places) {
      if (!follower.isGone) this.#move(connection, follower, position);
    }
  }

  /**
   * Business knows what a client lacks before a place of a channel. Its device goes on there should this shard die, so that
   * business is not told again: what the store has of the device may be a place that was lost. What it has of an inbox speaks of
   * messages that were delivered, and stays.
   */
  told(connection: Connection, { follower, position }: MarkedPlace): void {
    if (follower.isGone || follower.view.key.kind === 'inbox') return;
    connection.channelCursorsAtMs = Number.NEGATIVE_INFINITY;
    const { acknowledged, view } = follower;
    if (acknowledged === null || !isPlace(extentOf(view), acknowledged)) follower.acknowledged = position;
    this.#deps.onMoved(connection);
  }

  #one(connection: Connection, follower: Follower, position: Position): void {
    if (isPlace(extentOf(follower.view), position)) this.#move(connection, follower, position);
    else void this.#oneLater(connection, follower, position);
  }

  /** It may have come over another connection of the client, before this pod heard of it. Never rejects. */
  async #oneLater(connection: Connection, follower: Follower, position: Position): Promise<void> {
    await this.#deps.filler.fill(follower.view);
    if (follower.isGone || connection.phase !== 'open') return;
    if (isPlace(extentOf(follower.view), position)) this.#move(connection, follower, position);
    else if (!follower.hasJumped && !follower.view.hasJumped)
      connection.fail(new FlotillaError('bad_position', 'an acknowledged position was never given out'));
  }

  #move(connection: Connection, follower: Follower, position: Position): void {
    if (!isFurther(extentOf(follower.view), position, follower.acknowledged ?? LOG_START)) return;
    follower.acknowledged = position;
    this.#deps.onMoved(connection);
  }
}

/** The log as far as the view knows it. */
function extentOf({ generations, line, life }: LogView): LogExtent {
  const newest = generations.at(-1)?.generation;
  // The first message of a log, or of a generation, may have come by notify; the list is of the last read.
  if (line.offset > 0 && newest !== line.generation) {
    const all = [...generations, { generation: line.generation, first: line.offset }];
    return { generations: all, last: line.offset, life };
  }
  return { generations, last: line.offset, life };
}
