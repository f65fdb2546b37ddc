import { NOTICES, NOTICES_TITLE } from '../broadcast/notices.ts';
import type { InCall } from '../calls/late-calls.ts';
import type { Chat } from '../chat.ts';
import { channelOf, type ConversationId, personOf } from '../model/conversation-id.ts';
import { byId, setText } from './dom.ts';
import { MessageList } from './message-list.ts';
import type { Notice } from './notice.ts';
import { typingWords } from '../typing/typing-signs.ts';

/** Why the buttons of a call are grey, where nothing else on the page tells. */
const ELSEWHERE = 'You are in a call on another device';

/** The open conversation: its heading, its messages, and where to write. */
export class ConversationView {
  readonly #chat: Chat;
  readonly #notice: Notice;
  readonly #mayBroadcast: boolean;
  #id: ConversationId | null = null;
  readonly #list = new MessageList(byId('messages', HTMLElement), byId('message-list', HTMLElement), (isAtEnd) => {
    byId('jump', HTMLElement).hidden = isAtEnd;
    this.#markRead();
  });

  /** @param mayBroadcast - whether this person writes to everybody */
  constructor(chat: Chat, notice: Notice, mayBroadcast: boolean) {
    this.#chat = chat;
    this.#mayBroadcast = mayBroadcast;
    this.#notice = notice;
    byId('jump', HTMLElement).addEventListener('click', () => this.#list.scrollToEnd());
  }

  /** @param inCall - who is in a call, on whichever page, calls nobody */
  draw(id: ConversationId | null, inCall: InCall): void {
    const isMember = id !== null && this.#isMember(id);
    this.#id = isMember ? id : null;
    this.#drawHead(id, isMember, inCall);
    for (const button of ['dial-video', 'dial-audio']) this.#drawDial(byId(button, HTMLElement), id, inCall);
    byId('empty', HTMLElement).hidden = id !== null;
    byId('outside', HTMLElement).hidden = id === null || isMember || !this.#chat.directory.isKnown;
    byId('message-form', HTMLElement).hidden = !isMember || (id === NOTICES && !this.#mayBroadcast);
    byId('typing', HTMLElement).hidden = !isMember;
    setText(byId('typing', HTMLElement), id === null ? '' : this.#signs(id));
    byId('attach', HTMLElement).hidden = id === null || personOf(id) === null;
    byId('messages', HTMLElement).hidden = !isMember;
    this.#list.draw(id !== null && isMember ? this.#shown(id) : null);
    this.#markRead();
  }

  /** To where one goes on. On a screen that is touched the keyboard is not brought up unasked. */
  focus(): void {
    const isTouched = matchMedia('(pointer: coarse)').matches;
    const places = ['join', ...(isTouched ? [] : ['text']), 'title'].map((id) => byId(id, HTMLElement));
    places.find(({ offsetParent }) => offsetParent !== null)?.focus();
  }

  /** What the others are doing. */
  #signs(id: ConversationId): string {
    const coming = this.#chat.coming(id).map((file) => `${id.slice(1)} is sending ${file}`);
    return [...coming, typingWords(this.#chat.typing(id))].filter(Boolean).join(' · ');
  }

  #isMember(id: ConversationId): boolean {
    return channelOf(id) === null || id === NOTICES || this.#chat.directory.isJoined(id.slice(1));
  }

  /** What can be seen was looked at: the page is not behind another one, and the end of the list is in sight. */
  #markRead(): void {
    if (this.#id !== null && this.#list.isAtEnd && document.visibilityState === 'visible')
      this.#chat.markRead(this.#id);
  }

  #shown(id: ConversationId): Parameters<MessageList['draw']>[0] {
    const { conversations, me } = this.#chat;
    return {
      id,
      me,
      messages: conversations.of(id).messages,
      retry: ({ key, text }) => this.#notice.attempt(this.#chat.send(id, key, text)),
      loadOlder: this.#chat.hasOlder(id) ? () => this.#notice.attempt(this.#chat.loadOlder(id)) : null,
    };
  }

  #drawHead(id: ConversationId | null, isMember: boolean, inCall: InCall): void {
    const channel = id && channelOf(id);
    setText(byId('title', HTMLElement), titleOf(id));
    setText(byId('subtitle', HTMLElement), id === null ? '' : this.#subtitle(id, inCall));
    const isChannel = channel !== null && id !== NOTICES && isMember;
    for (const button of ['leave', 'show-members']) byId(button, HTMLElement).hidden = !isChannel;
    const by = this.#chat.directory.putOutBy(channel ?? '');
    setText(byId('outside-why', HTMLElement), by === null ? 'You are not a member of' : `${by} put you out of`);
    setText(byId('outside-name', HTMLElement), `# ${channel ?? ''}`);
    const field = byId('text', HTMLTextAreaElement);
    field.placeholder = id === null ? '' : id === NOTICES ? 'A notice to everybody' : `Message ${titleOf(id)}`;
  }

  /** It can be found while it is not to be pressed, and says why. */
  #drawDial(button: HTMLElement, id: ConversationId | null, inCall: InCall): void {
    const person = id && personOf(id);
    button.hidden = person === null || person === this.#chat.me;
    button.ariaDisabled = String(inCall !== null);
    button.title = inCall === null ? '' : inCall === 'here' ? 'You are in a call' : ELSEWHERE;
  }

  #subtitle(id: ConversationId, inCall: InCall): string {
    const { directory, me } = this.#chat;
    if (!directory.isKnown) return '\u00a0';
    if (id === NOTICES) return 'They reach everybody, also who comes back later';
    const person = personOf(id);
    if (person === me) return 'Notes to yourself';
    if (person !== null && inCall === 'elsewhere') return ELSEWHERE;
    if (person !== null) return directory.isOnline(person) ? 'online' : 'offline: what you write waits for them';
    const members = directory.channel(id.slice(1))?.members ?? 0;
    return `${members} ${members === 1 ? 'member' : 'members'}`;
  }
}

function titleOf(id: ConversationId | null): string {
  if (id === null) return 'Flotilla chat';
  if (id === NOTICES) return NOTICES_TITLE;
  return id.startsWith('#') ? `# ${id.slice(1)}` : id.slice(1);
}
