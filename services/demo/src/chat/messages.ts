import type { Flotilla, HistoryMessage, HistoryReader, Sent } from '@flotilla-im/sdk';
import type { TextData } from './words.ts';

/** A message of the past, as the page shows it. */
export interface PastMessage {
  readonly id: string;
  readonly position: string;
  readonly from: string | null;
  readonly at: number;
  readonly data: TextData;
}

/** What the page writes. */
export interface Draft {
  readonly text: string;
  readonly key: string;
}

/** How much of the past is shown. */
const SHOWN = 200;

/** Messages in channels and between two people. */
export interface Messages {
  /** Resolves once the channel's log has it. */
  publish(
    channel: string,
    from: string,
    draft: Draft,
  ): Promise<{ id: string; position: string | null; at: number | null }>;
  /** To both inboxes, so that all of the sender's own pages have it too. */
  send(from: string, to: string, draft: Draft): Promise<Sent>;
  ofChannel(channel: string): Promise<PastMessage[]>;
  /** What two people wrote to each other: in the inbox of either. */
  between(clientId: string, other: string): Promise<PastMessage[]>;
}

/** The page's key makes a repeated request harmless. */
export function createMessages(flotilla: Flotilla): Messages {
  return {
    async publish(channel, from, { text, key }) {
      const data: TextData = { kind: 'text', text, key };
      const { messageId, position, at } = await flotilla.channels.publish(channel, { from, data, key });
      return { id: messageId, position, at };
    },
    send(from, to, { text, key }) {
      const data: TextData = { kind: 'text', text, key, with: to };
      return flotilla.send({ from, to: [to, from], data, key });
    },
    ofChannel: (channel) => latest(flotilla.history.channel(channel), () => true),
    between: (clientId, other) =>
      latest(flotilla.history.inbox(clientId), ({ from }, data) =>
        from === clientId ? data.with === other : from === other,
      ),
  };
}

async function latest(
  history: HistoryReader,
  isWanted: (message: HistoryMessage, data: TextData) => boolean,
): Promise<PastMessage[]> {
  const messages: PastMessage[] = [];
  for await (const message of history) {
    const { messageId: id, position, from, at, data } = message;
    if (!isTextData(data) || !isWanted(message, data)) continue;
    messages.push({ id, position, from, at, data });
    if (messages.length > SHOWN) messages.shift();
  }
  return messages;
}

function isTextData(data: unknown): data is TextData {
  return typeof data === 'object' && data !== null && (data as { kind?: unknown }).kind === 'text';
}
