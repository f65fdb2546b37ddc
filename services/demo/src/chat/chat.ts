import type { Flotilla } from '@flotilla-im/sdk';
import { type ChatChannels, createChatChannels } from './channels.ts';
import { createMessages, type Messages } from './messages.ts';
import { createPeople, type People } from './people.ts';
import { createReceiptDesk, type ReceiptDesk } from './receipt-desk.ts';

/** The whole business: a chat. */
export interface Chat {
  readonly people: People;
  readonly channels: ChatChannels;
  readonly messages: Messages;
  readonly receipts: ReceiptDesk;
  /** The address of a client's shard, for one connection. Clients get no grants: they talk to this service instead. */
  address(clientId: string): ReturnType<Flotilla['connectInfo']>;
  close(): Promise<void>;
}

/** @param onError - hears of failures that nobody waits for */
export function createChat(flotilla: Flotilla, onError: (error: unknown) => void): Chat {
  const receipts = createReceiptDesk(flotilla, onError);
  const people = createPeople(flotilla, (clientId) => receipts.cameOnline(clientId));
  return {
    people,
    receipts,
    channels: createChatChannels(flotilla),
    messages: createMessages(flotilla),
    address: (clientId) => flotilla.connectInfo(clientId),
    async close() {
      receipts.close();
      await people.close();
    },
  };
}
