import type { Flotilla } from '@flotilla-im/sdk';
import type { AcceptedMessage, FileData, TextData } from '../words.ts';

/** What somebody wrote. The key makes a repeated request harmless. */
export interface Written {
  readonly from: string;
  readonly text: string;
  readonly key: string;
}

/** Messages to channels and between two people. */
export interface Messages {
  /** Resolves once the channel's log has it. */
  publish(channel: string, written: Written): Promise<AcceptedMessage>;
  /** Resolves once both inboxes have it: the sender's own pages get it from theirs. */
  send(to: string, written: Written): Promise<AcceptedMessage>;
  /** The same of a file that lies at this service. */
  sendFile(from: string, data: FileData): Promise<AcceptedMessage>;
}

/** Who may say what was decided before. */
export function createMessages(flotilla: Pick<Flotilla, 'send' | 'channels'>): Messages {
  return {
    async publish(channel, { from, text, key }) {
      const data: TextData = { kind: 'text', text, key };
      const { messageId, position, at } = await flotilla.channels.publish(channel, { from, data, key });
      return { id: messageId, ...placeOf({ position, at }), state: 'sent' };
    },
    send: (to, { from, text, key }) => sendToBoth(flotilla, from, { kind: 'text', text, key, to }),
    sendFile: (from, data) => sendToBoth(flotilla, from, data),
  };
}

async function sendToBoth(
  flotilla: Pick<Flotilla, 'send'>,
  from: string,
  data: (TextData | FileData) & { readonly to: string },
): Promise<AcceptedMessage> {
  const { to, key } = data;
  const { messageId, outcomes } = await flotilla.send({ from, to: [to, from], data, key, receipt: true });
  const own = outcomes.find(({ clientId }) => clientId === from);
  const isWaiting = outcomes.some(({ clientId, online }) => clientId === to && !online);
  return { id: messageId, ...placeOf(own), state: isWaiting && to !== from ? 'offline' : 'sent' };
}

type Place = Pick<AcceptedMessage, 'position' | 'at'>;

/** What is durable has a place. */
function placeOf(place: { readonly position: string | null; readonly at: number | null } | undefined): Place {
  const { position = null, at = null } = place ?? {};
  if (position === null || at === null) throw new Error('a durable message without a position');
  return { position, at };
}
