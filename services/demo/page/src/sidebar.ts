import type { ListedChannel } from './api.ts';
import type { ConversationId } from './conversations.ts';
import { byId, make } from './dom.ts';

/** What the sidebar shows. */
export interface SidebarContent {
  readonly current: ConversationId | null;
  readonly channels: readonly ListedChannel[];
  /** Everybody who is online or was written with. */
  readonly people: readonly { readonly name: string; readonly online: boolean }[];
  unread(id: ConversationId): number;
}

/** Draws both lists; a chosen entry is told with its conversation. */
export function drawSidebar(content: SidebarContent, choose: (id: ConversationId) => void): void {
  const channels = content.channels.map(({ channel, members, joined }) => {
    const count = make('span', {
      className: 'count',
      text: `${members} ${members === 1 ? 'member' : 'members'}${joined ? '' : ' · join'}`,
    });
    const item = entry(content, `#${channel}`, `# ${channel}`, count, choose);
    item.dataset['channel'] = channel;
    item.dataset['members'] = String(members);
    return item;
  });
  const people = content.people.map(({ name, online }) => {
    const dot = make('span', { className: online ? 'dot online' : 'dot' });
    const item = entry(
      content,
      `@${name}`,
      name,
      make('span', { className: 'count', text: online ? 'online' : 'offline' }),
      choose,
    );
    item.firstElementChild?.prepend(dot);
    item.dataset['person'] = name;
    item.dataset['online'] = String(online);
    return item;
  });
  replace(byId('channels', HTMLUListElement), channels);
  replace(byId('people', HTMLUListElement), people);
}

function entry(
  content: SidebarContent,
  id: ConversationId,
  name: string,
  detail: Node,
  choose: (id: ConversationId) => void,
): HTMLLIElement {
  const button = make('button', {}, [make('span', { className: 'name', text: name }), detail]);
  button.type = 'button';
  button.dataset['conversation'] = id;
  if (content.current === id) button.setAttribute('aria-current', 'true');
  const unread = content.unread(id);
  if (unread > 0) {
    const badge = make('span', { className: 'unread', text: String(unread) });
    badge.setAttribute('aria-label', `${unread} unread`);
    button.append(badge);
  }
  button.addEventListener('click', () => choose(id));
  return make('li', {}, [button]);
}

/** Keeps the keyboard where it was: the lists are redrawn whole. */
function replace(list: HTMLUListElement, items: readonly Node[]): void {
  const focused = list.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).dataset['conversation']
    : undefined;
  list.replaceChildren(...items);
  if (focused !== undefined) list.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(focused)}"]`)?.focus();
}
