import type { Flotilla } from '@flotilla-im/sdk';
import { OWN } from './own-channels.ts';
import type { Announcement } from './words.ts';

const PAGES = `${OWN}pages`;

/** Tells every page of this demo something at most once; other clients of the same cluster hear nothing of it. */
export interface Announcer {
  /** Whoever has a page belongs to those that are told. */
  admit(clientId: string): Promise<void>;
  tell(said: Announcement): Promise<void>;
  /** Whether a channel is the demo's own, to be left out of lists. */
  owns(channel: string): boolean;
}

/** All pages are members of one channel. */
export function createAnnouncer({ channels }: Pick<Flotilla, 'channels'>): Announcer {
  return {
    async admit(clientId) {
      await channels.join(PAGES, clientId);
    },
    async tell(data) {
      await channels.publish(PAGES, { from: null, data, live: true });
    },
    owns: (channel) => channel.startsWith(OWN),
  };
}
