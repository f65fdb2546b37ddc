import type { ClientEvent } from '@flotilla-im/store';
import type { CallOptions } from '../calls/call-options.ts';
import { parseOptions } from '../calls/parse-options.ts';
import type { ConsumeOptions, DeadLetter, Listening } from '../events/consume-options.ts';
import { CONSUME_ENTRIES, EventFeed, type FeedParts } from '../events/event-feed.ts';
import type { Receipt, ReceiptEvent, ReceiptRequest, Receipts, ReceiptsOptions } from './receipt.ts';
import type { ReceiptWatch } from './receipt-watch.ts';

/** Receipts over the store. */
export class ClientReceipts implements Receipts {
  readonly #watch: ReceiptWatch;
  readonly #feed: EventFeed<ReceiptEvent>;

  constructor(watch: ReceiptWatch, feeds: FeedParts) {
    this.#watch = watch;
    this.#feed = new EventFeed(feeds, 'receipts');
  }

  state(request: ReceiptRequest, options?: CallOptions): Promise<Receipt['state'] | 'waiting'> {
    return this.#watch.state(request, options);
  }

  watch(requests: readonly ReceiptRequest[], options?: ReceiptsOptions): AsyncIterable<Receipt> {
    return this.#watch.watch(requests, options);
  }

  events(options?: ConsumeOptions): AsyncIterable<ReceiptEvent> {
    return this.#feed.events(receiptEvent, parseOptions(CONSUME_ENTRIES, options, 'receipts.events'));
  }

  on(handler: (event: ReceiptEvent) => void | Promise<void>, options?: ConsumeOptions): Listening {
    return this.#feed.on(receiptEvent, handler, parseOptions(CONSUME_ENTRIES, options, 'receipts.on'));
  }

  deadLetters(
    group: string,
    options?: CallOptions & { readonly limit?: number | undefined },
  ): Promise<DeadLetter<ReceiptEvent>[]> {
    return this.#feed.deadLetters(receiptEvent, group, options);
  }

  forget(group: string, options?: CallOptions): Promise<void> {
    return this.#feed.forget(group, options);
  }
}

function receiptEvent(event: ClientEvent, attempt: number): ReceiptEvent | null {
  if (event.type !== 'receipt') return null;
  const { clientId, messageId, from, state, at } = event;
  return { clientId, messageId, from, state, at, attempt };
}
