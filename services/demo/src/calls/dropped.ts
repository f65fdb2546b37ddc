import type { Flotilla, Listening, PresenceEvent } from '@flotilla-im/sdk';
import { OWN } from '../own-channels.ts';
import type { Calls } from './calls.ts';

/** Whoever went without a goodbye is a member, until they are back. */
const DROPPED = `${OWN}dropped`;

/** What the shards say of a connection that its client closed. */
const GOODBYE = 'closed by the client';

/** A page that was closed says so; its connection alone would not tell that from a network that is gone. One log each. */
const GOODBYES = `${OWN}goodbye\n`;

/**
 * From the last word of a page until Flotilla says `offline` pass at most 20 s in which its shard may not have noticed that
 * the socket is gone, then 10 s of grace, by their defaults; twice that, for a cluster that waits longer. More would be
 * wrong more often: who closes one page of two, or reloads, and is cut off within this time counts as one who hung up.
 */
const GOODBYE_HOLDS_MS = 60_000;

/** Who went without a goodbye: the browser died, the network was gone for longer than the grace. */
export interface Dropped {
  /** One of their pages is closed or loaded anew. If it was the last one, that is no drop. */
  saysGoodbye(clientId: string): Promise<void>;
  /** @param at - when they went, in milliseconds since 1970 */
  hasSaidGoodbye(clientId: string, at: number): Promise<boolean>;
  isDropped(clientId: string): Promise<boolean>;
  leftWithoutGoodbye(clientId: string): Promise<void>;
  isBack(clientId: string): Promise<void>;
}

/** A product has a table for this; here a channel keeps it, for every process. */
export function createDropped({ channels, history }: Pick<Flotilla, 'channels' | 'history'>): Dropped {
  return {
    async saysGoodbye(clientId) {
      await channels.publish(GOODBYES + clientId, { from: clientId, data: { kind: 'goodbye' } });
    },
    async hasSaidGoodbye(clientId, wentAt) {
      for await (const { at } of history.channel(GOODBYES + clientId)) if (wentAt - at < GOODBYE_HOLDS_MS) return true;
      return false;
    },
    isDropped: (clientId) => channels.isMember(DROPPED, clientId),
    async leftWithoutGoodbye(clientId) {
      await channels.join(DROPPED, clientId);
    },
    async isBack(clientId) {
      await channels.leave(DROPPED, clientId);
    },
  };
}

/**
 * Ends the calls of who went away. That is who has not come back within the grace: not whose shard was moved, restarted or
 * killed. Each event is handled by one process of all, and again where that failed.
 *
 * @param onError - hears of what could not be done; it is tried again
 */
export function followDepartures(
  { presence }: Pick<Flotilla, 'presence'>,
  dropped: Dropped,
  calls: Pick<Calls, 'wentAway'>,
  onError: (error: unknown) => void,
): Listening {
  const onPresence = async (event: PresenceEvent): Promise<void> => {
    if (event.type === 'online') await dropped.isBack(event.clientId);
    if (event.type !== 'offline') return;
    const saidGoodbye = event.reason === GOODBYE || (await dropped.hasSaidGoodbye(event.clientId, event.at));
    if (!saidGoodbye) await dropped.leftWithoutGoodbye(event.clientId);
    await calls.wentAway(event.clientId, event.at, saidGoodbye ? 'hung_up' : 'dropped');
  };
  return presence.on(onPresence, { group: 'demo-calls', onError });
}
