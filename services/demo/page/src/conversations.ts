/** What is known of a message on its way. Receipts exist for private messages of one's own. */
export type MessageState = 'sending' | 'failed' | 'sent' | 'delivered' | 'offline' | 'expired';

/** A message as it is shown. */
export interface ShownMessage {
  /** Made by the sender's page; there before an id is. */
  readonly key: string;
  id: string | null;
  readonly from: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Place in its log; Infinity until it has one. */
  offset: number;
  state: MessageState;
  /** It was accepted before this page was connected, and waited. */
  waited: boolean;
}

/** A message as it comes from Flotilla or from the history. */
export interface IncomingMessage {
  readonly id: string;
  readonly from: string | null;
  readonly channel: string | null;
  readonly position: string;
  readonly at: number;
  readonly data: unknown;
}

interface Conversation {
  readonly messages: ShownMessage[];
  unread: number;
}

/** A channel's conversation is `#name`, one with a person `@name`. */
export type ConversationId = `#${string}` | `@${string}`;

/** All conversations of one person: every message once, in the order of its log, one's own unsent ones last. No I/O, no clock. */
export class Conversations {
  readonly #me: string;
  readonly #all = new Map<ConversationId, Conversation>();

  constructor(me: string) {
    this.#me = me;
  }

  ids(): ConversationId[] {
    return [...this.#all.keys()];
  }

  messages(id: ConversationId): readonly ShownMessage[] {
    return this.#all.get(id)?.messages ?? [];
  }

  unread(id: ConversationId): number {
    return this.#all.get(id)?.unread ?? 0;
  }

  read(id: ConversationId): void {
    this.open(id).unread = 0;
  }

  /** Makes the conversation if there is none yet. */
  open(id: ConversationId): Conversation {
    let conversation = this.#all.get(id);
    if (conversation === undefined) this.#all.set(id, (conversation = { messages: [], unread: 0 }));
    return conversation;
  }

  /** Takes a message in; null when it is no message of the chat, or had come before. */
  accept(message: IncomingMessage, { waited, isNews }: { waited: boolean; isNews: boolean }): ConversationId | null {
    const { data, from } = message;
    if (!isTextData(data) || from === null) return null;
    const id = this.#conversationOf(message, data);
    const conversation = this.open(id);
    const known = conversation.messages.find(({ key, from: sender }) => key === data.key && sender === from);
    if (known !== undefined) {
      const isNew = known.offset === Infinity || (waited && !known.waited);
      known.waited ||= waited;
      this.#place(conversation, known, message);
      return isNew ? id : null;
    }
    const shown: ShownMessage = {
      key: data.key,
      id: null,
      from,
      text: data.text,
      at: message.at,
      offset: Infinity,
      state: 'sent',
      waited,
    };
    conversation.messages.push(shown);
    this.#place(conversation, shown, message);
    if (isNews && from !== this.#me) conversation.unread += 1;
    return id;
  }

  /** One's own message, shown before it is sent. */
  write(id: ConversationId, key: string, text: string, at: number): void {
    const message: ShownMessage = {
      key,
      id: null,
      from: this.#me,
      text,
      at,
      offset: Infinity,
      state: 'sending',
      waited: false,
    };
    this.open(id).messages.push(message);
  }

  /** It is in the log. */
  sent(id: ConversationId, key: string, place: { id: string; position: string | null; at: number | null }): void {
    const conversation = this.open(id);
    const message = conversation.messages.find((shown) => shown.key === key);
    if (message === undefined || place.position === null) return;
    this.#place(conversation, message, { id: place.id, position: place.position, at: place.at ?? message.at });
  }

  failed(id: ConversationId, key: string): void {
    const message = this.open(id).messages.find((shown) => shown.key === key);
    if (message?.state === 'sending') message.state = 'failed';
  }

  /** What became of it; nothing takes `delivered` back. Null when the message is not here. */
  receipt(messageId: string, state: 'delivered' | 'offline' | 'expired'): ConversationId | null {
    for (const [id, { messages }] of this.#all) {
      const message = messages.find((shown) => shown.id === messageId);
      if (message === undefined) continue;
      if (message.state !== 'delivered') message.state = state;
      return id;
    }
    return null;
  }

  #conversationOf({ channel, from }: IncomingMessage, data: TextData): ConversationId {
    if (channel !== null) return `#${channel}`;
    return `@${from === this.#me ? (data.with ?? this.#me) : (from ?? '')}`;
  }

  #place(
    { messages }: Conversation,
    message: ShownMessage,
    { id, position, at }: Pick<IncomingMessage, 'id' | 'position' | 'at'>,
  ): void {
    message.id = id;
    message.at = at;
    message.offset = Number(position.slice(position.indexOf('.') + 1));
    if (message.state === 'sending' || message.state === 'failed') message.state = 'sent';
    messages.sort((a, b) => (a.offset === b.offset ? 0 : a.offset - b.offset));
  }
}

interface TextData {
  readonly kind: 'text';
  readonly text: string;
  readonly key: string;
  readonly with?: string;
}

function isTextData(data: unknown): data is TextData {
  if (typeof data !== 'object' || data === null) return false;
  const { kind, text, key } = data as Partial<Record<string, unknown>>;
  return kind === 'text' && typeof text === 'string' && typeof key === 'string';
}
