import type { Flotilla, HistoryReader } from '@flotilla-im/sdk';
import type { PastMessage, TextData } from '../words.ts';

/** How much of the past is shown. The logs are walked to find it; a product would keep a table of its own. */
export const SHOWN = 500;

/** What was written before. */
export interface Past {
  /** The last messages of a channel, oldest first. */
  ofChannel(channel: string): Promise<PastMessage[]>;
  /** The last private messages that somebody got or wrote, oldest first. */
  ofInbox(clientId: string): Promise<PastMessage[]>;
}

/** Reads Flotilla's logs: 2 days and 10,000 messages each. */
export function createPast({ history }: Pick<Flotilla, 'history'>): Past {
  return {
    ofChannel: (channel) => latest(history.channel(channel)),
    ofInbox: (clientId) => latest(history.inbox(clientId)),
  };
}

async function latest(history: HistoryReader): Promise<PastMessage[]> {
  const messages: PastMessage[] = [];
  for await (const { messageId: id, position, from, at, data } of history) {
    if (isTextData(data)) messages.push({ id, position, from, at, data });
    if (messages.length > 2 * SHOWN) messages.splice(0, SHOWN);
  }
  return messages.slice(-SHOWN);
}

function isTextData(data: unknown): data is TextData {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'text';
}
