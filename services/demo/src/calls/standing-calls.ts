import type { Flotilla } from '@flotilla-im/sdk';
import { callOfChannel, channelOfCall, dialledAtMs } from './call-id.ts';

/** Pages that are in a call say so every 15 s. One of which nobody has said so for so long was left behind. */
const LEFT_BEHIND_MS = 60_000;

/** A younger one may still be about to begin: its two members do not join in the same instant. */
const BEGINNING_MS = 5_000;

/** Who dialled a call, and on which of their pages. */
export interface Dialled {
  readonly by: string;
  readonly device: string;
  readonly video: boolean;
}

/** What Flotilla is asked for. */
type StandingFlotilla = Pick<Flotilla, 'channels' | 'history' | 'presence'>;

/**
 * The calls that there are. This service keeps nothing, so a call is a channel of two members, which every process sees,
 * and its log tells who dialled and when one of its pages was last there.
 */
export interface StandingCalls {
  /** Before it rings. */
  begin(call: string, between: readonly [string, string]): Promise<void>;
  /** It is over. Safe to repeat. */
  end(call: string): Promise<void>;
  /** A page is in it. */
  sign(call: string, clientId: string): Promise<void>;
  /** Nothing stands in its way: it will ring. */
  dial(call: string, dialled: Dialled): Promise<void>;
  /** Who dialled it. null: it did not get so far. */
  dialled(call: string): Promise<Dialled | null>;
  /** The other one; null: the call is over, or this is somebody else's. */
  otherThan(call: string, clientId: string): Promise<string | null>;
  members(call: string): Promise<string[]>;
  /** The calls somebody is in, by their id. */
  of(clientId: string): Promise<string[]>;
  /**
   * Whether a call is one indeed. Its end is told by its pages, or by the presence of who went away; where nobody did so,
   * because all of them and this service died at once, it must not make somebody busy for ever. So it lives only while both
   * are members, both are connected, and one of their pages has given a sign within 60 s.
   */
  isLive(call: string): Promise<boolean>;
}

/** @param wallMs - milliseconds since 1970; of the store's clock it may be some seconds off */
export function createStandingCalls(flotilla: StandingFlotilla, wallMs: () => number): StandingCalls {
  const { channels, history, presence } = flotilla;
  const membersOf = (call: string): Promise<string[]> => channels.members(channelOfCall(call)).all();
  const lastSignAt = async (call: string): Promise<number> => {
    let last = dialledAtMs(call);
    for await (const { at } of history.channel(channelOfCall(call))) last = Math.max(last, at);
    return last;
  };
  return {
    async begin(call, between) {
      await channels.join(channelOfCall(call), between);
    },
    async end(call) {
      const members = await membersOf(call);
      if (members.length > 0) await channels.leave(channelOfCall(call), members);
    },
    async sign(call, clientId) {
      await channels.publish(channelOfCall(call), { from: clientId, data: { kind: 'call-sign' } });
    },
    async dial(call, { by, ...data }) {
      await channels.publish(channelOfCall(call), { from: by, data: { kind: 'call-sign', ...data } });
    },
    async dialled(call) {
      for await (const { from, data } of history.channel(channelOfCall(call), { limit: 1 })) {
        // Written by `dial`, before any other sign.
        return { ...(data as Omit<Dialled, 'by'>), by: from ?? '' };
      }
      return null;
    },
    async otherThan(call, clientId) {
      const members = await membersOf(call);
      return members.includes(clientId) ? (members.find((member) => member !== clientId) ?? null) : null;
    },
    members: membersOf,
    async of(clientId) {
      return (await channels.ofClient(clientId)).flatMap((channel) => callOfChannel(channel) ?? []);
    },
    async isLive(call) {
      if (wallMs() - dialledAtMs(call) < BEGINNING_MS) return true;
      const members = await membersOf(call);
      if (members.length < 2 || (await presence.online(members)).includes(false)) return false;
      return wallMs() - (await lastSignAt(call)) < LEFT_BEHIND_MS;
    },
  };
}
