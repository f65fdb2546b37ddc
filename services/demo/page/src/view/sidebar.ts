import type { ListedChannel } from '../../../src/words.ts';
import { NOTICES, NOTICES_TITLE } from '../broadcast/notices.ts';
import { type ConversationId, fragmentOf } from '../model/conversation-id.ts';
import { avatar } from './avatar.ts';
import { arrange, byId, make, setText } from './dom.ts';

/** What the sidebar shows. */
export interface SidebarContent {
  readonly current: ConversationId | null;
  /** Before that nothing is shown. */
  readonly isKnown: boolean;
  readonly channels: readonly ListedChannel[];
  /** Everybody who is online or was written with. */
  readonly people: readonly { readonly name: string; readonly isOnline: boolean }[];
  /** Whether there are notices to everybody, or this person may write some. */
  readonly hasNotices: boolean;
  readonly isTyping: (name: string) => boolean;
  /** A file. */
  readonly isSending: (name: string) => boolean;
  readonly unread: (id: ConversationId) => number;
}

/** The lists of channels and people. Entries are links: they can be opened in a page of their own. */
export class Sidebar {
  readonly #entries = new Map<ConversationId, HTMLElement>();

  draw(content: SidebarContent): void {
    const { channels, people, hasNotices, isKnown } = content;
    byId('lists', HTMLElement).dataset['known'] = String(isKnown);
    const listed = channels.map((channel) => this.#channel(channel, content));
    arrange(byId('channels', HTMLElement), hasNotices ? [this.#notices(content), ...listed] : listed);
    arrange(
      byId('people', HTMLElement),
      people.map(({ name, isOnline }) => this.#person(name, isOnline, content)),
    );
    byId('no-people', HTMLElement).hidden = people.length > 0;
  }

  /** To the entry of a conversation, where there is one. */
  focus(id: ConversationId): void {
    this.#entries.get(id)?.querySelector('a')?.focus();
  }

  #notices(content: SidebarContent): HTMLElement {
    const item = this.#entry(NOTICES, make('span', { className: 'hash', text: '!' }), content);
    setText(item.querySelector('.name'), NOTICES_TITLE);
    item.dataset['testid'] = 'notices';
    return item;
  }

  #channel({ channel, members, isJoined }: ListedChannel, content: SidebarContent): HTMLElement {
    const item = this.#entry(`#${channel}`, make('span', { className: 'hash', text: '#' }), content);
    setText(item.querySelector('.detail'), `${members} ${members === 1 ? 'member' : 'members'}`);
    const data = { testid: 'channel', channel, members: String(members), joined: String(isJoined) };
    Object.assign(item.dataset, data);
    return item;
  }

  #person(name: string, isOnline: boolean, content: SidebarContent): HTMLElement {
    const item = this.#entry(`@${name}`, avatar(name), content);
    const presence = content.isSending(name) ? 'sends a file …' : isOnline ? 'online' : 'offline';
    setText(item.querySelector('.detail'), content.isTyping(name) ? 'typing …' : presence);
    Object.assign(item.dataset, { testid: 'person', person: name, online: String(isOnline) });
    return item;
  }

  #entry(id: ConversationId, sign: HTMLElement, { current, unread }: SidebarContent): HTMLElement {
    const item = this.#entries.get(id) ?? createEntry(id, sign);
    this.#entries.set(id, item);
    const count = unread(id);
    const badge = item.querySelector<HTMLElement>('.unread');
    badge?.toggleAttribute('hidden', count === 0);
    setText(badge, count > 99 ? '99+' : String(count));
    badge?.setAttribute('aria-label', `${count} unread`);
    item.dataset['unread'] = String(count);
    const link = item.querySelector('a');
    if (id === current) link?.setAttribute('aria-current', 'page');
    else link?.removeAttribute('aria-current');
    return item;
  }
}

function createEntry(id: ConversationId, sign: HTMLElement): HTMLElement {
  const badge = make('span', {
    className: 'unread',
    data: { testid: 'unread' },
    attributes: { role: 'img', hidden: '' },
  });
  const link = make('a', {
    attributes: { href: fragmentOf(id) },
    children: [
      sign,
      make('span', { className: 'name', text: id.slice(1), attributes: { dir: 'auto' } }),
      make('span', { className: 'detail' }),
      badge,
    ],
  });
  return make('li', { children: [link] });
}
