import { channelOf, type ConversationId } from '../model/conversation-id.ts';
import type { Typing } from '../../../src/words.ts';

/** Who goes on typing says so again after so long, while their last sign is still shown. */
const EVERY_MS = 3_000;

/** What telling needs. */
export interface TypingTellerDeps {
  readonly tell: (typing: Typing) => Promise<unknown>;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

/** Says that this person is typing, at most every 3 s in each conversation. What is lost is no harm. */
export class TypingTeller {
  readonly #deps: TypingTellerDeps;
  readonly #toldAtMs = new Map<ConversationId, number>();

  constructor(deps: TypingTellerDeps) {
    this.#deps = deps;
  }

  typed(id: ConversationId): void {
    const { tell, nowMs } = this.#deps;
    const now = nowMs();
    if (now - (this.#toldAtMs.get(id) ?? -Infinity) < EVERY_MS) return;
    this.#toldAtMs.set(id, now);
    const channel = channelOf(id);
    tell(channel === null ? { to: id.slice(1) } : { channel }).catch(() => undefined);
  }

  /** It was sent: the next letter begins another message. */
  sent(id: ConversationId): void {
    this.#toldAtMs.delete(id);
  }
}
