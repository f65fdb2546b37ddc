import { OWN } from '../own-channels.ts';

/** A call's channel. Nobody can name one so, and the chat's lists leave it out. */
const CALL = `${OWN}call\n`;

/** What a call's id looks like: when it was dialled, and what the caller's page made up. */
export const CALL_ID = '^[0-9a-z]{8,9}\\.[0-9a-f]{32}$';
/** What a page makes up: 16 random bytes. */
export const CALL_KEY = '^[0-9a-f]{32}$';

/** The id carries its time, by which a call that was left behind is told from a young one. @param atMs - since 1970 */
export function createCallId(atMs: number, key: string): string {
  return `${atMs.toString(36)}.${key}`;
}

/** When it was dialled, in milliseconds since 1970. */
export function dialledAtMs(callId: string): number {
  return Number.parseInt(callId, 36);
}

/** The channel that stands for a call: its members are the two who are in it. */
export function channelOfCall(callId: string): string {
  return CALL + callId;
}

/** The call that a channel stands for; null for all others. */
export function callOfChannel(channel: string): string | null {
  return channel.startsWith(CALL) ? channel.slice(CALL.length) : null;
}
