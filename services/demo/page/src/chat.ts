import type { Connection, ConnectionState } from '@flotilla-im/client';
import type { Announcement, ReceiptData } from '../../src/words.ts';
import { api } from './api.ts';
import { createKey } from './create-key.ts';
import { openConnection } from './live.ts';
import { channelOf, type ConversationId, personOf } from './model/conversation-id.ts';
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
  /** Channels whose history is here, or on its way. */
  readonly #loaded = new Set<string>();
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
    this.#connection = openConnection({
      state: (state) => this.#onState(state),
      message: (message, isWaited) =>
        this.#update(() => this.conversations.accept(message, { isNews: true, isWaited })),
      said: (said) => this.#update(() => this.#onSaid(said)),
      gap: () => this.#reload(),
      // Which of its memberships are chat channels is the service's to say.
      membership: (channel, isJoined) => (isJoined ? this.#refreshChannels() : this.#onMembership(channel, false)),
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
    if (state.type === 'connected' && state.recovered && !isFirst) this.#refresh();
    else if (state.type === 'connected' || (state.type === 'waiting' && isFirst)) this.#reload();
  }

  #onSaid(said: Announcement | ReceiptData): void {
    if (said.kind === 'receipt') this.conversations.receipt(said);
    else this.directory.announce(said);
    if (said.kind === 'presence' && said.isOnline) this.#receipts.check(said.clientId, true);
  }

  #onMembership(channel: string, isJoined: boolean): void {
    this.#update(() => this.directory.setJoined(channel, isJoined));
    if (isJoined) this.#loadChannel(channel);
    else {
      this.#loaded.delete(channel);
      this.conversations.forget(`#${channel}`);
    }
  }

  /** The lists: what was announced while the page was not connected is not told again. */
  #refresh(): void {
    this.#quietly(async () => this.directory.setOnline(await api.online()));
    this.#refreshChannels();
    for (const id of this.conversations.ids()) this.#checkReceipts(id);
  }

  #refreshChannels(): void {
    this.#quietly(async () => {
      this.directory.setChannels(await api.channels());
      for (const { channel, isJoined } of this.directory.channels) if (isJoined) this.#loadChannel(channel);
    });
  }

  /** Everything, from the beginning. Ids make sure that nothing is shown twice. */
  #reload(): void {
    this.#loaded.clear();
    this.#quietly(async () => {
      for (const message of await api.inbox()) this.#accept(message, null);
      for (const id of this.conversations.ids()) this.#checkReceipts(id);
    });
    this.#refresh();
  }

  #loadChannel(channel: string): void {
    if (this.#loaded.has(channel)) return;
    this.#loaded.add(channel);
    this.#quietly(
      async () => {
        for (const message of await api.history(channel)) this.#accept(message, channel);
      },
      () => this.#loaded.delete(channel),
    );
  }

  #accept(message: Awaited<ReturnType<typeof api.inbox>>[number], channel: string | null): void {
    this.conversations.accept({ ...message, channel }, { isNews: false, isWaited: false });
  }

  /** Of somebody who is away: once. Of somebody who is here: until all is known. */
  #checkReceipts(id: ConversationId): void {
    const person = personOf(id);
    if (person === null || person === this.me || !this.conversations.of(id).isUnsettled) return;
    this.#quietly(async () => {
      for (const receipt of await api.receipts(person, false)) this.conversations.receipt(receipt);
      this.#receipts.check(person, true);
    });
  }

  #update(change: () => unknown): void {
    change();
    this.#changed();
  }

  /** What failed is asked for again at the next connect. */
  #quietly(load: () => Promise<void>, failed: () => unknown = () => undefined): void {
    load().then(() => this.#changed(), failed);
  }
}
