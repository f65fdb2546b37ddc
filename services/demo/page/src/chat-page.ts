import { api } from './api.ts';
import { Chat } from './chat.ts';
import { channelOf, type ConversationId, fragmentOf, parseFragment, personOf } from './model/conversation-id.ts';
import { wireComposer } from './view/composer.ts';
import { drawConnection } from './view/connection-sign.ts';
import { ConversationView } from './view/conversation-view.ts';
import { byId, setText } from './view/dom.ts';
import { Notice } from './view/notice.ts';
import { Sidebar } from './view/sidebar.ts';

/** What changes within so long is drawn at once. */
const DRAW_MS = 30;

/** The page of somebody who is signed in. Which conversation is open stands in the page's address. */
export class ChatPage {
  readonly #notice = new Notice();
  readonly #sidebar = new Sidebar();
  readonly #chat: Chat;
  readonly #conversation: ConversationView;
  #current: ConversationId | null = parseFragment(location.hash);
  #isDrawing = false;

  constructor(me: string) {
    this.#chat = new Chat(me, () => this.#draw());
    this.#conversation = new ConversationView(this.#chat, this.#notice);
    setText(byId('me', HTMLElement), me);
    this.#wire();
    this.#draw();
  }

  #wire(): void {
    wireComposer((text) => {
      if (this.#current) this.#notice.attempt(this.#chat.write(this.#current, text));
    });
    this.#onName('channel', async (name) => {
      await this.#chat.join(name);
      this.#open(`#${name}`);
    });
    this.#onName('person', (name) => this.#open(`@${name}`));
    this.#onClick('join', () => this.#chat.join(this.#channel));
    this.#onClick('leave', () => this.#chat.leave(this.#channel).then(() => this.#open(null)));
    this.#onClick('back', () => this.#open(null));
    this.#onClick('sign-out', () => this.#signOut());
    window.addEventListener('hashchange', () => this.#show(parseFragment(location.hash)));
    window.addEventListener('storage', () => {
      this.#chat.marks.reload();
      this.#draw();
    });
    document.addEventListener('visibilitychange', () => this.#draw());
  }

  get #channel(): string {
    return (this.#current && channelOf(this.#current)) ?? '';
  }

  #open(id: ConversationId | null): void {
    location.hash = fragmentOf(id);
  }

  #show(id: ConversationId | null): void {
    this.#current = id;
    this.#drawNow();
    if (id !== null) byId('text', HTMLElement).focus();
  }

  async #signOut(): Promise<void> {
    await api.signOut();
    await this.#chat.close();
    location.assign('/');
  }

  #onClick(id: string, act: () => unknown): void {
    byId(id, HTMLElement).addEventListener('click', () => this.#notice.attempt(Promise.resolve(act())));
  }

  /** A form with one field for a name. */
  #onName(kind: 'channel' | 'person', act: (name: string) => unknown): void {
    const form = byId(`${kind}-form`, HTMLFormElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const name = byId(`${kind}-name`, HTMLInputElement).value.trim().normalize('NFC');
      form.reset();
      if (name !== '') this.#notice.attempt(Promise.resolve(act(name)));
    });
  }

  /** Once for all that changes in a moment. Not by animation frames: a page in the background is to stay right as well. */
  #draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    setTimeout(() => {
      this.#isDrawing = false;
      this.#drawNow();
    }, DRAW_MS);
  }

  #drawNow(): void {
    const { me, state, conversations, directory } = this.#chat;
    byId('chat', HTMLElement).dataset['view'] = this.#current === null ? 'list' : 'conversation';
    this.#conversation.draw(this.#current);
    const isShown = (id: ConversationId): boolean => id === this.#current || conversations.of(id).messages.length > 0;
    const written = conversations.ids().flatMap((id) => (isShown(id) ? (personOf(id) ?? []) : []));
    const names = [...new Set([...directory.online, ...written])].filter((name) => name !== me);
    const unread = (id: ConversationId): number => this.#chat.unread(id);
    this.#sidebar.draw({
      current: this.#current,
      channels: directory.channels,
      people: names
        .map((name) => ({ name, isOnline: directory.isOnline(name) }))
        .sort((a, b) => Number(b.isOnline) - Number(a.isOnline) || a.name.localeCompare(b.name)),
      unread,
    });
    const total = conversations.ids().reduce((sum, id) => sum + unread(id), 0);
    document.title = total === 0 ? 'Flotilla chat' : `(${total}) Flotilla chat`;
    drawConnection(byId('state', HTMLElement), state);
    if (state.type === 'closed' && state.reason === 'no_address') location.assign('/');
  }
}
