import type { Flotilla, Receipt, ReceiptRequest, Sent } from '@flotilla-im/sdk';
import type { ReceiptData } from './words.ts';

/** A sender's private messages that are not known to have arrived, at most; older ones are not followed any more. */
const FOLLOWED = 200;
/** How long receipts are waited for after a send, and after a receiver came back. */
const WAIT_MS = 20_000;

interface Followed extends ReceiptRequest {
  readonly from: string;
}

/** Tells senders what became of their private messages. */
export interface ReceiptDesk {
  /** Follows one message to its receiver; its sender hears of it. */
  follow(from: string, to: string, sent: Sent): void;
  /** The receiver is back: what waited for it is being delivered now. */
  cameOnline(clientId: string): void;
  /** What is known of the sender's messages that are still followed. */
  states(from: string): Promise<ReceiptData[]>;
  close(): void;
}

/**
 * Keeps in memory which messages are under way. Whether one was delivered is Flotilla's to know: it is asked for again after
 * a restart of this service as long as the page remembers.
 */
export function createReceiptDesk(flotilla: Flotilla, onError: (error: unknown) => void): ReceiptDesk {
  const bySender = new Map<string, Map<string, Followed>>();
  const ended = new AbortController();
  const tell = async (from: string, { messageId, state }: Receipt): Promise<void> => {
    if (state !== 'offline') bySender.get(from)?.delete(messageId);
    const data: ReceiptData = { kind: 'receipt', messageId, state };
    await flotilla.send({ from: null, to: from, data, live: true });
  };
  const watch = async (followed: readonly Followed[]): Promise<void> => {
    const senders = new Map(followed.map(({ messageId, from }) => [messageId, from]));
    const receipts = flotilla.receipts.watch(followed, {
      timeoutMs: WAIT_MS,
      untilDelivered: true,
      signal: ended.signal,
    });
    for await (const receipt of receipts) {
      const from = senders.get(receipt.messageId);
      if (from !== undefined) await tell(from, receipt);
    }
  };
  const watchQuietly = (followed: readonly Followed[]): void => {
    if (followed.length === 0) return;
    watch(followed).catch((error: unknown) => {
      if (!ended.signal.aborted) onError(error);
    });
  };
  return {
    follow(from, to, sent) {
      const outcome = sent.outcomes.find(({ clientId }) => clientId === to);
      if (from === to || !outcome?.position) return;
      const followed: Followed = { from, clientId: to, messageId: outcome.messageId, position: outcome.position };
      remember(bySender, followed);
      watchQuietly([followed]);
    },
    cameOnline(clientId) {
      const all = [...bySender.values()].flatMap((messages) => [...messages.values()]);
      watchQuietly(all.filter((followed) => followed.clientId === clientId));
    },
    async states(from) {
      const all = [...(bySender.get(from)?.values() ?? [])];
      const states = await Promise.all(all.map((followed) => flotilla.receipts.state(followed)));
      return all.flatMap(({ messageId }, i) => {
        const state = states[i];
        return state === undefined || state === 'waiting' ? [] : [{ kind: 'receipt' as const, messageId, state }];
      });
    },
    close: () => ended.abort(),
  };
}

function remember(bySender: Map<string, Map<string, Followed>>, followed: Followed): void {
  const messages = bySender.get(followed.from) ?? new Map<string, Followed>();
  bySender.set(followed.from, messages);
  messages.set(followed.messageId, followed);
  const oldest = messages.keys().next().value;
  if (messages.size > FOLLOWED && oldest !== undefined) messages.delete(oldest);
}
