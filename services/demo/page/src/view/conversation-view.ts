import type { Chat } from '../chat.ts';
import { channelOf, type ConversationId, personOf } from '../model/conversation-id.ts';
import { byId, setText } from './dom.ts';
import { MessageList } from './message-list.ts';
import type { Notice } from './notice.ts';

/** The open conversation: its heading, its messages, and where to write. */
export class ConversationView {
  readonly #chat: Chat;
  readonly #notice: Notice;
  readonly #list = new MessageList(byId('messages', HTMLElement), (isAtEnd) => {
    byId('jump', HTMLElement).hidden = isAtEnd;
  });

  constructor(chat: Chat, notice: Notice) {
    this.#chat = chat;
    this.#notice = notice;
    byId('jump', HTMLElement).addEventListener('click', () => this.#list.scrollToEnd());
  }

  draw(id: ConversationId | null): void {
    const isMember = id !== null && (channelOf(id) === null || this.#chat.directory.isJoined(id.slice(1)));
    this.#drawHead(id, isMember);
    byId('empty', HTMLElement).hidden = id !== null;
    byId('outside', HTMLElement).hidden = id === null || isMember;
    byId('message-form', HTMLElement).hidden = !isMember;
    byId('messages', HTMLElement).hidden = !isMember;
    this.#list.draw(id !== null && isMember ? this.#shown(id) : null);
    if (id !== null && isMember && document.visibilityState === 'visible') this.#chat.markRead(id);
  }

  #shown(id: ConversationId): Parameters<MessageList['draw']>[0] {
    const { conversations, me } = this.#chat;
    return {
      id,
      me,
      messages: conversations.of(id).messages,
      retry: ({ key, text }) => this.#notice.attempt(this.#chat.send(id, key, text)),
    };
  }

  #drawHead(id: ConversationId | null, isMember: boolean): void {
    const channel = id && channelOf(id);
    setText(
      byId('title', HTMLElement),
      id === null ? 'Flotilla chat' : id.startsWith('#') ? `# ${id.slice(1)}` : id.slice(1),
    );
    setText(byId('subtitle', HTMLElement), id === null ? '' : this.#subtitle(id));
    byId('leave', HTMLElement).hidden = channel === null || !isMember;
    setText(byId('outside-name', HTMLElement), `# ${channel ?? ''}`);
    const field = byId('text', HTMLTextAreaElement);
    field.placeholder = id === null ? '' : `Message ${channel === null ? id.slice(1) : `# ${channel}`}`;
  }

  #subtitle(id: ConversationId): string {
    const { directory, me } = this.#chat;
    const person = personOf(id);
    if (person === me) return 'Notes to yourself';
    if (person !== null) return directory.isOnline(person) ? 'online' : 'offline: what you write waits for them';
    const members = directory.channel(id.slice(1))?.members ?? 0;
    return `${members} ${members === 1 ? 'member' : 'members'}`;
  }
}
