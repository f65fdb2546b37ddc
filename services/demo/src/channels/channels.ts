import type { Flotilla } from '@flotilla-im/sdk';
import type { Announcer } from '../announcer.ts';
import { HttpProblem } from '../http/problem.ts';
import type { ListedChannel, PutOutData } from '../words.ts';
import { createCreators } from './creators.ts';
import { createMemberships, type Memberships } from './memberships.ts';

/** Where everybody is who comes for the first time, or comes again after having left. Nobody's: none is put out of it. */
export const LOBBY = 'Lobby';

/** At most so many channels, or members of one, are listed; a product would page. */
const LISTED = 200;

/** Channels as this business has them: open to all; who created one may put others out, who may come again. */
export interface ChatChannels extends Memberships {
  /** All of them, by name, as this person sees them. */
  list(clientId: string): Promise<ListedChannel[]>;
  /** @throws {HttpProblem} 409 channel_exists, too_many_channels */
  create(channel: string, clientId: string): Promise<void>;
  /** By name. */
  members(channel: string): Promise<string[]>;
  /** @throws {HttpProblem} 403 not_creator, 404 no_member */
  putOut(channel: string, clientId: string, by: string): Promise<void>;
  /** @throws {HttpProblem} 403 no_member: only members read and write */
  checkMember(channel: string, clientId: string): Promise<void>;
}

/** Who created a channel, who is in it, and who may put whom out. */
export function createChatChannels(flotilla: Pick<Flotilla, 'channels' | 'send'>, announcer: Announcer): ChatChannels {
  const { channels } = flotilla;
  const creators = createCreators(flotilla);
  const memberships = createMemberships(flotilla, announcer, creators);
  return {
    ...memberships,
    async list(clientId) {
      const joined = new Set(await channels.ofClient(clientId));
      const found = new Map<string, ListedChannel>();
      for await (const { channel, members } of channels.list()) {
        if (announcer.owns(channel)) continue;
        const isMine = creators.isAmong(joined, channel);
        found.set(channel, { channel, members, isJoined: joined.has(channel), isMine });
        if (found.size >= LISTED) break;
      }
      return [...found.values()].sort((a, b) => a.channel.localeCompare(b.channel));
    },
    async create(channel, clientId) {
      if (channel === LOBBY || (await channels.count(channel)) > 0) {
        throw new HttpProblem(409, 'channel_exists', 'There is such a channel already.');
      }
      // First, so that whoever sees the channel sees whose it is.
      await creators.add(channel, clientId);
      await memberships.join(channel, clientId).catch(async (error: unknown) => {
        await creators.remove(channel, clientId);
        throw error;
      });
    },
    async members(channel) {
      const members: string[] = [];
      for await (const member of channels.members(channel)) if (members.push(member) >= LISTED) break;
      return members.sort((a, b) => a.localeCompare(b));
    },
    async putOut(channel, clientId, by) {
      if (!(await creators.created(channel, by))) {
        throw new HttpProblem(403, 'not_creator', 'Only who created a channel puts others out of it.');
      }
      if (clientId === by || !(await channels.isMember(channel, clientId))) {
        throw new HttpProblem(404, 'no_member', 'That is no other member of the channel.');
      }
      await memberships.leave(channel, clientId);
      const data: PutOutData = { kind: 'put-out', channel, by };
      await flotilla.send({ from: null, to: clientId, data });
    },
    async checkMember(channel, clientId) {
      if (await channels.isMember(channel, clientId)) return;
      throw new HttpProblem(403, 'no_member', 'Join the channel first.');
    },
  };
}
