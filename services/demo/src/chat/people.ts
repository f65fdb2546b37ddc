import type { Flotilla, Listening } from '@flotilla-im/sdk';
import type { Announcement } from './words.ts';

/** At most so many people are listed; a product would page. */
const LISTED = 500;

/** Who is here. */
export interface People {
  list(): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * Tells every page who comes and goes. Each event is handled by one process of the consumer group, however many run this
 * service, and `cameOnline` is called there.
 */
export function createPeople(flotilla: Flotilla, cameOnline: (clientId: string) => void): People {
  const listening: Listening = flotilla.presence.on(
    async (event) => {
      if (event.type !== 'online' && event.type !== 'offline') return;
      const online = event.type === 'online';
      const data: Announcement = { kind: 'presence', clientId: event.clientId, online };
      await flotilla.broadcast({ from: null, data, live: true });
      if (online) cameOnline(event.clientId);
    },
    { group: 'demo' },
  );
  return {
    async list() {
      const people: string[] = [];
      for await (const clientId of flotilla.presence.list()) if (people.push(clientId) >= LISTED) break;
      return people.toSorted((a, b) => a.localeCompare(b));
    },
    close: () => listening.close(),
  };
}
