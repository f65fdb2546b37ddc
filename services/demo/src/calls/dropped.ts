import type { Flotilla, Listening, PresenceEvent } from '@flotilla-im/sdk';
import { OWN } from '../announcer.ts';
import type { Calls } from './calls.ts';

/** Whoever went without a goodbye is a member, until they are back. */
const DROPPED = `${OWN}dropped`;

/** What the shards say of a connection that its client closed. */
const GOODBYE = 'closed by the client';

/** Who went without a goodbye: closed the browser, lost the network for longer than the grace. */
export interface Dropped {
  isDropped(clientId: string): Promise<boolean>;
  leftWithoutGoodbye(clientId: string): Promise<void>;
  isBack(clientId: string): Promise<void>;
}

/** A product has a table for this; here a channel keeps it, for every process. */
export function createDropped({ channels }: Pick<Flotilla, 'channels'>): Dropped {
  return {
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
    const saidGoodbye = event.reason === GOODBYE;
    if (!saidGoodbye) await dropped.leftWithoutGoodbye(event.clientId);
    await calls.wentAway(event.clientId, event.at, saidGoodbye ? 'hung_up' : 'dropped');
  };
  return presence.on(onPresence, { group: 'demo-calls', onError });
}
