import { expect, it } from '@jest/globals';
import { Conversations } from './conversations.ts';

const NEWS = { isNews: true, isWaited: false };
const incoming = { id: 'id 1', from: 'Bob', channel: null, position: 'g.1', at: 1 };
const text = { kind: 'text', text: 'hi', key: 'key 1' };

it.each([
  ["somebody's private message", { ...incoming, data: { ...text, to: 'Anna' } }, '@Bob'],
  ["one's own private message", { ...incoming, from: 'Anna', data: { ...text, to: 'Bob' } }, '@Bob'],
  ['a note to oneself', { ...incoming, from: 'Anna', data: { ...text, to: 'Anna' } }, '@Anna'],
  ['a message of a channel', { ...incoming, channel: 'Bob', data: text }, '#Bob'],
  ['a name that objects have', { ...incoming, from: '__proto__', data: text }, '@__proto__'],
])('%s belongs where it belongs', (_, message, id) => {
  expect(new Conversations('Anna').accept(message, NEWS)).toBe(id);
});

it.each([
  ["the system's", { ...incoming, from: null, data: text }],
  ['another kind', { ...incoming, data: { ...text, kind: 'call' } }],
  ['no text', { ...incoming, data: { kind: 'text', key: 'key 1' } }],
  ['no object', { ...incoming, data: 'hi' }],
  ['nothing', { ...incoming, data: null }],
])('what is %s is no message of the chat', (_, message) => {
  const conversations = new Conversations('Anna');
  expect(conversations.accept(message, NEWS)).toBeNull();
  expect(conversations.ids()).toEqual([]);
});

it('a receipt finds its message', () => {
  const conversations = new Conversations('Anna');
  conversations.accept({ ...incoming, from: 'Anna', data: { ...text, to: 'Bob' } }, NEWS);
  conversations.receipt({ messageId: 'id 1', state: 'delivered' });
  expect(conversations.of('@Bob').messages).toMatchObject([{ state: 'delivered' }]);
});

it('that somebody has read belongs to the conversation of the two, and is no message', () => {
  const conversations = new Conversations('Anna');
  conversations.accept({ ...incoming, from: 'Anna', data: { ...text, to: 'Bob' } }, NEWS);
  const read = { kind: 'read', to: 'Anna', messageId: 'id 1' };
  expect(conversations.accept({ ...incoming, id: 'id 2', position: 'g.2', data: read }, NEWS)).toBe('@Bob');
  expect(conversations.of('@Bob').messages).toMatchObject([{ id: 'id 1', state: 'read' }]);
  // Said in a channel it means nothing.
  expect(conversations.accept({ ...incoming, channel: 'Harbour', data: read }, NEWS)).toBeNull();
});
