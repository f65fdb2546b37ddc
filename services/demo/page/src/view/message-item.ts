import { fileLink } from '../files/file-link.ts';
import type { MessageState, ShownMessage } from '../model/message.ts';
import { avatar } from './avatar.ts';
import { make, setText } from './dom.ts';
import { clockOf } from './time.ts';

const STATUS: Readonly<Record<MessageState, string>> = {
  sending: 'Sending …',
  failed: 'Not sent',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  offline: 'Waits for them',
  expired: 'Expired unread',
};

/** Makes the element of a message. Tests and style find everything they need in its `data-` attributes. */
export function createItem({ key, from, text, file }: ShownMessage, me: string, retry: () => void): HTMLElement {
  const isMine = from === me;
  const again = make('button', { className: 'again', text: 'Try again', attributes: { type: 'button', hidden: '' } });
  again.addEventListener('click', retry);
  const foot = make('div', {
    className: 'foot',
    children: [
      make('span', { className: 'waited', text: 'waited for you', attributes: { hidden: '' } }),
      make('time'),
      make('span', { className: 'status' }),
      again,
    ],
  });
  const bubble = make('div', {
    className: 'bubble',
    children: [
      make('span', { className: 'from', text: isMine ? 'You' : from }),
      file ? fileLink(file) : make('div', { className: 'text', text, attributes: { dir: 'auto' } }),
      foot,
    ],
  });
  return make('li', {
    className: isMine ? 'message mine' : 'message',
    data: { testid: 'message', key, from },
    children: isMine ? [bubble] : [avatar(from), bubble],
  });
}

/** Brings the element up to date; @param isFirst - of several by the same person: it shows who speaks */
export function updateItem(item: HTMLElement, message: ShownMessage, me: string, isFirst: boolean): void {
  const { id, at, state, isWaited, arrivals, from } = message;
  const shown = `${id ?? ''} ${at} ${state} ${isWaited} ${arrivals} ${isFirst}`;
  if (item.dataset['shown'] === shown) return;
  item.dataset['shown'] = shown;
  item.classList.toggle('first', isFirst);
  Object.assign(item.dataset, { state, arrivals: String(arrivals), waited: String(isWaited) });
  if (id !== null) item.dataset['messageId'] = id;
  const time = item.querySelector('time');
  if (time) time.dateTime = new Date(at).toISOString();
  setText(time, clockOf(at));
  setText(item.querySelector('.status'), from === me ? STATUS[state] : '');
  toggle(item.querySelector('.again'), state === 'failed');
  toggle(item.querySelector('.waited'), isWaited && from !== me);
}

function toggle(element: Element | null, isShown: boolean): void {
  element?.toggleAttribute('hidden', !isShown);
}
