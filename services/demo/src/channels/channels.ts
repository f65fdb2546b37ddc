import type { Flotilla } from '@flotilla-im/sdk';
import type { Announcer } from '../announcer.ts';
import { HttpProblem } from '../http/problem.ts';
import type { ListedChannel } from '../words.ts';

/** At most so many channels are listed; a product would page. */
const LISTED = 200;
/** A person is a member of at most so many. */
const JOINED = 50;

/** Channels as this business has them: open to all, made by whoever joins first. */
export interface ChatChannels {
  /** All of them, by name, as this person sees them. */
  list(clientId: string): Promise<ListedChannel[]>;
  /** @throws {HttpProblem} 409 too_many_channels */
  join(channel: string, clientId: string): Promise<void>;
  leave(channel: string, clientId: string): Promise<void>;
  /** @throws {HttpProblem} 403 no_member: only members read and write */
  checkMember(channel: string, clientId: string): Promise<void>;
}

/** Joining and leaving is told to all pages, so that their counts are right. */
export function createChatChannels({ channels }: Pick<Flotilla, 'channels'>, announcer: Announcer): ChatChannels {
  const announce = async (channel: string): Promise<void> => {
    await announcer.tell({ kind: 'channel', channel, members: await channels.count(channel) });
  };
  return {
    async list(clientId) {
      const joined = new Set(await channels.ofClient(clientId));
      const found = new Map<string, ListedChannel>();
      for await (const { channel, members } of channels.list()) {
        if (announcer.owns(channel)) continue;
        found.set(channel, { channel, members, isJoined: joined.has(channel) });
        if (found.size >= LISTED) break;
      }
      return [...found.values()].sort((a, b) => a.channel.localeCompare(b.channel));
    },
    async join(channel, clientId) {
      const joined = (await channels.ofClient(clientId)).filter((name) => !announcer.owns(name));
      if (joined.includes(channel)) return;
      if (joined.length >= JOINED) {
        throw new HttpProblem(409, 'too_many_channels', `Leave a channel first: ${JOINED} is the most.`);
      }
      await channels.join(channel, clientId);
      await announce(channel);
    },
    async leave(channel, clientId) {
      await channels.leave(channel, clientId);
      await announce(channel);
    },
    async checkMember(channel, clientId) {
      if (await channels.isMember(channel, clientId)) return;
      throw new HttpProblem(403, 'no_member', 'Join the channel first.');
    },
  };
}
