import type { PastAnswer } from '../../../src/words.ts';
import { channelOf, type ConversationId } from '../model/conversation-id.ts';

/** What loading needs. */
export interface OlderDeps {
  /** Asks for what is before a position. */
  readonly ask: (channel: string | null, before: string) => Promise<PastAnswer>;
  /** Takes in what came. */
  readonly take: (answer: PastAnswer, channel: string | null) => void;
  /** How many messages a conversation has. */
  readonly count: (id: ConversationId) => number;
}

/** Loads the past page by page as somebody scrolls up. All private conversations have one past, which is the inbox's. */
export class Older {
  readonly #deps: OlderDeps;
  /** Where each log goes on; null: its beginning is here. By channel, null for the inbox. */
  readonly #before = new Map<string | null, string | null>();
  readonly #loading = new Set<string | null>();

  constructor(deps: OlderDeps) {
    this.#deps = deps;
  }

  /** The newest page is here. What was reached before stays reached. */
  begin(channel: string | null, before: string | null): void {
    if (!this.#before.has(channel)) this.#before.set(channel, before);
  }

  forget(channel: string): void {
    this.#before.delete(channel);
  }

  hasMore(id: ConversationId): boolean {
    return (this.#before.get(channelOf(id)) ?? null) !== null;
  }

  /** Loads until the conversation has more than before, or all there is. Rejects as `ask` does. */
  async load(id: ConversationId): Promise<void> {
    const { ask, take, count } = this.#deps;
    const channel = channelOf(id);
    if (this.#loading.has(channel)) return;
    this.#loading.add(channel);
    try {
      const had = count(id);
      for (let before = this.#before.get(channel); typeof before === 'string' && count(id) === had;) {
        const answer = await ask(channel, before);
        take(answer, channel);
        before = answer.before;
        // Unless it was left meanwhile.
        if (this.#before.has(channel)) this.#before.set(channel, before);
      }
    } finally {
      this.#loading.delete(channel);
    }
  }
}
