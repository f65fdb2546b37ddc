import type { Connection, ConnectionState } from '@flotilla-im/client';
import type { Announcement, ReceiptData } from '../../src/words.ts';
import { api } from './api.ts';
import { createKey } from './create-key.ts';
import { openConnection } from './live.ts';
import { Loader } from './loader.ts';
import { channelOf, type ConversationId } from './model/conversation-id.ts';
import { Conversations } from './model/conversations.ts';
import { Directory } from './model/directory.ts';
import { ReadMarks } from './model/read-marks.ts';
import { Outbox } from './outbox.ts';
import { ReceiptWatch } from './receipt-watch.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The chat of somebody who is signed in: what is known, and what can be done. `changed` is called after every change. */
export class Chat {
  readonly me: string;
  readonly conversations: Conversations;
  readonly directory = new Directory();
  readonly marks: ReadMarks;
  state: ConnectionState = { type: 'connecting' };
  readonly #changed: () => void;
  readonly #connection: Connection;
  readonly #outbox = new Outbox({ send: api.send, wait, nowMs: () => performance.now() });
  readonly #receipts: ReceiptWatch;
  readonly #loader: Loader;
  #hasConnected = false;

  constructor(me: string, changed: () => void) {
    this.me = me;
    this.#changed = changed;
    this.conversations = new Conversations(me);
    this.marks = new ReadMarks(localStorage, me);
    this.#receipts = new ReceiptWatch({
      ask: api.receipts,
      isDue: (person) => this.directory.isOnline(person) && this.conversations.of(`@${person}`).isUnsettled,
      tell: (receipts) => this.#update(() => receipts.forEach((receipt) => this.conversations.receipt(receipt))),
      wait,
    });
    this.#loader = new Loader({
      me,
      directory: this.directory,
      conversations: this.conversations,
      receipts: this.#receipts,
      changed,
    });
    this.#connection = openConnection({
      state: (state) => this.#onState(state),
      message: (message, isWaited) =>
        this.#update(() => this.conversations.accept(message, { isNews: true, isWaited })),
      said: (said) => this.#update(() => this.#onSaid(said)),
      gap: () => this.#loader.everything(),
      // Which of its memberships are chat channels is the service's to say.
      membership: (channel, isJoined) => (isJoined ? this.#loader.channels() : this.#onMembership(channel, false)),
    });
  }

  /** Unread messages of a conversation. */
  unread(id: ConversationId): number {
    return this.conversations.of(id).countAfter(this.marks.get(id));
  }

  /** What can be seen was read. */
  markRead(id: ConversationId): void {
    const { lastPlace } = this.conversations.of(id);
    if (lastPlace) this.marks.set(id, lastPlace);
  }

  async join(channel: string): Promise<void> {
    await api.join(channel);
    this.#onMembership(channel, true);
  }

  async leave(channel: string): Promise<void> {
    await api.leave(channel);
    this.#onMembership(channel, false);
  }

  /** Shows the text at once and sends it. Rejects with `ApiError` when that failed for good; it is shown as such. */
  write(id: ConversationId, text: string): Promise<void> {
    const key = createKey();
    this.conversations.of(id).write(key, text, Date.now());
    return this.send(id, key, text);
  }

  /** Sends what was written, once more where it failed. */
  async send(id: ConversationId, key: string, text: string): Promise<void> {
    const conversation = this.conversations.of(id);
    this.#update(() => conversation.mark(key, 'sending'));
    const channel = channelOf(id);
    try {
      const accepted = await this.#outbox.send({
        ...(channel === null ? { to: id.slice(1) } : { channel }),
        text,
        key,
      });
      this.#update(() => conversation.accepted(key, accepted));
      if (channel === null) this.#receipts.check(id.slice(1));
    } catch (error) {
      this.#update(() => conversation.mark(key, 'failed'));
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #onState(state: ConnectionState): void {
    this.#update(() => (this.state = state));
    const isFirst = !this.#hasConnected;
    if (state.type === 'connected') this.#hasConnected = true;
    // The first time the history is read after the connection has begun, so that nothing falls between the two. Without a
    // connection there is the history at least.
    if (state.type === 'connected' && state.recovered && !isFirst) this.#loader.lists();
    else if (state.type === 'connected' || (state.type === 'waiting' && isFirst)) this.#loader.everything();
  }

  #onSaid(said: Announcement | ReceiptData): void {
    if (said.kind === 'receipt') this.conversations.receipt(said);
    else this.directory.announce(said);
    if (said.kind === 'presence' && said.isOnline) this.#receipts.check(said.clientId, true);
  }

  #onMembership(channel: string, isJoined: boolean): void {
    this.#update(() => this.directory.setJoined(channel, isJoined));
    if (isJoined) this.#loader.channel(channel);
    else {
      this.#loader.forget(channel);
      this.conversations.forget(`#${channel}`);
    }
  }

  #update(change: () => unknown): void {
    change();
    this.#changed();
  }
}
