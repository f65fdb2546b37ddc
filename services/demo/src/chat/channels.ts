import type { Flotilla } from '@flotilla-im/sdk';
import type { Announcement } from './words.ts';

/** A channel as the page lists it. */
export interface ListedChannel {
  readonly channel: string;
  readonly members: number;
  readonly joined: boolean;
}

/** At most so many channels are listed; a product would page. */
const LISTED = 200;

/** Channels as this business has them: open to all, everybody joins by themselves. */
export interface ChatChannels {
  list(clientId: string): Promise<ListedChannel[]>;
  isMember(channel: string, clientId: string): Promise<boolean>;
  join(channel: string, clientId: string): Promise<void>;
  leave(channel: string, clientId: string): Promise<void>;
}

/** Joining and leaving is told to all pages, so that their counts are right. */
export function createChatChannels(flotilla: Flotilla): ChatChannels {
  const announce = async (): Promise<void> => {
    const data: Announcement = { kind: 'channels' };
    await flotilla.broadcast({ from: null, data, live: true });
  };
  return {
    async list(clientId) {
      const joined = new Set(await flotilla.channels.ofClient(clientId));
      const channels: ListedChannel[] = [];
      for await (const { channel, members } of flotilla.channels.list()) {
        if (channels.push({ channel, members, joined: joined.has(channel) }) >= LISTED) break;
      }
      return channels.toSorted((a, b) => a.channel.localeCompare(b.channel));
    },
    isMember: (channel, clientId) => flotilla.channels.isMember(channel, clientId),
    async join(channel, clientId) {
      await flotilla.channels.join(channel, clientId);
      await announce();
    },
    async leave(channel, clientId) {
      await flotilla.channels.leave(channel, clientId);
      await announce();
    },
  };
}
