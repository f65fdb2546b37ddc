import type { Connection, ConnectionState, ReceivedMessage } from '@flotilla-im/client';
import type {
  AcceptedFile,
  Announcement,
  CallData,
  ComingData,
  Draft,
  PutOutData,
  ReceiptData,
  TypingData,
} from '../../src/words.ts';
import { api, ApiError } from './api.ts';
import { BROADCAST_CHANNEL, NOTICES } from './broadcast/notices.ts';
import { isCallData } from './calls/late-calls.ts';
import { createKey } from './create-key.ts';
import { fileWords } from './files/file-link.ts';
import { openConnection } from './live.ts';
import { Loader } from './loader.ts';
import { channelOf, type ConversationId, personOf } from './model/conversation-id.ts';
import { Conversations } from './model/conversations.ts';
import { Directory } from './model/directory.ts';
import { isFileData, isPutOutData, isTextData } from './model/message.ts';
import { comparePlaces } from './model/place.ts';
import { ReadMarks } from './model/read-marks.ts';
import { Outbox } from './outbox.ts';
import { ReadTeller } from './reads/read-teller.ts';
import { ReceiptWatch } from './receipt-watch.ts';
import { TYPING_SHOWN_MS, TypingSigns } from './typing/typing-signs.ts';
import { TypingTeller } from './typing/typing-teller.ts';

/** The service tells every 5 s that a file is still coming. */
const COMING_SHOWN_MS = 15_000;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function sendDraft(draft: Draft): ReturnType<typeof api.send> {
  const { channel, text, key } = draft;
  return channel === BROADCAST_CHANNEL ? api.broadcast({ text, key }) : api.send(draft);
}

/** What the page is told. */
export interface ChatHandlers {
  /** Something changed: called after every change. */
  readonly changed: () => void;
  /** What is said about a call of this person. */
  readonly call: (data: CallData) => void;
  /** One of the pages in a call of this person's says that it is. */
  readonly callSign: (call: string) => void;
  /** A call of this person's is no more. */
  readonly callOver: (call: string) => void;
  /** This person was put out of a channel just now, or while away. */
  readonly putOut: (channel: string, by: string) => void;
  /** Somebody wrote to everybody just now, or while this person was away. */
  readonly notice: (from: string, text: string) => void;
}

/** The chat of somebody who is signed in: what is known, and what can be done. */
export class Chat {
  readonly me: string;
  readonly conversations: Conversations;
  readonly directory = new Directory();
  readonly marks: ReadMarks;
  state: ConnectionState = { type: 'connecting' };
  readonly #connection: Connection;
  readonly #outbox = new Outbox({ send: sendDraft, wait, nowMs: () => performance.now() });
  readonly #reads = new ReadTeller({ tell: api.read, wait });
  readonly #typing = new TypingTeller({ tell: api.typing, nowMs: () => performance.now() });
  readonly #signs = new TypingSigns();
  readonly #coming = new TypingSigns(COMING_SHOWN_MS);
  readonly #handlers: ChatHandlers;
  readonly #receipts: ReceiptWatch;
  readonly #loader: Loader;
  #hasConnected = false;

