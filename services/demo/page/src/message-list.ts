import type { ShownMessage } from './conversations.ts';
import { make } from './dom.ts';

const STATUS: Readonly<Record<ShownMessage['state'], string>> = {
  sending: 'sending …',
  failed: 'not sent',
  sent: 'sent',
  delivered: 'delivered',
  offline: 'waits: offline',
  expired: 'expired',
};

/** Draws a conversation into the list, keeping the elements of messages that are there, and stays at the end if it was there. */
export function drawMessages(list: HTMLOListElement, messages: readonly ShownMessage[], me: string): void {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const known = new Map(
    [...list.children].map((child) => [(child as HTMLElement).dataset['key'], child as HTMLElement]),
  );
  const items = messages.map((message) => {
    const key = `${message.from}/${message.key}`;
    const item = known.get(key) ?? create(message, key, me);
    known.delete(key);
    update(item, message, me);
    return item;
  });
  for (const gone of known.values()) gone.remove();
  items.forEach((item, i) => {
    const there = list.children[i];
    if (there !== item) list.insertBefore(item, there ?? null);
  });
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}

function create({ from, text }: ShownMessage, key: string, me: string): HTMLElement {
  const meta = make('div', { className: 'meta' }, [
    make('span', { className: 'from', text: from === me ? 'You' : from }),
    make('time'),
    make('span', { className: 'status' }),
    make('span', { className: 'waited', text: 'waited for you' }),
  ]);
  const item = make('li', { className: from === me ? 'message mine' : 'message' }, [
    meta,
    make('div', { className: 'text', text }),
  ]);
  item.dataset['key'] = key;
  item.dataset['from'] = from;
  return item;
}

function update(item: HTMLElement, { id, at, state, from, waited }: ShownMessage, me: string): void {
  const sign = item.querySelector<HTMLElement>('.waited');
  if (sign) sign.hidden = !waited || from === me;
  if (id !== null) item.dataset['messageId'] = id;
  item.dataset['state'] = state;
  const time = item.querySelector('time');
  const shown = new Date(at);
  if (time) {
    time.dateTime = shown.toISOString();
    time.textContent = shown.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  }
  const status = item.querySelector('.status');
  if (status) status.textContent = from === me ? STATUS[state] : '';
}
