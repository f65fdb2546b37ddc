import type { Flotilla } from '@flotilla-im/sdk';
import type { Announcer } from '../announcer.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Creators } from './creators.ts';

/** A person is a member of at most so many. */
const JOINED = 50;

/** Joining and leaving, told to all pages, so that their counts are right. */
export interface Memberships {
  /** @throws {HttpProblem} 409 too_many_channels */
  join(channel: string, clientId: string): Promise<void>;
  /** Who leaves a channel is its creator no more. */
  leave(channel: string, clientId: string): Promise<void>;
}

/** Memberships as Flotilla keeps them, for as long as nobody ends them. */
export function createMemberships(
  { channels }: Pick<Flotilla, 'channels'>,
  announcer: Announcer,
  creators: Creators,
): Memberships {
  const announce = async (channel: string): Promise<void> => {
    await announcer.tell({ kind: 'channel', channel, members: await channels.count(channel) });
  };
  return {
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
      await creators.remove(channel, clientId);
      await channels.leave(channel, clientId);
      await announce(channel);
    },
  };
}