  constructor(me: string, handlers: ChatHandlers) {
    this.me = me;
    this.#handlers = handlers;
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
      changed: handlers.changed,
    });
    this.#connection = openConnection({
      state: (state) => this.#onState(state),
      message: (message, isWaited) => this.#update(() => this.#onMessage(message, isWaited)),
      said: (said) => this.#update(() => this.#onSaid(said)),
      gap: () => this.#loader.everything(),
      callSign: handlers.callSign,
      callOver: handlers.callOver,
      // Which of its memberships are chat channels is the service's to say.
      membership: (channel, isJoined) => (isJoined ? this.#loader.channels() : this.#onMembership(channel, false)),
    });
  }

  /** Unread messages of a conversation. */
  unread(id: ConversationId): number {
    const conversation = this.conversations.of(id);
    const [here, anywhere] = [this.marks.get(id), conversation.readByMe];
    const isAnywhereLater = anywhere !== null && (here === null || comparePlaces(here, anywhere) < 0);
    return conversation.countAfter(isAnywhereLater ? anywhere : here);
  }

  /** What can be seen was read; of private messages the other one is told. */
  markRead(id: ConversationId): void {
    const { lastPlace, lastOfOthers, readByMe } = this.conversations.of(id);
    if (lastPlace) this.marks.set(id, lastPlace);
    const from = personOf(id);
    if (from === null || !lastOfOthers?.place || lastOfOthers.id === null) return;
    if (readByMe && comparePlaces(lastOfOthers.place, readByMe) <= 0) return;
    this.#reads.seen({ from, id: lastOfOthers.id, position: lastOfOthers.place.position });
  }

  /** This person is writing; who is away need not know. */
  typed(id: ConversationId): void {
    const person = personOf(id);
    if (id === NOTICES || person === this.me || (person !== null && !this.directory.isOnline(person))) return;
    this.#typing.typed(id);
  }

  /** Who else is writing there. */
  typing(id: ConversationId): string[] {
    return this.#signs.in(id, performance.now());
  }

  /** The files, in words, that the other one is sending. */
  coming(id: ConversationId): string[] {
    return this.#coming.in(id, performance.now());
  }

  /** A file of this person's was accepted; the connection may have brought it already. */
  fileSent({ data, ...accepted }: AcceptedFile): void {
    const arrival = { isNews: false, isWaited: false };
    this.conversations.accept({ ...accepted, from: this.me, channel: null, data }, arrival);
    this.#update(() => this.conversations.of(`@${data.to}`).accepted(data.key, accepted));
    this.#receipts.check(data.to);
  }

  /** Whether older messages can be loaded. */
  hasOlder(id: ConversationId): boolean {
    return this.#loader.hasOlder(id);
  }

  /** Loads some. Rejects with `ApiError`. */
  loadOlder(id: ConversationId): Promise<void> {
    return this.#loader.older(id);
  }

  /** Creates a channel, or joins it where there is one. */
  async createOrJoin(channel: string): Promise<void> {
    if (this.directory.channel(channel)) return this.join(channel);
    try {
      await api.create(channel);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return this.join(channel);
      throw error;
    }
    this.#onMembership(channel, true);
    this.#loader.channels();
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
    this.#typing.sent(id);
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

  #onMessage(message: ReceivedMessage, isWaited: boolean): void {
    const { data, from } = message;
    const id = this.conversations.accept(message, { isNews: true, isWaited });
    if (id !== null && from !== null && isTextData(data)) {
      this.#signs.ended(id, from);
      if (id === NOTICES && from !== this.me) this.#handlers.notice(from, data.text);
    }
    if (id !== null && isFileData(data)) this.#coming.ended(id, fileWords(data));
    if (message.channel === null && isCallData(data)) this.#handlers.call(data);
    if (from === null && isPutOutData(data)) this.#onPutOut(data, isWaited);
  }

  #onPutOut({ channel, by }: PutOutData, isWaited: boolean): void {
    // Who came again before hearing of it need not hear of it.
    if (isWaited && this.directory.isJoined(channel)) return;
    this.directory.setPutOut(channel, by);
    this.#handlers.putOut(channel, by);
  }

  #onTyping({ clientId, channel }: TypingData): void {
    if (clientId === this.me) return;
    this.#signs.heard(channel === null ? `@${clientId}` : `#${channel}`, clientId, performance.now());
    // It vanishes by itself.
    setTimeout(() => this.#handlers.changed(), TYPING_SHOWN_MS + 50);
  }

  #onComing({ clientId, isComing, ...file }: ComingData): void {
    const id: ConversationId = `@${clientId}`;
    if (isComing) this.#coming.heard(id, fileWords(file), performance.now());
    else this.#coming.ended(id, fileWords(file));
    // It vanishes by itself.
    setTimeout(() => this.#handlers.changed(), COMING_SHOWN_MS + 50);
  }

  #onSaid(said: Announcement | CallData | ComingData | ReceiptData | TypingData): void {
    if (said.kind === 'receipt') this.conversations.receipt(said);
    else if (said.kind === 'typing') this.#onTyping(said);
    else if (said.kind === 'coming') this.#onComing(said);
    else if (said.kind === 'call') this.#handlers.call(said);
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
    this.#handlers.changed();
  }
}
