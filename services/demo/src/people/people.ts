import type { Flotilla, Listening, PresenceEvent } from '@flotilla-im/sdk';
import type { Announcer } from '../announcer.ts';
import type { Announcement } from '../words.ts';

/** At most so many people are listed; a product would page. */
const LISTED = 500;

/** Who is here. */
export interface People {
  /** Everybody who is online, by name. */
  online(): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * Tells every page who comes and goes. However many processes run this service, each event is handled by one of them:
 * they are one consumer group.
 *
 * @param onError - hears of events that could not be told; pages that are open ask again when they next connect
 */
export function createPeople(flotilla: Flotilla, announcer: Announcer, onError: (error: unknown) => void): People {
  const tell = async (event: PresenceEvent): Promise<void> => {
    if (event.type !== 'online' && event.type !== 'offline') return;
    const data: Announcement = { kind: 'presence', clientId: event.clientId, isOnline: event.type === 'online' };
    await announcer.tell(data);
  };
  const listening: Listening = flotilla.presence.on(tell, { group: 'demo', onError });
  return {
    async online() {
      const people = new Set<string>();
      for await (const clientId of flotilla.presence.list()) if (people.add(clientId).size >= LISTED) break;
      return [...people].sort((a, b) => a.localeCompare(b));
    },
    close: () => listening.close(),
  };
}
