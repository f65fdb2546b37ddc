import type { Flotilla, Listening, ReceiptEvent, ReceiptRequest } from '@flotilla-im/sdk';
import type { MessageReceipt, ReceiptData } from '../words.ts';
import { isWrittenData } from './past.ts';

/** So many of the last messages to somebody are looked after. */
const FOLLOWED = 500;

/** What became of private messages. Nothing is remembered here: Flotilla knows it, for every process and after a restart. */
export interface MessageReceipts {
  /**
   * Of what `from` wrote to `to`, oldest first. What is on its way is waited for.
   *
   * @param waitMs - at most so long
   */
  between(from: string, to: string, waitMs: number): Promise<MessageReceipt[]>;
  close(): Promise<void>;
}

/**
 * Tells senders whose pages are open, as one consumer group, and answers those who ask.
 *
 * @param onError - hears of receipts that could not be told; they can still be asked for
 */
export function createReceipts(flotilla: Flotilla, onError: (error: unknown) => void): MessageReceipts {
  const tell = async ({ clientId, from, messageId, state }: ReceiptEvent): Promise<void> => {
    if (from === null || from === clientId) return;
    const data: ReceiptData = { kind: 'receipt', messageId, state };
    await flotilla.send({ from: null, to: from, data, live: true });
  };
  const listening: Listening = flotilla.receipts.on(tell, { group: 'demo', onError });
  const ending = new AbortController();
  return {
    async between(from, to, waitMs) {
      const requests = await sentTo(flotilla, from, to);
      const states = await statesOf(flotilla, requests);
      const pending = requests.filter(({ messageId }) => !isFinal(states.get(messageId)));
      if (waitMs > 0 && pending.length > 0) {
        const options = { untilDelivered: true, timeoutMs: waitMs, signal: ending.signal };
        for await (const { messageId, state } of flotilla.receipts.watch(pending, options))
          states.set(messageId, wordOf(state));
      }
      return [...states].map(([messageId, state]) => ({ messageId, state }));
    },
    async close() {
      ending.abort();
      await listening.close();
    },
  };
}

/** The receiver's inbox knows where each message stands there. */
async function sentTo({ history }: Flotilla, from: string, to: string): Promise<ReceiptRequest[]> {
  const requests: ReceiptRequest[] = [];
  for await (const { messageId, position, from: sender, data } of history.inbox(to)) {
    if (sender !== from || !isWrittenData(data)) continue;
    requests.push({ clientId: to, messageId, position });
    if (requests.length > FOLLOWED) requests.shift();
  }
  return requests;
}

/** Asks from the newest on: a cursor that passed one message has passed all before it. */
async function statesOf({ receipts }: Flotilla, requests: readonly ReceiptRequest[]): Promise<Map<string, State>> {
  const states = new Map<string, State>(requests.map(({ messageId }) => [messageId, 'delivered']));
  for (const request of requests.toReversed()) {
    const state = wordOf(await receipts.state(request));
    if (state === 'delivered') break;
    states.set(request.messageId, state);
  }
  return states;
}

type State = MessageReceipt['state'];

/** Flotilla's word, seen from the sender: its `waiting` is a receiver who is connected and has not confirmed yet. */
function wordOf(state: 'delivered' | 'waiting' | 'offline' | 'expired'): State {
  return state === 'waiting' ? 'sent' : state;
}

function isFinal(state: State | undefined): boolean {
  return state === 'delivered' || state === 'expired';
}
