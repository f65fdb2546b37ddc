import type { MessageReceipt } from '../../../src/words.ts';
import type { ConversationId } from './conversation-id.ts';
import { Conversation } from './conversation.ts';
import { type Arrival, type IncomingMessage, isFileData, isReadData, isTextData } from './message.ts';

/** All conversations of one person. */
export class Conversations {
  readonly #me: string;
  /** A map, not an object: names are whatever people chose. */
  readonly #all = new Map<ConversationId, Conversation>();

  constructor(me: string) {
    this.#me = me;
  }

  ids(): ConversationId[] {
    return [...this.#all.keys()];
  }

  /** Made when it is first asked for. */
  of(id: ConversationId): Conversation {
    const known = this.#all.get(id);
    if (known) return known;
    const made = new Conversation(this.#me);
    this.#all.set(id, made);
    return made;
  }

  /** Takes a message in; gives its conversation, null when it is none of the chat's. */
  accept(message: IncomingMessage, arrival: Arrival): ConversationId | null {
    const { data, from, channel } = message;
    if (isReadData(data) && from !== null && channel === null) {
      const isByMe = from === this.#me;
      const id: ConversationId = `@${isByMe ? data.to : from}`;
      this.of(id).read(data.messageId, isByMe);
      return id;
    }
    if (from === null || !(isTextData(data) || isFileData(data))) return null;
    const other = from === this.#me ? (data.to ?? this.#me) : from;
    const id: ConversationId = channel === null ? `@${other}` : `#${channel}`;
    this.of(id).accept(message, from, data, arrival);
    return id;
  }

  /** What became of a private message. */
  receipt(receipt: MessageReceipt): void {
    for (const [id, conversation] of this.#all) if (id.startsWith('@') && conversation.receipt(receipt)) return;
  }

  /** A channel that was left is forgotten. */
  forget(id: ConversationId): void {
    this.#all.delete(id);
  }
}
