import { createHash } from 'node:crypto';
import type { Flotilla } from '@flotilla-im/sdk';
import { OWN } from '../own-channels.ts';

/** Who created a channel. They stay so until they leave it. */
export interface Creators {
  add(channel: string, clientId: string): Promise<void>;
  remove(channel: string, clientId: string): Promise<void>;
  created(channel: string, clientId: string): Promise<boolean>;
  /** Of memberships as `channels.ofClient` gives them: whether a channel's creator is among them. */
  isAmong(memberships: ReadonlySet<string>, channel: string): boolean;
}

/**
 * A product has a table for this. The demo keeps nothing, so each channel has a shadow whose only member is its creator:
 * it is there for every process, and after a restart.
 */
export function createCreators({ channels }: Pick<Flotilla, 'channels'>): Creators {
  return {
    async add(channel, clientId) {
      await channels.join(shadowOf(channel), clientId);
    },
    async remove(channel, clientId) {
      await channels.leave(shadowOf(channel), clientId);
    },
    created: (channel, clientId) => channels.isMember(shadowOf(channel), clientId),
    isAmong: (memberships, channel) => memberships.has(shadowOf(channel)),
  };
}

/** A hash, because a name may be as long as Flotilla allows. */
function shadowOf(channel: string): string {
  return `${OWN}creator\n${createHash('sha256').update(channel).digest('base64url')}`;
}
