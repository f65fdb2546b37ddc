import { api } from './api.ts';
import { BroadcastBanner } from './broadcast/broadcast-banner.ts';
import { NOTICES } from './broadcast/notices.ts';
import { type InCall, LateCalls } from './calls/late-calls.ts';
import { Chat } from './chat.ts';
import { MembersDialog } from './members/members-dialog.ts';
import { wireFiles } from './files/wire-files.ts';
import { FleetPanel } from './fleet/fleet-panel.ts';
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
  readonly #banner = new BroadcastBanner();
  readonly #members: MembersDialog;
  readonly #mayBroadcast: boolean;
  #current: ConversationId | null = parseFragment(location.hash);
  #isDrawing = false;
  #callTitle: string | null = null;
  #inCall: InCall = null;
  readonly #calls = new LateCalls({
    changed: (inCall, title) => {
      this.#inCall = inCall;
      this.#callTitle = title;
      this.#draw();
    },
  });

  /** @param mayBroadcast - whether this person writes to everybody: the service's decision */
  constructor(me: string, mayBroadcast: boolean) {
    this.#mayBroadcast = mayBroadcast;
    this.#chat = new Chat(me, {
      changed: () => this.#draw(),
      call: (data) => this.#calls.heard(data),
      callSign: (call) => this.#calls.sign(call),
      callOver: (call) => this.#calls.over(call),
      putOut: (channel, by) => this.#notice.show(`${by} put you out of # ${channel}.`),
      notice: (from, text) => this.#current !== NOTICES && this.#banner.show(from, text),
    });
    this.#conversation = new ConversationView(this.#chat, this.#notice, mayBroadcast);
    this.#members = new MembersDialog({
      me,
      load: api.members,
      putOut: api.putOut,
      isOnline: (name) => this.#chat.directory.isOnline(name),
    });
    setText(byId('me', HTMLElement), me);
    this.#wire();
    this.#drawNow();
  }

  #wire(): void {
    new FleetPanel(this.#notice);
    wireComposer(
      (text) => {
        if (this.#current) this.#notice.attempt(this.#chat.write(this.#current, text));
      },
      () => this.#current && this.#chat.typed(this.#current),
    );
    wireFiles({
      notice: this.#notice,
      receiver: () => this.#current && personOf(this.#current),
      sent: (file) => this.#chat.fileSent(file),
    });
    for (const kind of ['video', 'audio']) {
      this.#onClick(`dial-${kind}`, () => {
        const person = this.#current && personOf(this.#current);
        return person === null || this.#inCall !== null ? undefined : this.#calls.dial(person, kind === 'video');
      });
    }
    this.#nameSubmit();
    this.#onName('channel', async (name) => {
      await this.#chat.createOrJoin(name);
      this.#open(`#${name}`);
    });
    this.#onName('person', (name) => this.#open(`@${name}`));
    this.#onClick('join', () => this.#chat.join(this.#channel));
    this.#onClick('leave', () => this.#chat.leave(this.#channel).then(() => this.#open(null)));
    this.#onClick('show-members', () => {
      const listed = this.#chat.directory.channel(this.#channel);
      this.#members.open(this.#channel, listed?.isMine === true);
    });
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
    const before = this.#current;
    this.#current = id;
    this.#members.close();
    if (id === NOTICES) this.#banner.hide();
    this.#drawNow();
    if (id !== null) this.#conversation.focus();
    else if (before !== null) this.#sidebar.focus(before);
  }

  /** What the button beside the channel's name will do. */
  #nameSubmit(): void {
    const field = byId('channel-name', HTMLInputElement);
    const draw = (): void => {
      const listed = this.#chat.directory.channel(field.value.trim().normalize('NFC'));
      setText(byId('channel-submit', HTMLElement), listed === undefined ? 'Create' : listed.isJoined ? 'Open' : 'Join');
    };
    field.addEventListener('input', draw);
    byId('channel-form', HTMLFormElement).addEventListener('reset', () => setTimeout(draw));
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
    this.#conversation.draw(this.#current, this.#inCall);
    const isShown = (id: ConversationId): boolean => id === this.#current || conversations.of(id).messages.length > 0;
    const written = conversations.ids().flatMap((id) => (isShown(id) ? (personOf(id) ?? []) : []));
    const names = [...new Set([...directory.online, ...written])].filter((name) => name !== me);
    const unread = (id: ConversationId): number => this.#chat.unread(id);
    this.#sidebar.draw({
      current: this.#current,
      isKnown: directory.isKnown,
      channels: directory.channels,
      people: names
        .map((name) => ({ name, isOnline: directory.isOnline(name) }))
        .sort((a, b) => Number(b.isOnline) - Number(a.isOnline) || a.name.localeCompare(b.name)),
      unread,
      hasNotices: this.#mayBroadcast || isShown(NOTICES),
      isTyping: (name) => this.#chat.typing(`@${name}`).length > 0,
      isSending: (name) => this.#chat.coming(`@${name}`).length > 0,
    });
    const total = conversations.ids().reduce((sum, id) => sum + unread(id), 0);
    setText(byId('unread-news', HTMLElement), total === 0 ? '' : `${total} unread`);
    document.title = this.#callTitle ?? (total === 0 ? 'Flotilla chat' : `(${total}) Flotilla chat`);
    drawConnection(byId('state', HTMLElement), state);
    // A phone shows the list, where the other one is, or a conversation.
    drawConnection(byId('state-here', HTMLElement), state);
    if (state.type === 'closed' && state.reason === 'no_address') location.assign('/');
  }
}
