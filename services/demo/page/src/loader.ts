import type { PastAnswer } from '../../src/words.ts';
import { api } from './api.ts';
import { BROADCAST_CHANNEL } from './broadcast/notices.ts';
import { Older } from './history/older.ts';
import { type ConversationId, personOf } from './model/conversation-id.ts';
import type { Conversations } from './model/conversations.ts';
import type { Directory } from './model/directory.ts';
import type { ReceiptWatch } from './receipt-watch.ts';

/** What loading fills. */
export interface LoaderDeps {
  readonly me: string;
  readonly directory: Directory;
  readonly conversations: Conversations;
  readonly receipts: ReceiptWatch;
  readonly changed: () => void;
}

/** Asks the service for what the connection does not bring. What failed is asked for again at the next connect. */
export class Loader {
  readonly #deps: LoaderDeps;
  /** Channels whose history is here, or on its way. */
  readonly #loaded = new Set<string>();
  readonly #older = new Older({
    ask: pastOf,
    take: (answer, channel) => this.#take(answer, channel),
    count: (id) => this.#deps.conversations.of(id).messages.length,
  });

  constructor(deps: LoaderDeps) {
    this.#deps = deps;
  }

  /** Everything, from the beginning. Identities make sure that nothing is shown twice. */
  everything(): void {
    this.#loaded.clear();
    this.#load(async () => {
      this.#begin(await api.inbox(), null);
      for (const id of this.#deps.conversations.ids()) this.#receipts(id);
    });
    this.#load(async () => this.#begin(await api.broadcasts(), BROADCAST_CHANNEL));
    this.lists();
  }

  /** The lists: what was announced while the page was not connected is not told again. */
  lists(): void {
    this.#load(async () => this.#deps.directory.setOnline(await api.online()));
    this.channels();
    for (const id of this.#deps.conversations.ids()) this.#receipts(id);
  }

  /** The list of channels, and the history of those this person is a member of. */
  channels(): void {
    const { directory } = this.#deps;
    this.#load(async () => {
      directory.setChannels(await api.channels());
      for (const { channel, isJoined } of directory.channels) if (isJoined) this.channel(channel);
    });
  }

  /** The history of a channel, once. */
  channel(channel: string): void {
    if (this.#loaded.has(channel)) return;
    this.#loaded.add(channel);
    this.#load(
      async () => {
        this.#begin(await api.history(channel), channel);
      },
      () => this.#loaded.delete(channel),
    );
  }

  /** A channel that was left. */
  forget(channel: string): void {
    this.#loaded.delete(channel);
    this.#older.forget(channel);
  }

  /** Whether older messages of a conversation can be had. */
  hasOlder(id: ConversationId): boolean {
    return this.#older.hasMore(id);
  }

  /** Older messages of a conversation. Rejects with `ApiError`. */
  async older(id: ConversationId): Promise<void> {
    await this.#older.load(id);
    this.#deps.changed();
  }

  #begin(answer: PastAnswer, channel: string | null): void {
    this.#take(answer, channel);
    this.#older.begin(channel, answer.before);
  }

  #take({ messages }: PastAnswer, channel: string | null): void {
    for (const message of messages) {
      this.#deps.conversations.accept({ ...message, channel }, { isNews: false, isWaited: false });
    }
  }

  /** Of somebody who is away: once. Of somebody who is here: until all is known. */
  #receipts(id: ConversationId): void {
    const { me, conversations, receipts } = this.#deps;
    const person = personOf(id);
    if (person === null || person === me || !conversations.of(id).isUnsettled) return;
    this.#load(async () => {
      for (const receipt of await api.receipts(person, false)) conversations.receipt(receipt);
      receipts.check(person, true);
    });
  }

  #load(load: () => Promise<void>, failed: () => unknown = () => undefined): void {
    load().then(() => this.#deps.changed(), failed);
  }
}

function pastOf(channel: string | null, before: string): Promise<PastAnswer> {
  if (channel === null) return api.inbox(before);
  return channel === BROADCAST_CHANNEL ? api.broadcasts(before) : api.history(channel, before);
}
