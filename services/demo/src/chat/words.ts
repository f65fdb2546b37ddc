/** What the page and this service say to each other inside Flotilla's messages. Business: the shards never look inside. */
export interface TextData {
  readonly kind: 'text';
  readonly text: string;
  /** Made by the page for each message, so that it knows its own ones again. */
  readonly key: string;
  /** In private messages: the receiver. */
  readonly with?: string;
}

/** Said to everybody who is connected, and not kept. */
export type Announcement =
  { readonly kind: 'presence'; readonly clientId: string; readonly online: boolean } | { readonly kind: 'channels' };

/** Said to the sender of a private message, and not kept; `GET /api/receipts` tells it again. */
export interface ReceiptData {
  readonly kind: 'receipt';
  readonly messageId: string;
  readonly state: 'delivered' | 'offline' | 'expired';
}
